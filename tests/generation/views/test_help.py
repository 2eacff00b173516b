"""The help page tells what the product reads."""

import re
from dataclasses import replace
from html import unescape
from http import HTTPStatus

from django.urls import reverse
from django.utils.html import escape

from generation.prompts.examples import ROWS, after, before
from generation.prompts.parameters import GROUPS, PARAMETERS, REFUSED
from generation.prompts.parser import parse
from generation.prompts.styles import PRESETS
from generation.views.help import meanings


def test_it_names_every_parameter_with_its_aliases(client, db):
    text = client.get(reverse("help")).text
    for parameter in PARAMETERS:
        assert f"<h4>--{parameter.name}</h4>" in text
        assert all(f"--{alias}" in text for alias in parameter.aliases)


def test_it_shows_what_the_model_knows(client, checkpoint):
    text = client.get(reverse("help")).text
    topics = checkpoint.card.vocabulary.topics
    assert len(topics) >= 6
    lines = [(topic, ", ".join(words)) for topic, words in topics]
    assert all(f'<dt>{topic}</dt><dd lang="en">{words}</dd>' in text for topic, words in lines)
    assert parse("a red lighthouse by the sea at sunset, watercolor").text in text


def test_a_model_that_knows_any_word_has_no_list(client, checkpoint):
    checkpoint.card = replace(checkpoint.card, vocabulary=None)
    checkpoint.save()
    assert "What the model knows" not in client.get(reverse("help")).text


def test_it_can_be_read_before_the_first_model(client, db):
    assert client.get(reverse("help")).status_code == HTTPStatus.OK


def test_it_says_why_something_changes_nothing_or_cannot_be_had(client, db):
    text = unescape(client.get(reverse("help")).text)
    reasons = [row.shown_reason for row in (*PARAMETERS, *REFUSED) if row.reason]
    assert len(reasons) > len(REFUSED)
    assert [reason for reason in reasons if reason not in text] == []
    assert all(f"--{row.name}" in text for row in REFUSED)


def test_parameters_stand_in_their_groups_once(client, db):
    text = client.get(reverse("help")).text
    assert [title for title in GROUPS.values() if text.count(f">{title}</h3>") != 1] == []


def test_it_tells_the_numbers_that_a_prompt_becomes(client, db):
    numbers = meanings()
    assert set(numbers) <= {f"--{parameter.name}" for parameter in PARAMETERS}
    assert len(numbers) > 20
    assert numbers["--cw"] == numbers["--oref"]
    labels = [number.partition(":")[0] for number in numbers["--sref"]]
    assert labels == ["--sref picture, --sw", "--sref code or random"]
    text = unescape(client.get(reverse("help")).text)
    assert all(f"In numbers: {number}." in text for found in numbers.values() for number in found)


def test_every_style_can_be_used_from_here(client, alice, checkpoint):
    text = client.get(reverse("help")).text
    assert all(f"<p>{escape(preset.sentence)}</p>" in text for preset in PRESETS.values())
    links = [unescape(link) for link in re.findall(r'href="([^"]+)" aria-label="Use ', text)]
    assert len(links) == len(PRESETS)
    client.force_login(alice)
    for link, name in [*zip(links, PRESETS, strict=True)][::15]:
        page = client.get(link)
        assert f"a lighthouse by the sea --style {name}</textarea>" in page.text
        assert page.context["bar"].notes == ()


def test_parameters_are_shown_with_pictures_of_several_values(client, db):
    text = client.get(reverse("help")).text
    for row in ROWS:
        for name in row.shows:
            entry = text.partition(f'id="{name}">')[2].partition("</article>")[0]
            for example in row.examples:
                assert f'examples/{example.file}"' in entry
                assert f'alt="{escape(example.prompt)}"' in entry
                assert f"<figcaption>{escape(example.caption)}</figcaption>" in entry
    assert "<figure" not in text.partition('id="public">')[2].partition("</article>")[0]


def test_every_style_is_shown_before_and_after_with_its_words(client, db):
    text = client.get(reverse("help")).text
    for preset in PRESETS.values():
        card = text.partition(f'id="style-{preset.name}">')[2].partition("</li>")[0]
        files = re.findall(r'examples/([^"]+)"', card)
        assert files == [before(preset).file, after(preset).file]
        words = unescape(re.sub(r"</?span[^>]*>", "", card))
        assert f"{preset.before} …, {preset.after}; without {', '.join(preset.negative)}" in words
    assert all(re.search(r'width="\d+" height="\d+"', img) for img in re.findall(r"<img [^>]*>", text))
