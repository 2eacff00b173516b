"""Numbers become shapes: where bars and lines stand, what the grid says, and the table beside them."""

import pytest

from gallery.plots import BOTTOM, HEIGHT, LEFT, TOP, WIDTH, Plot, Series, plain, round_above


def plot(*series: Series, places: int = 4) -> Plot:
    return Plot("key", "Title", "unit", [str(at) for at in range(places)], series)


@pytest.mark.parametrize(("value", "above"), [(0, 1), (0.03, 0.05), (1, 1), (1.1, 2), (7, 10), (10, 10), (201, 500)])
def test_the_top_is_round(value, above):
    assert round_above(value) == pytest.approx(above)


def test_bars_stand_on_the_ground_and_the_highest_number_has_the_highest():
    bars = plot(Series("a", [1, 0, 2, None])).bars
    assert len(bars) == 2
    assert all(bar.y + bar.height == pytest.approx(HEIGHT - BOTTOM) for bar in bars)
    assert bars[1].height == pytest.approx(HEIGHT - BOTTOM - TOP)
    assert all(bar.x >= LEFT and bar.x + bar.width <= WIDTH for bar in bars)


def test_a_line_has_gaps_where_there_is_nothing_and_a_lone_point_is_a_dot():
    [(name, pieces)] = plot(Series("a", [1, 2, None, 3], is_line=True)).lines
    assert name == "a"
    assert [len(piece.split()) for piece in pieces] == [2, 2]
    assert len(set(pieces[1].split())) == 1


def test_there_are_seven_labels_at_most():
    assert [mark.label for mark in plot(Series("a", [0] * 24), places=24).marks] == ["0", "4", "8", "12", "16", "20"]


def test_the_table_says_the_same():
    assert plot(Series("a", [1.25, None]), Series("b", [1000, 0]), places=2).rows == [
        ("0", ["1.2", "1,000"]),
        ("1", ["", "0"]),
    ]
    assert [plain(one) for one in (0.031, 3, 12.34, 123.4)] == ["0.03", "3", "12.3", "123"]
