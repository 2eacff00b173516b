# ruff: noqa: RUF001 - look-alikes are typed on purpose
from difflib import get_close_matches

import pytest

from generation.prompts.quantities import OneOf, Ratio, WholeNumber
from generation.prompts.spec import Aspect
from generation.prompts.styles import PRESETS
from generation.prompts.values import BadValueError, Flag, Phrases, nearest

STYLIZE = WholeNumber(0, 1000)
QUALITY = OneOf((0.25, 0.5, 1.0, 2.0))
SHAPE = Ratio(Aspect(1, 3), Aspect(3, 1))


@pytest.mark.parametrize(
    ("typed", "value"), [("0", 0), ("1000", 1000), ("+7", 7), ("007", 7), ("5.0", 5), ("２５", 25)]
)
def test_a_whole_number_is_read(typed, value):
    assert STYLIZE.read(typed) == value


@pytest.mark.parametrize(
    ("kind", "typed", "code", "use"),
    [
        (STYLIZE, "1001", "out_of_range", "1000"),
        (STYLIZE, "−1", "out_of_range", "0"),
        (STYLIZE, "9" * 3000, "out_of_range", "1000"),
        (STYLIZE, "2.7", "not_whole", "3"),
        (STYLIZE, "1e2", "not_a_number", None),
        (STYLIZE, "NaN", "not_a_number", None),
        (QUALITY, "3", "not_a_choice", "2"),
        (QUALITY, ".3", "not_a_choice", ".25"),
        (QUALITY, "fast", "not_a_number", None),
        (SHAPE, "4:1", "out_of_range", "3:1"),
        (SHAPE, "1:4", "out_of_range", "1:3"),
        (SHAPE, "0:1", "out_of_range", None),
        (SHAPE, "1:0", "out_of_range", None),
        (SHAPE, "10001:10001", "out_of_range", None),
        (SHAPE, "1" + "0" * 3000 + ":1", "out_of_range", None),
        (SHAPE, "1" + "0" * 20 + "1:1", "out_of_range", None),
        (SHAPE, "16/9", "not_a_ratio", "16:9"),
        (SHAPE, "1.5:1", "not_a_ratio", "3:2"),
        (SHAPE, "1.5:0", "not_a_ratio", None),
        (SHAPE, "9.5:1", "not_a_ratio", None),
        (SHAPE, "square", "not_a_ratio", None),
    ],
)
def test_a_bad_value_is_refused_with_the_nearest_good_one(kind, typed, code, use):
    with pytest.raises(BadValueError) as caught:
        kind.read(typed)
    assert (caught.value.code, caught.value.use) == (code, use)
    if use is not None:
        kind.read(use)


def test_the_ends_of_the_ratio_are_allowed():
    assert SHAPE.read("3:1") == Aspect(3, 1)
    assert SHAPE.read("1:3") == Aspect(1, 3)


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [(STYLIZE, 250, "250"), (QUALITY, 0.25, ".25"), (QUALITY, 2.0, "2"), (SHAPE, Aspect(3, 2), "3:2")],
)
def test_what_is_written_reads_back(kind, value, text):
    assert kind.write(value) == text
    assert kind.read(text) == value


def test_the_range_is_told_in_words():
    assert (STYLIZE.range, QUALITY.range, SHAPE.range) == ("0 to 1000", ".25, .5, 1 or 2", "1:3 to 3:1")


def test_a_flag_stands_for_its_value_and_writes_nothing():
    assert Flag("private").read("") == "private"
    assert Flag("private").write("private") == ""


def test_phrases_are_written_with_commas():
    assert Phrases().write(("a", "b c")) == "a, b c"
    assert Phrases().read(" b \n c ") == "b c"


@pytest.mark.parametrize(
    "typed", ["watercolr", "pixl", "", "x", "glasstained", "zzzzzzzzzzzzzzzzzzzz", "filmnoire", "aaab", "photo graph"]
)
def test_the_nearest_name_is_that_of_difflib(typed):
    names = tuple(PRESETS)
    assert [nearest(typed, names)] == get_close_matches(typed, names, n=1, cutoff=0)


def test_there_is_none_without_names():
    assert nearest("fox", ()) is None
