"""The help page tells what the product reads."""

from django.urls import reverse

from generation.prompts.parameters import PARAMETERS
from generation.prompts.parser import parse
from generation.views.help import STARTER_WORDS


def test_it_names_every_parameter_with_its_aliases(client, db):
    text = client.get(reverse("help")).text
    for parameter in PARAMETERS:
        assert f"<h3>--{parameter.name}</h3>" in text
        assert all(f"--{alias}" in text for alias in parameter.aliases)


def test_it_shows_what_the_starter_model_knows(client, db):
    text = client.get(reverse("help")).text
    assert all(words in text for _, words in STARTER_WORDS)
    assert parse("a red lighthouse by the sea at sunset, watercolor").text in text
