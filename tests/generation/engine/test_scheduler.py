import subprocess
import sys
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.engine.scheduler import PATIENCE, Scheduler


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


# --- shares of the work


class Shop:
    """A scheduler whose every pick is charged; entries never leave unless told to.

    used: FLOPs of each bucket so far.
    """

    def __init__(self, flops_per_row: dict[str, float], *, max_rows: int = 8) -> None:
        self.scheduler: Scheduler[str] = Scheduler()
        self.flops_per_row = flops_per_row
        self.max_rows = max_rows
        self.used = dict.fromkeys(flops_per_row, 0.0)
        self.buckets: dict[int, str] = {}
        self.rows: dict[int, int] = {}

    def add(self, key: int, bucket: str, rows: int = 2, owner: object = None) -> None:
        self.buckets[key], self.rows[key] = bucket, rows
        self.scheduler.add(key, bucket, rows, owner)

    def serve(self) -> tuple[int, ...]:
        keys = self.scheduler.pick(max_rows=self.max_rows)
        bucket = self.buckets[keys[0]]
        flops = self.flops_per_row[bucket] * sum(self.rows[key] for key in keys)
        self.scheduler.charge(bucket, flops)
        self.used[bucket] += flops
        return keys


costs = st.floats(1, 10)


@settings(max_examples=80, deadline=None)
@given(flops=st.lists(costs, min_size=2, max_size=3), crowd=st.integers(1, 6), max_rows=st.integers(2, 8))
def test_buckets_of_equally_many_people_share_the_work_evenly_whatever_their_steps_cost(flops, crowd, max_rows):
    shop = Shop(dict(zip("abc", flops, strict=False)), max_rows=max_rows)
    for key in range(crowd * len(flops)):
        shop.add(key, "abc"[key % len(flops)])
    for _ in range(300):
        shop.serve()
        assert max(shop.used.values()) - min(shop.used.values()) <= 2 * max(flops) * max_rows


def test_a_bucket_of_three_people_gets_three_times_the_work_of_one_person():
    shop = Shop({"crowd": 1.0, "alone": 1.0}, max_rows=2)
    for key, bucket in enumerate(["crowd", "crowd", "crowd", "alone"]):
        shop.add(key, bucket)
    for _ in range(400):
        shop.serve()
    assert shop.used["crowd"] / shop.used["alone"] == pytest.approx(3, rel=0.02)


def test_one_persons_many_pictures_count_as_one_person():
    shop = Shop({"grids": 1.0, "alone": 1.0}, max_rows=2)
    for key in range(8):
        shop.add(key, "grids", owner="one person")
    shop.add(8, "alone")
    for _ in range(400):
        shop.serve()
    assert shop.used["grids"] / shop.used["alone"] == pytest.approx(1, rel=0.02)


@settings(max_examples=80, deadline=None)
@given(flops=st.lists(st.floats(1, 1000), min_size=2, max_size=6), served=st.integers(0, 80))
def test_a_lone_odd_size_starts_before_any_other_bucket_has_run_twice(flops, served):
    names = [f"size {number}" for number in range(len(flops))]
    shop = Shop(dict(zip(names, flops, strict=True)))
    for key in range(4 * (len(names) - 1)):
        shop.add(key, names[key % (len(names) - 1)])
    for _ in range(served):
        shop.serve()
    shop.add(999, names[-1])
    before = []
    while (keys := shop.serve()) != (999,):
        before.append(shop.buckets[keys[0]])
    assert len(before) == len(set(before))


@settings(max_examples=80, deadline=None)
@given(
    entries=st.lists(st.tuples(st.sampled_from("abcd"), st.integers(1, 6)), min_size=1, max_size=10),
    flops=st.tuples(*[st.floats(0, 1e9)] * 4),
    max_rows=st.integers(1, 8),
)
def test_nobody_waits_for_longer_than_the_bound_whatever_the_costs(entries, flops, max_rows):
    shop = Shop(dict(zip("abcd", flops, strict=True)), max_rows=max_rows)
    for key, (bucket, rows) in enumerate(entries):
        shop.add(key, bucket, rows)
    crowds = Counter(shop.buckets.values())
    last_served = dict.fromkeys(shop.buckets, 0)
    for tick in range(1, 400):
        for key in shop.serve():
            last_served[key] = tick
        for key, served in last_served.items():
            assert tick - served < crowds[shop.buckets[key]] * (PATIENCE + len(crowds))


def test_a_step_of_a_thousandfold_cost_is_passed_over_for_as_long_as_patience_lasts():
    shop = Shop({"giant": 1000.0, "small": 1.0})
    shop.add(1, "giant")
    shop.add(2, "small")
    served = [shop.serve() for _ in range(200)]
    turns = [tick for tick, keys in enumerate(served) if keys == (1,)]
    assert [later - earlier for earlier, later in pairwise(turns)] == [PATIENCE + 1] * (len(turns) - 1)


def test_who_leaves_and_comes_back_still_owes():
    shop = Shop({"come and go": 10.0, "stay": 1.0})
    shop.add(0, "stay")
    for visit in range(1, 400):
        if visit not in shop.buckets or visit - 1 in shop.buckets:
            shop.add(visit, "come and go")
        if (keys := shop.serve()) != (0,):
            shop.scheduler.remove(keys[0])
        else:
            shop.scheduler.remove(visit)
    assert shop.used["come and go"] <= 1.2 * shop.used["stay"]


def test_an_idle_engine_owes_nobody_anything():
    shop = Shop({"a": 10.0, "b": 1.0})
    shop.add(1, "a")
    shop.serve()
    shop.scheduler.remove(1)
    shop.add(2, "b")
    shop.add(3, "a")
    assert {shop.serve(), shop.serve()} == {(2,), (3,)}


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_people_who_come_and_go_leave_nothing_behind_and_are_served_while_they_are_here(data):
    shop = Shop({"a": 1.0, "b": 7.0, "c": 100.0})
    for key in range(40):
        shop.add(key, data.draw(st.sampled_from("abc")), data.draw(st.integers(1, 4)))
        keys = shop.serve()
        assert all(served in shop.scheduler._entries for served in keys)
        shop.scheduler.remove(data.draw(st.integers(0, key)))
        if not len(shop.scheduler):
            shop.add(1000 + key, "a")
    for key in list(shop.scheduler._entries):
        shop.scheduler.remove(key)
    assert not shop.scheduler._queues
    assert shop.scheduler.next_bucket() is None


def test_the_scheduler_loads_no_torch():
    code = "import generation.engine.scheduler, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
