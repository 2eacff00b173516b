"""Questions from those who ask to the worker's CLIP and back, through the real Redis; only the message is short-cut."""

from __future__ import annotations

import re
import threading
import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from generation.contracts import Vocabulary
from generation.engine.phrases import GENERAL
from generation.errors import NotAnsweredError, NoWorkerError, PictureGoneError, StillAskingError, TooManyWordsError
from generation.jobs import questions
from generation.jobs.questions import Question, ask
from generation.jobs.telling import aspect_of, describe_file, describe_image, shorten_prompt
from generation.models import Worker
from generation.prompts.parser import parse
from generation.starter import WEIGHTS_DIR
from generation.workers.answering import Answerer
from tests.factories import finished_job
from tests.generation.engine.test_images import noise
from tests.generation.engine.tiny_clip import write_tiny_clip
from tests.generation.workers.judges import the_judge

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty():
    """No answer of an earlier test."""
    kept = questions._redis()
    for key in kept.scan_iter("questions:*"):
        kept.delete(key)


@pytest.fixture
def answerer():
    return Answerer(the_judge().clip, WEIGHTS_DIR / "clip")


@pytest.fixture
def asked(monkeypatch, answerer, checkpoint) -> list[str]:
    """The ids of questions that went to a worker, which answers at once."""
    ids: list[str] = []

    def send(_name, arguments, **options):
        ids.append(arguments[0])
        answerer.answer(arguments[0])

    monkeypatch.setattr("generation.jobs.questions.current_app.send_task", send)
    return ids


@pytest.fixture
def unheard(monkeypatch, checkpoint):
    """Nobody answers, and nobody waits long for it."""
    monkeypatch.setattr("generation.jobs.questions.current_app.send_task", lambda *_, **__: None)
    monkeypatch.setattr("generation.jobs.questions.WAIT_S", 1)


# --- shortening


def test_shorter_prompts_keep_weights_and_parameters(alice, asked):
    words = "a red house by the sea at night and a tree"
    told = shorten_prompt(alice, f"{words}::2 heavy rain:: --ar 3:2 --seed 7")
    assert " ".join(word.text for word in told.words) == f"{words} heavy rain"
    assert {word.part for word in told.words} == {0, 1}
    assert max(word.share for word in told.words) == 1
    assert len(told.prompts) == 5
    lengths = []
    for prompt in told.prompts:
        spec = parse(prompt)
        assert [part.weight for part in spec.parts] == [2, 1]
        assert (str(spec.aspect), spec.seed) == ("3:2", 7)
        lengths.append(sum(len(part.text.split()) for part in spec.parts))
    assert lengths == sorted(set(lengths), reverse=True)
    assert lengths[0] < len(told.words)


def test_half_a_quotation_is_no_prompt(alice, asked):
    told = shorten_prompt(alice, 'a house, "with --ar 9:1 painted on the wall", at night')
    assert all(str(parse(prompt).aspect) == "1:1" for prompt in told.prompts)


def test_a_prompt_of_one_word_has_no_shorter_one(alice, asked):
    assert shorten_prompt(alice, "boat").prompts == ()


def test_a_worker_refuses_in_its_own_words(alice, asked):
    with pytest.raises(TooManyWordsError, match="130 words"):
        shorten_prompt(alice, "a " * 130)


# --- describing


def test_a_picture_is_described_with_its_shape_in_words_of_the_model(alice, asked):
    image = finished_job(alice, "a boat --ar 3:2").images.get(index=1)
    told = describe_image(alice, image.pk)
    assert len(set(told.prompts)) == 4
    words, shape = the_words(), image.width_px / image.height_px
    assert shape > 1.4
    for prompt in told.prompts:
        spec = parse(prompt)
        assert float(spec.aspect.ratio) == pytest.approx(shape, rel=0.04)
        assert set(re.findall(r"[a-z]+", spec.parts[0].text)) & words
    assert {one["topic"] for one in told.shown} <= {
        "subject",
        "color",
        "place",
        "time",
        "weather",
        "style",
        "composition",
    }


def the_words() -> frozenset[str]:
    from generation.jobs.cards import vocabulary_of

    vocabulary = vocabulary_of(WEIGHTS_DIR)
    assert vocabulary is not None
    return vocabulary.words


def test_any_stored_file_can_be_described(alice, asked):
    from generation.engine.images import encode_png

    name = default_storage.save("aa/any.png", ContentFile(encode_png(noise(90, 40), parameters="")))
    assert all(prompt.endswith("--ar 9:4") for prompt in describe_file(alice, name, 90, 40).prompts)


def test_a_file_that_is_gone_or_broken_is_said(alice, asked):
    with pytest.raises(PictureGoneError):
        describe_file(alice, "aa/none.png", 1, 1)
    default_storage.save("aa/broken.png", ContentFile(b"no picture"))
    with pytest.raises(PictureGoneError):
        describe_file(alice, "aa/broken.png", 1, 1)


@pytest.mark.parametrize(
    ("size", "aspect"),
    [
        ((256, 256), "1"),
        ((320, 208), "3/2"),
        ((208, 320), "2/3"),
        ((1024, 576), "16/9"),
        ((576, 1024), "9/16"),
        ((900, 100), "3"),
        ((100, 900), "1/3"),
        ((90, 40), "9/4"),
    ],
)
def test_shapes_are_said_as_people_write_them(size, aspect):
    assert str(aspect_of(*size)) == aspect


# --- the bank


def test_a_clip_with_a_world_speaks_of_that_alone(answerer, checkpoint):
    assert answerer._bank("no such model") == answerer._bank(checkpoint.name) != GENERAL


def test_another_clip_speaks_of_anything_or_of_what_the_model_knows(tmp_path, checkpoint):
    folder = write_tiny_clip(tmp_path)
    other = Answerer(the_judge().clip, folder)
    assert other._bank("no such model") == GENERAL
    known = {phrase.tag for topic in other._bank(checkpoint.name) for phrase in topic.phrases}
    card = checkpoint.card
    assert isinstance(card.vocabulary, Vocabulary)
    assert known <= {word for _, words in card.vocabulary.topics for word in words}
    (tmp_path / "world.json").write_text('{"knows": {"Things": ["moor"]}, "words": ["moor"]}')
    own = Answerer(the_judge().clip, Path(folder))
    assert [phrase.tag for topic in own._bank(checkpoint.name) for phrase in topic.phrases] == ["moor"]


# --- asking


def test_the_same_question_is_answered_from_memory_until_the_clip_changes(alice, bob, asked):
    first = shorten_prompt(alice, "a red house by the sea")
    assert shorten_prompt(bob, "a red house by the sea --seed 4").words == first.words
    assert len(asked) == 1
    shorten_prompt(alice, "a red house by the lake")
    assert len(asked) == 2
    questions.introduce_clip("clip-of-other-weights")
    shorten_prompt(alice, "a red house by the sea")
    assert len(asked) == 3


def test_what_is_known_needs_no_worker(alice, asked):
    shorten_prompt(alice, "a red house by the sea")
    Worker.objects.all().delete()
    assert shorten_prompt(alice, "a red house by the sea").prompts
    with pytest.raises(NoWorkerError):
        shorten_prompt(alice, "a red house by the lake")


def test_nobody_waits_longer_than_they_must(alice, unheard):
    started = time.monotonic()
    with pytest.raises(NotAnsweredError, match="busy"):
        shorten_prompt(alice, "a red house by the sea")
    assert 0.9 < time.monotonic() - started < 5
    with pytest.raises(NotAnsweredError):  # and the turn is free again
        shorten_prompt(alice, "a red house by the sea")


def test_one_question_per_person_at_a_time(alice, bob, asked):
    with questions._turn_of(alice):
        with pytest.raises(StillAskingError):
            shorten_prompt(alice, "a red house by the sea")
        assert shorten_prompt(bob, "a red house by the sea").prompts
    assert shorten_prompt(alice, "a red house by the lake").prompts


def test_a_question_that_nobody_waits_for_is_not_worked_on(answerer, monkeypatch):
    monkeypatch.setattr(answerer, "_answered", lambda _question: pytest.fail("worked"))
    answerer.answer("0" * 32)


def test_a_failure_is_told_at_once_and_the_worker_lives_on(alice, asked, answerer, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(answerer, "_answered", lambda _question: 1 / 0)
        with pytest.raises(NotAnsweredError, match="logged"):
            shorten_prompt(alice, "a red house by the sea")
    assert shorten_prompt(alice, "a red house by the sea").prompts


def test_whoever_waits_is_woken_by_the_answer(alice, answerer, checkpoint, monkeypatch):
    """The worker is another thread, as it is another process."""
    question = Question(kind="shorten", parts=("a red house",))

    def send(_name, arguments, **options):
        threading.Timer(0.3, answerer.answer, arguments).start()

    monkeypatch.setattr("generation.jobs.questions.current_app.send_task", send)
    started = time.monotonic()
    assert ask(question, alice)["words"]
    assert 0.3 <= time.monotonic() - started < 5


def test_redis_away_is_a_sentence(alice, checkpoint, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1"
    questions._redis.cache_clear()
    try:
        with pytest.raises(NotAnsweredError, match="at the moment"):
            shorten_prompt(alice, "a red house by the sea")
    finally:
        questions._redis.cache_clear()
