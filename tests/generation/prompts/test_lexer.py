# ruff: noqa: RUF001 - look-alikes are typed on purpose
import time

import pytest

from generation.prompts.lexer import is_visible, lex, mask_quotes, one_line


def test_it_finds_where_words_end_and_parameters_stand():
    lexed = lex("a cat --ar 2:3  --no red, blue ")
    assert lexed.words_end == 6
    assert [(s.name, s.start, s.name_end, s.end) for s in lexed.segments] == [("ar", 6, 10, 14), ("no", 16, 20, 30)]


@pytest.mark.parametrize("dashes", ["--", "—", "–", "――", "---"])
def test_it_takes_dashes_as_phones_type_them(dashes):
    (segment,) = lex(f"a {dashes}AR 2:3").segments
    assert (segment.name, segment.dashes, segment.spelling) == ("ar", dashes, "--ar")


@pytest.mark.parametrize("text", ["a -ar", "a --5", "a -- ar", "a--ar", "a — ar"])
def test_it_leaves_other_dashes_in_the_words(text):
    assert lex(text).segments == ()


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        ('say "a --b" now', 'say """"""" now'),
        ("“a ::” b", '"""""" b'),
        ('5" and 7" wide', '5" and 7" wide'),
        ('an "open end', 'an "open end'),
        ("“ “ “", "“ “ “"),
        ('“ lone and "a --b" closed', '“ lone and """"""" closed'),
    ],
)
def test_it_hides_what_is_quoted_and_keeps_the_length(text, mask):
    assert mask_quotes(text) == mask
    assert len(mask) == len(text)


def test_a_quoted_stretch_is_one_word():
    lexed = lex('x "a b" c')
    assert [lexed.text[start:end] for start, end in lexed.words(0, 9)] == ["x", '"a b"', "c"]


def test_white_space_of_every_kind_becomes_one_space():
    assert one_line(" a\n\tb\u3000c ") == "a b c"


@pytest.mark.parametrize(("text", "visible"), [("🌻", True), (".", True), ("", False), (" \u200b\ufeff", False)])
def test_invisible_characters_are_no_words(text, visible):
    assert is_visible(text) is visible


def test_lone_quotes_by_the_thousand_stay_linear():
    text = "“ " * 400_000
    started = time.thread_time()
    assert mask_quotes(text) == text
    assert time.thread_time() - started < 1.5
