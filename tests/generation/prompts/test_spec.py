from fractions import Fraction

import pytest

from generation.prompts.parser import parse
from generation.prompts.spec import Aspect


def test_a_shape_is_kept_in_lowest_terms():
    assert Aspect(1920, 1080) == Aspect(16, 9)
    assert str(Aspect(4, 2)) == "2:1"
    assert Aspect(4, 2).ratio == Fraction(2)


def test_the_typed_spelling_takes_no_part_in_equality():
    typed, tidy = parse("a::4  b::2"), parse("a::2 b")
    assert typed == tidy
    assert typed.text != tidy.text
    assert hash(typed) == hash(tidy)


def test_a_spec_cannot_be_changed():
    with pytest.raises(AttributeError):
        parse("a").seed = 3
