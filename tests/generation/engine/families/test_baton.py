import threading

import pytest
import torch

from generation.engine.families.baton import Baton


def counting(told: list[str], pieces: int = 3):
    """A function of so many pieces that says where it is."""

    def run(give_back):
        for piece in range(pieces):
            told.append(f"piece {piece}")
            if piece < pieces - 1:
                give_back()
        return "done"

    return run


def test_nothing_runs_before_its_turn_and_then_one_piece_at_a_time():
    told: list[str] = []
    baton = Baton(counting(told))
    assert told == []
    for piece in range(3):
        assert baton.result is None
        baton.advance()
        assert told == [f"piece {n}" for n in range(piece + 1)]
    assert baton.result == "done"


def test_what_has_ended_stays_as_it_is():
    told: list[str] = []
    baton = Baton(counting(told, pieces=1))
    baton.advance()
    baton.advance()
    assert (told, baton.result) == (["piece 0"], "done")


def test_two_runs_take_turns():
    told: list[str] = []
    one, other = Baton(counting(told)), Baton(counting(told))
    for _ in range(3):
        one.advance()
        other.advance()
    assert told == ["piece 0", "piece 0", "piece 1", "piece 1", "piece 2", "piece 2"]


def test_what_it_raises_reaches_the_caller_every_time():
    def broken(give_back):
        give_back()
        raise torch.OutOfMemoryError("no room")

    baton = Baton(broken)
    baton.advance()
    for _ in range(2):
        with pytest.raises(torch.OutOfMemoryError, match="no room"):
            baton.advance()


@pytest.mark.parametrize("advances", [0, 1, 3])
def test_canceling_ends_it_where_it_is_and_leaves_no_thread(advances):
    held: list[str] = []

    def holding(give_back):
        held.append("memory")
        try:
            give_back()
            give_back()
            return "done"
        finally:
            held.clear()

    before = threading.active_count()
    baton = Baton(holding)
    for _ in range(advances):
        baton.advance()
    baton.cancel()
    assert held == []
    assert threading.active_count() == before
    assert baton.result == ("done" if advances == 3 else None)
    with pytest.raises(RuntimeError, match="canceled"):
        baton.advance()


def test_a_function_that_catches_every_error_is_canceled_all_the_same():
    def stubborn(give_back):
        while True:
            try:
                give_back()
            except Exception:  # noqa: BLE001 -- that is what is tested
                continue

    baton = Baton(stubborn)
    baton.advance()
    baton.cancel()
    assert baton.result is None


def test_it_runs_without_gradients():
    baton = Baton(lambda _: torch.is_inference_mode_enabled())
    baton.advance()
    assert baton.result is True
