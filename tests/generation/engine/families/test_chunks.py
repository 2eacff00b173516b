import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.engine.families.chunks import BACKTRACK, split


def tokens_of(text: str) -> list[str]:
    """Words and commas as CLIP writes them; a word with hyphens is of several tokens."""
    spaced = text.replace(",", " ,").split()
    return [piece for word in spaced for piece in (*(p for p in word.split("-")[:-1]), word.split("-")[-1] + "</w>")]


def cut(text: str, capacity: int) -> list[str]:
    """The chunks of a text, to be read."""
    tokens = tokens_of(text)
    return ["".join(tokens[place]).replace("</w>", " ").strip() for place in split(tokens, capacity)]


def test_a_text_that_fits_is_one_chunk():
    assert cut("a red house", 3) == ["a red house"]


def test_the_empty_text_is_one_empty_chunk():
    assert split([], 5) == [slice(0, 0)]


def test_a_cut_falls_after_the_last_comma_of_a_full_chunk():
    assert cut("a house, a tree, a red boat on the sea", 8) == ["a house , a tree ,", "a red boat on the sea"]


def test_a_comma_counts_at_the_very_end_of_a_chunk():
    assert cut("a red house at sea, a boat", 6) == ["a red house at sea ,", "a boat"]


def test_a_phrase_that_fills_a_chunk_to_its_last_word_is_cut_there():
    assert cut("one two three four five six", 4) == ["one two three four", "five six"]


def test_without_a_comma_no_word_is_cut():
    assert cut("one two thr-ee-ish four", 4) == ["one two", "threeish four"]


def test_a_word_longer_than_a_chunk_is_cut_where_the_chunk_is_full():
    assert cut("a-b-c-d-e-f-g", 3) == ["abc", "def", "g"]


def test_a_comma_further_back_than_the_backtrack_is_no_place_to_cut():
    near, far = ["x</w>"] * 9 + [",</w>"], ["x</w>"] * 8 + [",</w>", "x</w>"]
    rest = ["y</w>"] * (BACKTRACK + 1)
    assert [place.stop for place in split(near + rest, 10 + BACKTRACK)] == [10, 11 + BACKTRACK]
    assert [place.stop for place in split(far + rest, 10 + BACKTRACK)] == [10 + BACKTRACK, 11 + BACKTRACK]


def test_commas_at_the_end_of_other_signs_count():
    assert [place.stop for place in split(["a</w>", "),</w>", "b</w>", "c</w>"], 3)] == [2, 4]


@given(
    tokens=st.lists(st.sampled_from(["a</w>", "b", ",</w>"]), max_size=200),
    capacity=st.integers(1, 75),
)
def test_chunks_lie_end_to_end_and_none_is_too_long(tokens, capacity):
    places = split(tokens, capacity)
    assert [token for place in places for token in tokens[place]] == tokens
    assert all(0 < place.stop - place.start <= capacity for place in places) or not tokens
    assert all(place.stop - place.start >= min(capacity, max(capacity - BACKTRACK, 1)) for place in places[:-1])


@pytest.mark.parametrize("capacity", [1, 2, 20, 21])
def test_a_chunk_shorter_than_the_backtrack_still_takes_something(capacity):
    assert all(place.stop > place.start for place in split([",</w>", *["b"] * 50], capacity))
