"""Letters that were put together know where they were typed."""

import pytest

from generation.prompts.traced import Layer, Piece, Traced

# Typed is `ab --set cd`, of which `--set` (3 to 8) stands for `XYZ`.
WHOLE = Traced([Piece("ab ", 0, 3), Piece("XYZ", 3, 8, Layer.OPTION_SET), Piece("", 8, 8), Piece(" cd", 8, 11)])


def test_the_text_is_that_of_all_pieces():
    assert WHOLE.text == "ab XYZ cd"
    assert [WHOLE.layer(column) for column in (2, 3, 5, 6)] == [
        Layer.TYPED,
        Layer.OPTION_SET,
        Layer.OPTION_SET,
        Layer.TYPED,
    ]


@pytest.mark.parametrize(
    ("here", "there"),
    [((0, 2), (0, 2)), ((1, 4), (1, 8)), ((4, 5), (3, 8)), ((5, 8), (3, 10)), ((7, 9), (9, 11)), ((0, 9), (0, 11))],
)
def test_columns_lead_back_to_what_was_typed(here, there):
    assert WHOLE.origin(*here) == there


@pytest.mark.parametrize(("column", "place"), [(0, 0), (2, 2), (3, 3), (4, 8), (6, 8), (7, 9), (9, 11)])
def test_a_place_between_letters_leads_back_as_well(column, place):
    assert WHOLE.origin(column, column) == (place, place)


def test_nothing_stands_at_the_beginning():
    assert Traced([]).origin(0, 0) == (0, 0)
    assert Traced([]).cut(0, 0) == ()


def test_only_what_was_typed_in_one_go_may_be_replaced():
    assert WHOLE.is_typed(0, 2)
    assert WHOLE.is_typed(7, 9)
    assert not WHOLE.is_typed(2, 4)
    assert not WHOLE.is_typed(4, 5)
    assert WHOLE.is_typed(2, 2)


def test_a_cut_keeps_columns_and_layers():
    assert WHOLE.cut(1, 7) == (Piece("b ", 1, 3), Piece("XYZ", 3, 8, Layer.OPTION_SET), Piece(" ", 8, 9))
