"""Pictures in words: of the starter by its own words, of random networks by all."""

from __future__ import annotations

import time

import pytest
import torch

from generation.contracts import Raster, Stage, Vocabulary
from generation.engine.describing import Describer
from generation.engine.embeddings import load_clip
from generation.engine.phrases import GENERAL, articled, world_bank
from generation.engine.wording import in_sentence, with_commas
from generation.jobs.cards import card
from generation.prompts.parser import parse
from generation.starter import WEIGHTS_DIR
from tests.generation.engine.fakes import painted, plan
from tests.generation.engine.test_images import noise
from tests.generation.engine.tiny_clip import write_tiny_clip

SMALL = Stage(width_px=128, height_px=128, steps=16)
PROMPTS = (("orange", "balloon", "an orange balloon above the sea"), ("red", "house", "a red house in the mountains"))
SEEDS = (1, 2, 3)


@pytest.fixture(scope="module")
def describer():
    return Describer(load_clip(WEIGHTS_DIR / "clip"))


@pytest.fixture(scope="module")
def world():
    vocabulary = card(WEIGHTS_DIR).vocabulary
    assert vocabulary is not None
    return world_bank(vocabulary)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return load_clip(write_tiny_clip(tmp_path_factory.mktemp("clips")))


def phrases(bank):
    return {(topic.slot, phrase.tag): phrase for topic in bank for phrase in topic.phrases}


def picks(**tags):
    known = phrases(GENERAL)
    return {slot: known[slot, tag.replace("_", " ")] for slot, tag in tags.items()}


# --- meaning


def test_the_starters_pictures_are_described_by_their_subjects_and_colors(starter, describer, world):
    """Measured with two starters: the color in six of six, the subject in three and six; by chance one in sixteen."""
    subjects, colors, first = 0, 0, []
    for color, subject, prompt in PROMPTS:
        for picture in painted(starter, plan(prompt, seeds=SEEDS, stages=(SMALL,))):
            prompts = " ".join(describer.describe(picture, world).prompts)
            subjects += subject in prompts
            colors += color in prompts
            first += [color in prompts and subject in prompts]
    assert first[0]
    assert subjects >= 3
    assert colors >= 5


def test_four_prompts_two_by_commas_two_in_sentences_all_of_words_that_are_known(starter, describer, world):
    (picture,) = painted(starter, plan(PROMPTS[0][2], seeds=(1,), stages=(SMALL,)))
    told = describer.describe(picture, world)
    assert len(set(told.prompts)) == 4
    for prompt in told.prompts:
        assert parse(f"{prompt} --ar 3:2").parts[0].text == prompt
    assert told.prompts[1].startswith(("a ", "an "))
    known = phrases(world)
    assert all((one.slot, one.phrase.tag) in known for one in told.shown)
    assert told.prompts[0].count(",") >= 1
    assert all(one.margin >= 0 and one.rival != one.phrase for one in told.shown)


def test_what_a_prompt_says_brings_it_nearer_to_the_picture(starter, describer, world):
    """A topic is left out where it does not help; what stays, does."""
    clip = describer._clip
    (picture,) = painted(starter, plan(PROMPTS[1][2], seeds=(1,), stages=(SMALL,)))
    told = describer.describe(picture, world)
    assert all(one.gain > 0 for one in told.shown)
    seen = clip.embed_pictures([picture])[0]
    all_said, subject = (clip.embed_texts([told.prompts[0], told.shown[0].phrase.tag]) @ seen).tolist()
    assert all_said > subject


def test_the_same_picture_has_the_same_description(describer, world):
    assert describer.describe(noise(64, 48), world) == describer.describe(noise(64, 48), world)


def test_a_picture_is_described_in_little_time(describer, world):
    """Measured: 30 to 70 ms of one thread."""
    torch.set_num_threads(1)
    describer.describe(noise(256, 256), world)
    started = time.thread_time()
    describer.describe(noise(256, 256), world)
    assert time.thread_time() - started < 0.2


# --- bounds


class Counting:
    """A CLIP that counts the texts it reads."""

    def __init__(self, clip) -> None:
        self.clip = clip
        self.dimensions = clip.dimensions
        self.embed_pictures = clip.embed_pictures
        self.texts = 0
        self.most = 0

    def embed_texts(self, texts):
        self.texts += len(texts)
        self.most = max(self.most, len(texts))
        return self.clip.embed_texts(texts)


def test_a_bank_is_read_once_and_in_batches(tiny):
    counting = Counting(tiny)
    describer = Describer(counting)
    describer.describe(noise(40, 30), GENERAL)
    first = counting.texts
    assert first > len(phrases(GENERAL))
    assert counting.most <= 64
    describer.describe(noise(40, 30), GENERAL)
    assert counting.texts - first <= 5 * len(GENERAL)


@pytest.mark.parametrize("size", [(32, 32), (300, 20), (1, 1)])
def test_any_picture_gets_four_prompts_of_the_general_bank(tiny, size):
    told = Describer(tiny).describe(noise(*size), GENERAL)
    assert len(set(told.prompts)) == 4
    assert sum(one.slot in {"light", "mood", "palette", "material", "detail"} for one in told.shown) <= 3
    assert all(one.gain > 0 for one in told.shown)


@pytest.mark.parametrize("topics", [(("Things", ("house",)),), (("Colors", ("red",)), ("Styles", ("neon",)))])
def test_a_model_of_one_word_is_described_in_that(tiny, topics):
    told = Describer(tiny).describe(Raster(8, 8, bytes(192)), world_bank(Vocabulary(topics, frozenset())))
    assert 1 <= len(set(told.prompts)) == len(told.prompts) <= 4
    assert all(told.prompts)


# --- words


def test_the_general_bank_is_large_and_says_nothing_twice():
    for topic in GENERAL:
        tags = [phrase.tag for phrase in topic.phrases]
        assert len(set(tags)) == len(tags) > 10
    assert len({topic.slot for topic in GENERAL}) == len(GENERAL)
    assert len(phrases(GENERAL)) > 600


def test_every_phrase_is_a_prompt_of_its_own():
    for phrase in phrases(GENERAL).values():
        for text in (phrase.tag, phrase.within):
            assert parse(text).parts[0].text == text


def test_a_models_words_are_its_bank_and_stand_in_sentences_as_the_general_ones_do():
    topics = (
        ("Things", ("owl", "ufo", "umbrella")),
        ("Places", ("sea", "moor")),
        ("Times of day", ("night", "tea time")),
        ("Weather", ("foggy", "hail")),
        ("Where", ("left of",)),
        ("Colors", ()),
    )
    bank = world_bank(Vocabulary(topics, frozenset()))
    said = {tag: phrase.within for (_, tag), phrase in phrases(bank).items()}
    assert said == {
        "owl": "an owl",
        "ufo": "a ufo",
        "umbrella": "an umbrella",
        "sea": "at sea",
        "moor": "in the moor",
        "night": "at night",
        "tea time": "at tea time",
        "foggy": "in the fog",
        "hail": "with hail",
    }
    assert [topic.slot for topic in bank] == ["subject", "place", "time", "weather"]


def test_every_topic_of_the_starter_but_relations_has_its_place(world):
    assert {"subject", "color", "place", "time", "weather", "style"} <= {topic.slot for topic in world}


@pytest.mark.parametrize(
    ("said", "commas", "sentence"),
    [
        (
            picks(subject="house", color="red", place="mountains", time="sunset", style="watercolor_painting"),
            "red house, mountains, sunset, watercolor painting",
            "a watercolor painting of a red house in the mountains at sunset",
        ),
        (picks(subject="owl", color="orange", style="low_poly"), "orange owl, low poly", "an orange owl, low poly"),
        (picks(subject="leaves", color="yellow", time="autumn"), "yellow leaves, autumn", "yellow leaves in autumn"),
        (picks(place="forest", weather="fog"), "forest, fog", "a scene in a forest in fog"),
        (
            picks(subject="cat", composition="portrait", light="rim_light", style="oil_painting"),
            "cat, portrait, rim light, oil painting",
            "a portrait of a cat, oil painting, rim light",
        ),
    ],
)
def test_phrases_read_as_people_write_them(said, commas, sentence):
    assert with_commas(said) == commas
    assert in_sentence(said) == sentence


def test_articles_follow_the_sound():
    words = ("apple", "house", "unicorn", "ufo", "umbrella", "igloo", "ukiyo-e print")
    assert [articled(word).split()[0] for word in words] == ["an", "a", "a", "a", "an", "an", "a"]
