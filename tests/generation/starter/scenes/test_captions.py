"""Captions say what they tell and keep silent about the rest, in every word of the vocabulary."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest

from generation.starter.scenes import SPLITS, Scene, caption, scene_at, word, words
from generation.starter.scenes.words import plural, with_article
from generation.starter.scenes.world import ATTRIBUTES, GROUNDS

SCENES = [scene_at(SPLITS["train"], row) for row in range(5000)]
WORDINGS = [word(scene, np.random.default_rng(row)) for row, scene in enumerate(SCENES)]
EXAMPLE = Scene(
    1,
    "cat",
    "red",
    relation="left of",
    subject2="dog",
    color2="blue",
    place="forest",
    time="night",
    weather="rain",
    style="oil",
)


def _all_phrases() -> dict[str, dict]:
    """For every attribute and value, everything that means it."""
    colors = {value: set(found) for value, found in words.COLOR.items()}
    subjects = {value: {*found, *map(plural, found)} for value, found in words.SUBJECT.items()}
    return {
        "subject": subjects,
        "subject2": subjects,
        "color": colors,
        "color2": colors,
        "ground": {value: colors[value] for value in GROUNDS},
        "place": {value: {*found.around, *found.alone} for value, found in words.PLACE.items()},
        "time": {value: {*found.within, *found.tags} for value, found in words.TIME.items()},
        "weather": {value: {*found.within, *found.tags} for value, found in words.WEATHER.items()},
        "style": {
            value: {*found.tags, *(work.split(" ", 1)[1] for work in found.works)}
            for value, found in words.STYLE.items()
        },
        "kind": {value: {*found, *words.KIND_TAGS[value]} for value, found in words.KIND.items()},
        "size": {value: {*found, *words.SHOT[value]} for value, found in words.SIZE.items()},
        "position": {value: set(found) for value, found in words.POSITION.items()},
        "count": {value: set(found) for value, found in words.COUNT.items()},
        "relation": {value: set(found) for value, found in words.RELATION.items()},
    }


PHRASES = _all_phrases()


def pattern(found: set[str]) -> re.Pattern[str]:
    """Finds any of the phrases as whole words."""
    longest_first = sorted(found, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])")


def test_every_attribute_has_phrases_for_every_value():
    for attribute in ATTRIBUTES:
        worded = set(PHRASES[attribute.name])
        silent = {"kind": {"scene"}, "count": {0, 1}}.get(attribute.name, set())
        assert worded == set(attribute.values) - {None} - silent, attribute.name


def test_a_caption_says_everything_it_tells():
    patterns = {(name, value): pattern(found) for name, of in PHRASES.items() for value, found in of.items() if found}
    for scene, wording in zip(SCENES, WORDINGS, strict=True):
        for attribute in wording.told:
            told = patterns[attribute, getattr(scene, attribute)]
            assert told.search(wording.text), (attribute, wording.text)


# Phrases in which the words of another attribute mean nothing of the kind.
INNOCENT = {
    "position": words.RELATION["left of"] + words.RELATION["right of"],
    "weather": words.PLACE["clouds"].around + words.PLACE["clouds"].alone,
}


@pytest.mark.parametrize("attribute", ["style", "time", "position", "count", "place", "weather"])
def test_a_caption_is_silent_about_what_it_drops(attribute):
    telling = pattern(set().union(*PHRASES[attribute].values()) - {"rainbow", "pastel"})
    innocent = pattern(set(INNOCENT.get(attribute, ("-",))))
    dropped = [wording for wording in WORDINGS if attribute not in wording.told]
    assert len(dropped) > 100
    for wording in dropped:
        assert not telling.search(innocent.sub("", wording.text)), (attribute, wording.text)


def test_a_full_caption_tells_all_a_person_would_say():
    for seed in range(40):
        told = word(EXAMPLE, np.random.default_rng(seed), full=True).told
        assert told >= {"subject", "color", "relation", "subject2", "color2", "place", "time", "weather", "style"}


def test_a_relation_is_said_in_its_order():
    for seed in range(40):
        text = caption(EXAMPLE, np.random.default_rng(seed), full=True)
        first = min(text.find(noun) for noun in PHRASES["subject"]["cat"] if noun in text)
        between = next(text.find(phrase) for phrase in words.RELATION["left of"] if phrase in text)
        second = min(text.find(noun) for noun in PHRASES["subject"]["dog"] if noun in text)
        assert first < between < second


def test_every_word_of_the_vocabulary_is_reached():
    text = "\n".join(wording.text for wording in WORDINGS)
    for round_ in (1, 2):
        text += "\n".join(caption(scene, np.random.default_rng([row, round_])) for row, scene in enumerate(SCENES))
    for attribute, values in PHRASES.items():
        for value, found in values.items():
            wanted = set(words.SUBJECT[value]) if attribute in ("subject", "subject2") else found
            assert not {phrase for phrase in wanted if phrase not in text}, (attribute, value)


def test_the_default_style_is_often_left_unsaid_and_others_seldom():
    told = Counter(
        (scene.style == "vector", "style" in wording.told) for scene, wording in zip(SCENES, WORDINGS, strict=True)
    )
    assert 0.4 < told[True, True] / (told[True, True] + told[True, False]) < 0.6
    assert told[False, True] / (told[False, True] + told[False, False]) > 0.9


@pytest.mark.parametrize("attribute", sorted(PHRASES))
def test_no_phrase_means_two_values(attribute):
    counted = Counter(phrase for found in PHRASES[attribute].values() for phrase in found)
    assert not [phrase for phrase, count in counted.items() if count > 1]


def test_captions_vary_and_stay_short():
    texts = {caption(EXAMPLE, np.random.default_rng(seed)) for seed in range(200)}
    assert len(texts) > 180
    assert max(len(wording.text.split()) for wording in WORDINGS) < 36
    assert caption(EXAMPLE, np.random.default_rng(5)) == caption(EXAMPLE, np.random.default_rng(5))


def test_captions_are_clean_text():
    for wording in WORDINGS:
        assert wording.text == wording.text.strip()
        assert not re.search(r"  |,,| ,|\ba a\b|\ban an\b|\{|\}|None", wording.text), wording.text


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("fox", "foxes"),
        ("butterfly", "butterflies"),
        ("palm tree", "palm trees"),
        ("fish", "fish"),
        ("cup of coffee", "cups of coffee"),
        ("bus", "buses"),
        ("donkey", "donkeys"),
        ("snow man", "snow men"),
    ],
)
def test_plurals(one, many):
    assert plural(one) == many


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("owl", "an owl"),
        ("ufo", "a ufo"),
        ("umbrella", "an umbrella"),
        ("unicorn", "a unicorn"),
        ("red cat", "a red cat"),
    ],
)
def test_articles(phrase, expected):
    assert with_article(phrase) == expected
