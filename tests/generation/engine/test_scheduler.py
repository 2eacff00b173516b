import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from generation.engine.scheduler import Scheduler


def filled(*entries: tuple[int, str, int]) -> Scheduler[str]:
    scheduler: Scheduler[str] = Scheduler()
    for key, bucket, rows in entries:
        scheduler.add(key, bucket, rows)
    return scheduler


def test_it_picks_nobody_when_nobody_waits():
    assert filled().pick(max_rows=8) == ()
    assert filled().next_bucket() is None


def test_it_batches_one_bucket_up_to_the_row_limit():
    scheduler = filled((1, "a", 2), (2, "b", 2), (3, "a", 2), (4, "a", 2))
    assert scheduler.pick(max_rows=4) == (1, 3)


def test_buckets_take_turns():
    scheduler = filled((1, "a", 2), (2, "b", 2))
    assert [scheduler.pick(max_rows=8) for _ in range(4)] == [(1,), (2,), (1,), (2,)]


def test_rows_of_a_full_bucket_take_turns():
    scheduler = filled((1, "a", 2), (2, "a", 2), (3, "a", 2))
    assert [scheduler.pick(max_rows=4) for _ in range(3)] == [(1, 2), (3, 1), (2, 3)]


def test_an_entry_with_more_rows_than_the_limit_still_runs():
    assert filled((1, "a", 9)).pick(max_rows=8) == (1,)


def test_a_wide_entry_is_not_passed_over_forever_by_narrow_ones():
    scheduler = filled((1, "a", 1), (2, "a", 1), (3, "a", 4))
    assert any(3 in scheduler.pick(max_rows=4) for _ in range(2))


def test_a_removed_entry_is_never_picked_again():
    scheduler = filled((1, "a", 2), (2, "a", 2))
    scheduler.remove(1)
    assert scheduler.pick(max_rows=8) == (2,)
    assert len(scheduler) == 1


def test_an_entry_that_needs_fewer_rows_makes_room_in_the_next_pick():
    scheduler = filled((1, "a", 2), (2, "a", 2), (3, "a", 2))
    assert scheduler.pick(max_rows=5) == (1, 2)
    scheduler.resize(1, 1)
    assert scheduler.pick(max_rows=5) == (3, 1, 2)
    scheduler.resize(2, 5)
    assert scheduler.pick(max_rows=5) == (3, 1)


def test_needing_other_rows_does_not_change_whose_turn_it_is():
    scheduler = filled((1, "a", 2), (2, "a", 2))
    scheduler.resize(1, 3)
    assert scheduler.pick(max_rows=3) == (1,)


@settings(max_examples=60, deadline=None)
@given(
    entries=st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 6)), min_size=1, max_size=12),
    max_rows=st.integers(1, 8),
)
def test_nobody_waits_for_more_ticks_than_there_are_others(entries, max_rows):
    scheduler = filled(*((key, bucket, rows) for key, (bucket, rows) in enumerate(entries)))
    last_served = dict.fromkeys(range(len(entries)), 0)
    for tick in range(1, 60):
        for key in scheduler.pick(max_rows=max_rows):
            last_served[key] = tick
        assert all(tick - served < len(entries) for served in last_served.values())


@settings(max_examples=60, deadline=None)
@given(data=st.data(), others=st.integers(1, 9))
def test_nobody_waits_for_longer_when_rows_change_from_step_to_step(data, others):
    scheduler = filled(*((key, "ab"[key % 2], 2) for key in range(others + 1)))
    last_served = dict.fromkeys(range(others + 1), 0)
    for tick in range(1, 30):
        for key in scheduler.pick(max_rows=4):
            last_served[key] = tick
            scheduler.resize(key, data.draw(st.integers(1, 5)))
        assert all(tick - served <= others for served in last_served.values())


def test_the_scheduler_loads_no_torch():
    code = "import generation.engine.scheduler, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
