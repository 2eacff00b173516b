"""The help page tells what the product reads."""

from dataclasses import replace
from http import HTTPStatus

from django.urls import reverse

from generation.prompts.parameters import PARAMETERS
from generation.prompts.parser import parse


def test_it_names_every_parameter_with_its_aliases(client, db):
    text = client.get(reverse("help")).text
    for parameter in PARAMETERS:
        assert f"<h3>--{parameter.name}</h3>" in text
        assert all(f"--{alias}" in text for alias in parameter.aliases)


def test_it_shows_what_the_model_knows(client, checkpoint):
    text = client.get(reverse("help")).text
    topics = checkpoint.card.vocabulary.topics
    assert len(topics) >= 6
    assert all(f"<dt>{topic}</dt><dd>{', '.join(words)}</dd>" in text for topic, words in topics)
    assert parse("a red lighthouse by the sea at sunset, watercolor").text in text


def test_a_model_that_knows_any_word_has_no_list(client, checkpoint):
    checkpoint.card = replace(checkpoint.card, vocabulary=None)
    checkpoint.save()
    assert "What the model knows" not in client.get(reverse("help")).text


def test_it_can_be_read_before_the_first_model(client, db):
    assert client.get(reverse("help")).status_code == HTTPStatus.OK
