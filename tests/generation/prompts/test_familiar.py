"""A model of few words says so, in any script, and only when it knows no word at all."""

from __future__ import annotations

import pytest

from generation.contracts import Vocabulary
from generation.prompts.familiar import hint
from generation.prompts.parser import parse

FEW = Vocabulary((("Things", ("cat", "fox")), ("Colors", ("red",)), ("Nothing", ())), frozenset({"cat", "fox", "red"}))


@pytest.mark.parametrize("text", ["a cat", "A CAT!", "cat-like", "obsidian::2 fox::1", "zebra, red --ar 3:2"])
def test_one_known_word_is_enough(text):
    assert hint(text, parse(text), FEW) is None


@pytest.mark.parametrize("text", ["an obsidian chandelier", "concatenate", "一只猫", "🦊", "42", "zebra --no cat"])
def test_none_gets_a_note_over_the_whole_text(text):
    note = hint(text, parse(text), FEW)
    assert (note.code, note.start, note.end) == ("unknown_words", 0, len(text))
    assert note.sentence.endswith("It knows words like cat, fox, red.")


def test_a_model_that_knows_any_word_has_nothing_to_say():
    assert hint("obsidian", parse("obsidian"), None) is None


def test_a_blend_has_no_words_to_be_known():
    text = "https://x.org/a.png https://x.org/b.png"
    assert hint(text, parse(text), FEW) is None
