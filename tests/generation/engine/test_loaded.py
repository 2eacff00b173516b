"""What stays in memory, and what makes way."""

from __future__ import annotations

import gc
import weakref

import pytest

from generation.engine.loaded import LoadedFamilies
from generation.engine.loop import Engine
from tests.generation.engine.fakes import FakeFamily, finish, plan, submit, tick


class Loader:
    """Loads fake families and remembers which are still in memory."""

    def __init__(self) -> None:
        self.loaded: list[str] = []
        self._living: dict[str, weakref.ref[FakeFamily]] = {}

    def __call__(self, name: str) -> FakeFamily:
        family = FakeFamily()
        self.loaded.append(name)
        self._living[name] = weakref.ref(family)
        return family

    @property
    def living(self) -> set[str]:
        gc.collect()
        return {name for name, family in self._living.items() if family() is not None}


def test_the_one_that_was_asked_for_longest_ago_makes_way():
    load, families = Loader(), LoadedFamilies(2)
    for name in ("a", "b", "a", "c"):
        families.fetch(name, load, busy=())
    assert load.loaded == ["a", "b", "c"]
    assert load.living == {"a", "c"}


def test_it_makes_way_before_the_next_one_needs_its_memory():
    loader, families, seen = Loader(), LoadedFamilies(1), []
    families.fetch("a", loader, busy=())
    families.fetch("b", lambda name: seen.append(loader.living) or loader(name), busy=())
    assert seen == [set()]


def test_one_that_somebody_is_painted_with_stays():
    load, families = Loader(), LoadedFamilies(1)
    families.fetch("a", load, busy=())
    families.fetch("b", load, busy={"a"})
    assert load.living == {"a", "b"}
    families.evict("a", busy={"a"})
    assert load.living == {"a", "b"}
    families.evict("a", busy=())
    families.evict("never seen", busy=())
    assert load.living == {"b"}


def test_without_a_limit_all_stay():
    load, families = Loader(), LoadedFamilies(None)
    for name in "abc":
        families.fetch(name, load, busy=())
    assert load.living == {"a", "b", "c"}


def engine_of(load: Loader, *, families: int) -> Engine:
    return Engine(load, max_rows=16, max_families=families)


def ask(engine: Engine, request_id: str, checkpoint: str) -> None:
    submit(engine, request_id, plan(checkpoint=checkpoint))


def test_an_engine_evicts_only_what_it_does_not_paint_with():
    load = Loader()
    engine = engine_of(load, families=1)
    ask(engine, "1", "a")
    tick(engine)
    ask(engine, "2", "b")
    tick(engine)
    engine.evict("a")
    tick(engine)
    assert load.living == {"a", "b"}
    finish(engine)
    engine.evict("a")
    engine._obey()
    assert load.living == {"b"}


@pytest.mark.parametrize(("families", "loaded"), [(1, ["a", "b", "a"]), (2, ["a", "b"])])
def test_an_engine_loads_again_what_it_had_to_free(families, loaded):
    load = Loader()
    engine = engine_of(load, families=families)
    for number, name in enumerate("aba"):
        ask(engine, str(number), name)
        finish(engine)
    assert load.loaded == loaded
