"""Which checkpoints lie on the device, and that their weights come back as they left."""

from __future__ import annotations

import copy
import weakref

import pytest
import torch
from torch import nn

from generation.contracts import Rendered
from generation.engine.failures import is_out_of_memory
from generation.engine.loaded import LoadedFamilies
from generation.engine.networks import networks_of
from generation.engine.residency import PinnedMover, Residency, budget_bytes
from tests.generation.engine.fakes import FakeFamily, engine_on, finish, plan, submit, tick


class Truck:
    """A mover that notes where things are."""

    def __init__(self, sizes: dict[str, int]) -> None:
        self.sizes = sizes
        self.moves: list[tuple[str, str]] = []

    def bytes_of(self, family) -> int:
        return self.sizes[family]

    def park(self, family) -> None:
        self.moves.append(("park", family))

    def bring_back(self, family) -> None:
        self.moves.append(("bring back", family))

    def forget(self, family) -> None:
        self.moves.append(("forget", family))


def table(budget: int, **sizes: int) -> tuple[Residency, Truck]:
    truck = Truck(sizes)
    return Residency(budget, truck), truck


def use(residency: Residency, name: str, *busy: str) -> None:
    residency.use(name, name, busy=busy)  # a name stands for its family


def test_all_that_fit_stay_on_the_device():
    residency, truck = table(10, a=3, b=3, c=4)
    for name in "abc":
        use(residency, name)
    assert residency.on_device == ("a", "b", "c")
    assert residency.used_bytes == 10
    assert not truck.moves


def test_the_one_used_longest_ago_waits_in_ram_and_comes_back_when_it_is_needed():
    residency, truck = table(7, a=3, b=3, c=3)
    for name in "abac":
        use(residency, name)
    assert truck.moves == [("park", "b")]
    assert residency.on_device == ("a", "c")
    use(residency, "b")
    assert truck.moves[1:] == [("park", "a"), ("bring back", "b")]
    assert residency.on_device == ("c", "b")


def test_as_many_make_way_as_are_needed_and_before_the_other_comes():
    residency, truck = table(9, a=3, b=3, c=3, large=7)
    for name in ("a", "b", "c", "large"):
        use(residency, name)
    assert truck.moves == [("park", "a"), ("park", "b"), ("park", "c")]
    use(residency, "a")
    assert truck.moves[3:] == [("park", "large"), ("bring back", "a")]


def test_one_that_somebody_is_painted_with_never_moves():
    residency, truck = table(5, a=3, b=3)
    use(residency, "a")
    use(residency, "b", "a")
    assert residency.on_device == ("a", "b")
    assert residency.used_bytes == 6
    assert not truck.moves


def test_when_memory_runs_out_all_that_are_idle_make_room():
    residency, truck = table(100, a=3, b=3, c=3)
    for name in "abc":
        use(residency, name)
    assert residency.park_idle({"b"})
    assert truck.moves == [("park", "a"), ("park", "c")]
    assert not residency.park_idle({"b"})


def test_one_that_is_freed_leaves_no_copy():
    residency, truck = table(100, a=3)
    use(residency, "a")
    residency.forget("a")
    residency.forget("never seen")
    assert truck.moves == [("forget", "a")]
    assert residency.on_device == ()


# --- weights


class Small(FakeFamily):
    """A fake with weights: a convolution, and a linear layer that is tied to another."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        tied = nn.Linear(8, 8)
        self._networks = {"base": nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), tied, tied)}


def bits(family) -> list[torch.Tensor]:
    return [weight.clone() for network in networks_of(family) for weight in network.state_dict().values()]


@torch.inference_mode()
def test_weights_come_back_with_their_bits_and_their_old_memory_is_free():
    family, mover = Small(), PinnedMover(pins=False)
    [network] = networks_of(family)
    before, shown = bits(family), torch.randn(1, 3, 8, 8)
    painted = network[:2].eval()(shown)
    for _ in range(2):
        storage = weakref.ref(network[0].weight.data.untyped_storage())
        mover.park(family)
        assert storage() is None
        mover.bring_back(family)
    assert all(torch.equal(one, other) for one, other in zip(bits(family), before, strict=True))
    assert torch.equal(network[:2](shown), painted)


@torch.inference_mode()
def test_the_copy_in_ram_is_made_once():
    family, mover = Small(), PinnedMover(pins=False)
    [network] = networks_of(family)
    mover.park(family)
    first = network[0].weight.data_ptr()
    mover.bring_back(family)
    assert network[0].weight.data_ptr() != first
    mover.park(family)
    assert network[0].weight.data_ptr() == first


def test_tied_weights_count_once():
    floats = 4 * 3 * 9 + 4 + 4 * 4 + 8 * 8 + 8
    assert PinnedMover(pins=False).bytes_of(Small()) == 4 * floats + 8  # a norm counts its batches in 8 bytes


def test_a_loaded_checkpoint_can_be_parked_and_paints_the_same_afterwards(starter):
    family = copy.copy(starter)
    mover = PinnedMover(pins=False)
    with torch.inference_mode():
        told = family.encode_text("a red boat", "base")
        row = torch.randn(1, *family.latent_shape(128, 128))
        before = family.predict("base", row, torch.tensor([500.0]), told)
        mover.park(family)
        mover.bring_back(family)
        assert torch.equal(family.predict("base", row, torch.tensor([500.0]), told), before)
    assert mover.bytes_of(family) > 20 * 2**20


# --- the engine


class NoRoom:
    """Loads families of one size each; the device holds two, and says so by running out of memory."""

    def __init__(self) -> None:
        self.residency, self.truck = Residency(10**9, self), []
        self.on_device: list[object] = []

    def __call__(self, _name: str) -> FakeFamily:
        family = FakeFamily()
        self.bring_back(family)
        return family

    def bytes_of(self, _family) -> int:
        return 1

    def park(self, family) -> None:
        self.on_device.remove(family)

    def bring_back(self, family) -> None:
        if len(self.on_device) == 2:
            raise torch.OutOfMemoryError("two fit")
        self.on_device.append(family)

    def forget(self, family) -> None:
        if family in self.on_device:
            self.on_device.remove(family)


def test_a_checkpoint_that_does_not_fit_while_it_is_loaded_is_tried_again_when_idle_ones_made_room():
    load = NoRoom()
    families = LoadedFamilies(None, load.residency)
    for name in "abc":
        families.fetch(name, load, busy=())
    assert len(load.on_device) == 1
    assert load.residency.on_device == ("c",)


def test_it_is_no_use_where_all_others_are_busy():
    load = NoRoom()
    families = LoadedFamilies(None, load.residency)
    for name in "ab":
        families.fetch(name, load, busy="ab")
    with pytest.raises(torch.OutOfMemoryError) as raised:
        families.fetch("c", load, busy="ab")
    assert is_out_of_memory(raised.value)


def test_a_step_that_does_not_fit_is_tried_whole_again_when_an_idle_checkpoint_made_room():
    class Crowded(FakeFamily):
        def predict(self, network, rows, timesteps, conditioning):
            self.rows_that_fit = 1000 if truck.moves else 1
            return super().predict(network, rows, timesteps, conditioning)

    class ByIdentity(Truck):
        def bytes_of(self, _family) -> int:
            return 1

    crowded, idle, truck = Crowded(), FakeFamily(), ByIdentity({})
    engine = engine_on(None)
    engine._load = {"fake": crowded, "idle": idle}.__getitem__
    engine._families = LoadedFamilies(None, Residency(100, truck))
    engine._families.fetch("idle", engine._load, busy=())
    ear = submit(engine, "a", plan(seeds=(1, 2, 3)))
    finish(engine)
    assert isinstance(ear.last, Rendered)
    assert truck.moves == [("park", idle)]
    assert crowded.batches == [6] * 6


@pytest.mark.parametrize("has_idle", [True, False])
def test_a_decoding_that_does_not_fit_is_tried_again_when_an_idle_checkpoint_made_room(has_idle):
    class Tight(FakeFamily):
        def decode(self, latents, **how):
            if not truck.moves:
                raise torch.OutOfMemoryError("no room")
            return super().decode(latents, **how)

    truck = Truck({})
    truck.bytes_of = lambda _: 1
    engine = engine_on(None)
    engine._load = {"fake": Tight(), "idle": FakeFamily()}.__getitem__
    engine._families = LoadedFamilies(None, Residency(100, truck))
    if has_idle:
        engine._families.fetch("idle", engine._load, busy=())
    ear = submit(engine, "a", plan(seeds=(1, 2, 3)))
    finish(engine)
    assert isinstance(ear.last, Rendered) == has_idle
    assert has_idle or ear.last.code == "out_of_memory"


def test_checkpoints_take_turns_on_a_device_that_holds_one():
    truck = Truck({})
    truck.bytes_of = lambda _: 1
    engine = engine_on(None)
    engine._load = lambda _: FakeFamily()
    engine._families = LoadedFamilies(None, Residency(1, truck))
    ears = []
    for number, name in enumerate("abab"):
        ears.append(submit(engine, str(number), plan(checkpoint=name)))
        finish(engine)
    assert all(isinstance(ear.last, Rendered) for ear in ears)
    assert [move for move, _ in truck.moves] == ["park", "park", "bring back", "park", "bring back"]
    tick_nothing = submit(engine, "5", plan(checkpoint="b"))
    tick(engine)
    assert not tick_nothing.is_done
    assert len(truck.moves) == 5


def test_without_a_gpu_there_is_no_budget():
    if not torch.cuda.is_available():
        assert budget_bytes(4) is None
