"""Which words of a prompt tell: on a CLIP whose every word has a direction, and on the starter's."""

from __future__ import annotations

import time

import pytest
import torch

from generation.engine.embeddings import load_clip
from generation.engine.shortening import MOST_WORDS, shorten
from generation.errors import TooManyWordsError
from generation.starter import WEIGHTS_DIR
from tests.generation.engine.tiny_clip import write_tiny_clip

TWENTY = "a red house and a tree by the sea, with a white boat, in the snow at night, under the stars, watercolor"


class Loud:
    """Reads a word as far off as it is loud; tokens are words, and it takes few."""

    def __init__(self, capacity: int = 100, **loudness: float) -> None:
        self.capacity = capacity
        self.loudness = loudness
        self.passes: list[list[str]] = []

    def count_tokens(self, texts) -> list[int]:
        return [len(text.split()) for text in texts]

    def embed_texts(self, texts) -> torch.Tensor:
        self.passes.append(list(texts))
        words = list(self.loudness)
        rows = torch.zeros(len(texts), len(words) + 1)
        rows[:, -1] = 1.0
        for row, text in enumerate(texts):
            for word in text.split():
                rows[row, words.index(word)] += self.loudness[word]
        return torch.nn.functional.normalize(rows, dim=1)


@pytest.fixture(scope="module")
def clip():
    return load_clip(WEIGHTS_DIR / "clip")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return load_clip(write_tiny_clip(tmp_path_factory.mktemp("clips")))


def test_words_are_ranked_by_how_far_the_text_moves_without_them():
    clip = Loud(big=3.0, small=0.2, middle=1.0)
    told = shorten(clip, ["small big middle"])
    assert [word.text for word in told.words] == ["small", "big", "middle"]
    moves = [word.move for word in told.words]
    assert moves[1] == 1.0
    assert 0 <= moves[0] < moves[2] < 1
    assert told.shorter == (("big middle",), ("big",))
    assert len(clip.passes) == 1


def test_a_move_is_one_minus_the_cosine_of_the_two_texts():
    clip = Loud(big=3.0, small=0.2, middle=1.0)
    told = shorten(clip, ["small big middle"])
    texts = clip.embed_texts(["small big middle", "big middle", "small middle"])
    small, big = (1 - texts[0] @ texts[1:].T).tolist()
    assert told.words[0].move == pytest.approx(small / big, rel=1e-3)


def test_five_shorter_ones_from_longest_to_shortest_with_the_words_in_order():
    words = {f"w{number}": 1.0 + (number * 7) % 20 for number in range(20)}
    told = shorten(Loud(**words), [" ".join(words)])
    lengths = [len(text.split()) for (text,) in told.shorter]
    assert len(told.shorter) == 5
    assert lengths == sorted(set(lengths), reverse=True)
    assert lengths[0] < 20
    assert lengths[-1] >= 1
    order = list(words)
    for (text,) in told.shorter:
        kept = text.split()
        assert kept == sorted(kept, key=order.index)
        assert min(words[word] for word in kept) > max(words[word] for word in order if word not in kept)


@pytest.mark.parametrize(("count", "shorter"), [(1, 0), (2, 1), (3, 2), (5, 4), (6, 5), (120, 5)])
def test_few_words_give_few_shorter_ones(count, shorter):
    words = {f"w{number}": 1.0 + number for number in range(count)}
    told = shorten(Loud(capacity=30, **words), [" ".join(words)])
    assert len(set(told.shorter)) == len(told.shorter) == shorter
    assert all(text for texts in told.shorter for text in texts)


def test_no_words_are_no_question():
    clip = Loud()
    assert shorten(clip, []).shorter == shorten(clip, ["  ,"]).words == ()
    assert clip.passes == []


def test_every_part_keeps_a_word():
    told = shorten(Loud(big=3.0, small=0.2, middle=1.0, least=0.1), ["small big middle", "least"])
    assert [word.part for word in told.words] == [0, 0, 0, 1]
    assert told.shorter == (("big middle", "least"), ("big", "least"))


def test_small_words_go_with_what_they_lead_to_and_commas_stay_where_they_part():
    told = shorten(Loud(a=2.0, house=5.0, by=2.0, the=2.0, sea=1.0, rain=4.0), ["a house by the sea, rain"])
    assert told.shorter == (("a house, rain",), ("a house",))


def test_commas_of_other_keyboards_part_words_too():
    told = shorten(Loud(灯塔=3.0, 海边=0.5, 日落=2.0), ["灯塔，海边，日落"])  # noqa: RUF001
    assert told.shorter == (("灯塔，日落",), ("灯塔",))  # noqa: RUF001


def test_a_text_longer_than_the_tower_is_read_in_chunks_and_each_word_costs_one_row():
    words = {f"w{number}": 1.0 + number % 5 for number in range(25)}
    clip = Loud(capacity=10, **words)
    told = shorten(clip, [" ".join(words)])
    [texts] = clip.passes
    assert len(texts) == 3 + 25
    assert max(len(text.split()) for text in texts) <= 10
    assert told.words[4].move > told.words[0].move


def test_the_chunk_of_a_word_counts_as_much_as_it_has_words():
    clip = Loud(capacity=3, one=1.0, two=1.0, three=1.0, last=1.0)
    told = shorten(clip, ["one two three last"])
    whole = 3 * clip.embed_texts(["one two three"])[0] + clip.embed_texts(["last"])[0]
    moves = [
        1 - torch.cosine_similarity(3 * clip.embed_texts(["two three"])[0] + clip.embed_texts(["last"])[0], whole, 0),
        1 - torch.cosine_similarity(3 * clip.embed_texts(["one two three"])[0] + clip.embed_texts([""])[0], whole, 0),
    ]
    assert told.words[0].move / told.words[3].move == pytest.approx(float(moves[0] / moves[1]), rel=1e-3)


def test_too_many_words_are_refused_in_a_sentence(tiny):
    with pytest.raises(TooManyWordsError, match="121 words"):
        shorten(tiny, ["a " * 121])
    assert len(shorten(tiny, ["a " * 100, "b " * 20]).words) == MOST_WORDS


def test_the_longest_prompt_on_a_random_clip(tiny):
    told = shorten(tiny, [" ".join(["lighthouse"] * 119 + ["x" * 400])])
    assert len(told.words) == 120
    assert all(0 <= word.move <= 1 for word in told.words)
    assert max(word.move for word in told.words) == 1


def test_the_starter_finds_style_and_subject_more_telling_than_small_words(clip):
    told = shorten(clip, ["a lighthouse at night, watercolor"])
    moves = {word.text: word.move for word in told.words}
    assert max(moves["a"], moves["at"]) < min(moves["night"], moves["watercolor"])
    assert told.shorter[-1] != ("a",)


def test_twenty_words_take_the_starter_little_time(clip):
    """Measured: 20 to 30 ms of one thread."""
    torch.set_num_threads(1)
    told = shorten(clip, [TWENTY])
    assert len(told.words) >= 20
    started = time.thread_time()
    shorten(clip, [TWENTY])
    assert time.thread_time() - started < 0.15
