"""What is kept of a text, and what a word is looked for by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.search._tokens import asked_tokens, is_sign, written_tokens


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("A red Lighthouse, by the sea!", ["a", "red", "lighthouse", "by", "the", "sea"]),
        ("sci-fi and/or 3d_art", ["sci", "fi", "and", "or", "3d", "art"]),
        ("a cat::2 a dog::-0.5", ["a", "cat", "a", "dog"]),
        ("\uff26\uff35\uff2c\uff2c Straße", ["full", "straße"]),
        ("海边的灯塔", ["海边", "边的", "的灯", "灯塔", "塔"]),
        ("4k灯塔,海", ["4k", "灯塔", "塔", "海"]),
        ("", []),
    ],
)
def test_a_text_is_kept_as_tokens(text, written):
    assert written_tokens(text) == written


@pytest.mark.parametrize(
    ("text", "asked"),
    [("灯塔", ["灯塔"]), ("海边的", ["海边", "边的"]), ("塔", ["塔"]), ("sci-fi", ["sci", "fi"]), ("!", [])],
)
def test_a_word_is_looked_for_by_tokens(text, asked):
    assert asked_tokens(text) == asked


def test_one_sign_is_told_from_a_letter():
    assert is_sign("塔")
    assert not is_sign("a")


@given(st.text(st.sampled_from("海边的灯塔かな한글"), min_size=1, max_size=8), st.integers(0, 8), st.integers(1, 8))
def test_every_part_of_a_run_is_found_in_it(run, start, length):
    part = run[start : start + length]
    if not part:
        return
    written = " ".join(written_tokens(run))
    if len(part) == 1:
        assert any(token.startswith(part) for token in written.split())
    else:
        assert " ".join(asked_tokens(part)) in written


@given(st.text())
def test_any_text_has_tokens_without_spaces(text):
    assert all(token and token.strip() == token and " " not in token for token in written_tokens(text))
