"""What a first visit offers: prompts that the model understands and the language accepts."""

import pytest

from generation.contracts import Vocabulary
from generation.jobs import first_prompts as first
from generation.jobs.choosing import Models, models_for
from generation.prompts import familiar
from generation.prompts.parser import parse
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
