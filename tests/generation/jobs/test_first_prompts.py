"""What a first visit offers: prompts that the model understands and the language accepts."""

import pytest
from django.contrib.staticfiles import finders

from generation.contracts import Vocabulary
from generation.jobs import first_prompts as first
from generation.jobs.choosing import Models, models_for
from generation.jobs.weights import weight_files
from generation.prompts import familiar
from generation.prompts.parser import parse
from generation.starter import WEIGHTS_DIR
from generation.views.saying import saying

pytestmark = pytest.mark.django_db


def knowing(checkpoint, vocabulary: Vocabulary | None) -> Models:
    card = checkpoint.card
    checkpoint.card_values = {**card.to_json(), "vocabulary": None}
    if vocabulary is not None:
        topics = [[topic, list(words)] for topic, words in vocabulary.topics]
        checkpoint.card_values["vocabulary"] = {"topics": topics, "words": sorted(vocabulary.words)}
    return Models((checkpoint,), checkpoint)


def test_there_are_six_and_the_starter_has_to_guess_no_word_of_them(alice, checkpoint):
    prompts = first.first_prompts(models_for(alice))
    assert len(set(prompts)) == first.COUNT
    for prompt in prompts:
        spec = parse(prompt)
        assert familiar.hint(prompt, spec, checkpoint.card.vocabulary) is None
        assert saying(alice, prompt).unread == ()


def test_a_model_that_knows_any_word_gets_the_written_ones(checkpoint):
    assert first.first_prompts(knowing(checkpoint, None)) == first.WRITTEN[: first.COUNT]


def test_a_model_that_knows_other_words_gets_prompts_of_its_own(checkpoint):
    topics = (("Things", tuple("abcdefgh")), ("Looks", ("ink", "oil")))
    prompts = first.first_prompts(knowing(checkpoint, Vocabulary(topics, frozenset("abcdefgh") | {"ink", "oil"})))
    assert len(prompts) == first.COUNT
    assert prompts[0] == "a, oil"
    assert set(prompts).isdisjoint(first.WRITTEN)


def test_words_that_no_topic_tells_of_are_known_all_the_same(checkpoint):
    words = frozenset({"owl", "forest", "night", "stained", "glass"})
    prompts = first.first_prompts(knowing(checkpoint, Vocabulary((("Things", ("owl",)),), words)))
    assert prompts == ("an owl in the forest at night, stained glass", "owl")


def test_a_model_that_says_nothing_of_itself_gets_none(checkpoint):
    assert first.first_prompts(knowing(checkpoint, Vocabulary((), frozenset()))) == ()


def test_before_the_first_model_there_are_none(alice):
    assert first.first_prompts(models_for(alice)) == ()


def test_the_starter_shows_what_comes_of_its_prompts(alice, checkpoint):
    checkpoint.weights = weight_files(WEIGHTS_DIR)
    shown = first.with_pictures(Models((checkpoint,), checkpoint))
    assert [prompt for prompt, _ in shown] == list(first.first_prompts(models_for(alice)))
    assert [finders.find(picture.path) is not None for _, picture in shown] == [True] * first.COUNT
    assert {picture.path for _, picture in shown} < {f"examples/first-{number}.webp" for number in range(1, 9)}


def test_another_model_shows_no_pictures_that_it_did_not_paint(checkpoint):
    checkpoint.weights = [{"path": "unet/other.safetensors", "size_bytes": 1, "sha256": "0" * 64}]
    assert {picture for _, picture in first.with_pictures(Models((checkpoint,), checkpoint))} == {None}
    assert first.with_pictures(Models((), None)) == []
