import threading
import time
import weakref

import pytest
import torch

from generation.contracts import Progressed, PromptPart, Raster, RenderCanceled, Rendered, RenderFailed, Stage
from generation.engine.failures import EngineStoppedError
from generation.engine.loading import load_family
from generation.engine.loop import Engine
from generation.errors import CheckpointInvalidError
from generation.starter import WEIGHTS_DIR
from tests.generation.engine.fakes import POISON, TOO_LONG, Ear, FakeFamily, engine_on, finish, plan, submit, tick


def painted(family, asked) -> tuple[Raster, ...]:
    """The pictures of a request that has the engine for itself."""
    engine = engine_on(family)
    ear = submit(engine, "alone", asked)
    finish(engine)
    assert isinstance(ear.last, Rendered)
    return ear.last.pictures


def test_a_request_ends_in_one_picture_per_seed_in_plan_order():
    engine = engine_on(FakeFamily())
    ear = submit(engine, "a", plan(seeds=(5, 6, 7)))
    finish(engine)
    assert isinstance(ear.last, Rendered)
    assert ear.last.pictures == tuple(painted(FakeFamily(), plan(seeds=(seed,)))[0] for seed in (5, 6, 7))
    assert {(p.width_px, p.height_px, len(p.rgb)) for p in ear.last.pictures} == {(64, 64, 64 * 64 * 3)}


def test_progress_rises_to_the_last_step_and_the_end_comes_once():
    engine = engine_on(FakeFamily())
    ear = submit(engine, "a", plan())
    finish(engine)
    progress = [event for event in ear.events if isinstance(event, Progressed)]
    assert [event.step for event in progress] == [1, 2, 3, 4, 5]
    assert {event.steps for event in progress} == {5}
    assert sum(not isinstance(event, Progressed) for event in ear.events) == 1


def test_the_first_preview_comes_with_the_first_tick_and_the_next_after_the_interval():
    engine = engine_on(FakeFamily(), preview_interval_s=3600)
    ear = submit(engine, "a", plan(seeds=(1, 2, 3)))
    finish(engine)
    previews = [event.preview for event in ear.events if isinstance(event, Progressed)]
    assert len(previews[0]) == 3
    assert previews[1:] == [None] * 4


def test_requests_of_different_steps_samplers_and_guidance_share_forward_passes():
    family = FakeFamily()
    engine = engine_on(family)
    submit(engine, "a", plan(sampler="euler", guidance=1.0))
    submit(engine, "b", plan("a boat", stages=(Stage(width_px=64, height_px=64, steps=9),), guidance=7.0))
    finish(engine)
    assert family.batches == [6] * 5 + [4] * 4


def test_a_picture_takes_its_unconditional_row_only_in_the_steps_that_are_guided():
    """The timesteps of five steps are 999 to 0, evenly: the second and the third lie at 0.25 and 0.5 of the way."""
    family = FakeFamily()
    engine = engine_on(family)
    ear = submit(engine, "a", plan(guidance_interval=(0.2, 0.6), sampler="euler"))
    finish(engine)
    assert isinstance(ear.last, Rendered)
    assert family.batches == [2, 4, 4, 2, 2]


def test_rows_that_are_not_needed_let_others_in_at_once():
    """Two pictures of two rows fill the forward pass; from the fourth step on three fit."""
    family = FakeFamily()
    engine = engine_on(family, max_rows=4)
    submit(engine, "a", plan(seeds=(1, 2), guidance_interval=(0.0, 0.6), sampler="euler"))
    tick(engine, 3)
    submit(engine, "b", plan(seeds=(3,), sampler="euler"))
    tick(engine)
    assert family.batches == [4, 4, 4, 4]
    assert engine._residents["b"].slowest_step == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"guidance_interval": (0.3, 0.3)},
        {"guidance_interval": (0.3, 0.3), "guidance_rescale": 1.0},
        {"guidance": 1.0, "guidance_rescale": 1.0},
    ],
)
def test_a_picture_that_no_step_guides_is_the_one_of_scale_one(changes):
    assert painted(FakeFamily(), plan(**changes)) == painted(FakeFamily(), plan(guidance=1.0))


def test_an_interval_holds_on_through_the_stages():
    """The later stage begins at half of the noise, where the interval has ended."""
    family = FakeFamily()
    engine = engine_on(family)
    stages = tuple(Stage(width_px=64, height_px=64, steps=4, strength=strength) for strength in (1.0, 0.5))
    submit(engine, "a", plan(seeds=(1,), guidance_interval=(0.0, 0.5), sampler="euler", stages=stages))
    finish(engine)
    assert family.batches == [2, 2, 1, 1, 1, 1]


def test_prompts_of_different_lengths_never_share_a_forward_pass():
    family = FakeFamily()
    engine = engine_on(family)
    long = plan("a tree " * 9, seeds=(1,))
    for name, asked in (("short", plan(seeds=(1,))), ("long", long), ("long too", long)):
        submit(engine, name, asked)
    tick(engine, 2)
    assert family.batches == [2, 4]
    assert family.tokens == [2, 4]


def test_a_long_negative_prompt_fills_up_the_short_prompt_beside_it():
    family = FakeFamily()
    engine = engine_on(family)
    submit(engine, "a", plan(seeds=(1,), negative_prompt="a tree " * 9))
    submit(engine, "b", plan(seeds=(1,), negative_prompt="a tree " * 9, guidance=1.0))
    tick(engine, 2)
    assert family.tokens == [4, 2]  # at scale 1 the negative prompt is not there


def test_a_long_prompt_shares_no_forward_pass_with_a_short_one_in_the_second_stage_either():
    family = FakeFamily()
    engine = engine_on(family)
    stages = (Stage(width_px=64, height_px=64, steps=2), Stage(width_px=128, height_px=128, steps=4, strength=0.5))
    ears = [submit(engine, text[:6], plan(text, seeds=(1,), stages=stages)) for text in ("a boat", "a tree " * 9)]
    tick(engine, 4)
    assert {(each.stage_index, each.bucket.tokens) for each in engine._trajectories.values()} == {(1, 2), (1, 4)}
    finish(engine)
    assert all(isinstance(ear.last, Rendered) for ear in ears)
    assert set(family.batches) == {2}
    assert sorted(family.tokens) == [2] * 4 + [4] * 4


def test_one_that_arrives_joins_at_the_next_tick():
    family = FakeFamily()
    engine = engine_on(family)
    submit(engine, "a", plan())
    tick(engine, 2)
    ear = submit(engine, "b", plan())
    tick(engine)
    assert family.batches == [4, 4, 8]
    assert ear.last.step == 1


@pytest.mark.parametrize("company", [1, 3])
def test_a_picture_is_the_same_alone_and_in_company_that_comes_and_goes(company):
    asked = plan("a lighthouse", seeds=(11, 12), guidance=3.0)
    engine = engine_on(FakeFamily(), max_rows=6)
    others = [submit(engine, f"o{i}", plan("x" * i, guidance=1.0 + i, seeds=(11, 5))) for i in range(company)]
    tick(engine, 2)
    ear = submit(engine, "mine", asked)
    tick(engine, 2)
    engine.cancel("o0")
    submit(engine, "late", plan("late", sampler="euler"))
    finish(engine)
    assert ear.last.pictures == painted(FakeFamily(), asked)
    assert isinstance(others[0].last, RenderCanceled)


def test_a_cancelled_request_is_gone_by_the_next_tick():
    family = FakeFamily()
    engine = engine_on(family)
    ear, other = submit(engine, "a", plan()), submit(engine, "b", plan())
    tick(engine, 2)
    engine.cancel("a")
    tick(engine)
    assert isinstance(ear.last, RenderCanceled)
    assert family.batches == [8, 8, 4]
    assert len(engine._trajectories) == 2
    finish(engine)
    assert isinstance(other.last, Rendered)
    assert sum(isinstance(event, RenderCanceled) for event in ear.events) == 1


def test_cancelling_what_is_unknown_or_done_is_no_error():
    engine = engine_on(FakeFamily())
    ear = submit(engine, "a", plan())
    finish(engine)
    engine.cancel("a")
    engine.cancel("never seen")
    submit(engine, "b", plan())
    finish(engine)
    assert isinstance(ear.last, Rendered)


def test_a_row_that_raises_fails_its_own_request_and_no_other():
    asked = plan("a castle")
    engine = engine_on(FakeFamily(raises=ValueError("broken")))
    good, bad = submit(engine, "good", asked), submit(engine, "bad", plan(POISON))
    finish(engine)
    assert bad.last.code == "engine_error"
    assert "broken" not in bad.last.sentence
    assert good.last.pictures == painted(FakeFamily(), asked)


def test_running_out_of_memory_halves_the_batch_and_goes_on():
    asked = [plan("x" * i) for i in range(4)]
    family = FakeFamily(rows_that_fit=5)
    engine = engine_on(family)
    ears = [submit(engine, str(i), each) for i, each in enumerate(asked)]
    finish(engine)
    assert [ear.last.pictures for ear in ears] == [painted(FakeFamily(), each) for each in asked]
    assert family.batches[:7] == [16, 8, 4, 4, 8, 4, 4]
    assert max(family.batches[7:]) <= 5


def test_out_of_memory_fails_a_request_only_when_one_picture_does_not_fit():
    engine = engine_on(FakeFamily(rows_that_fit=1))
    ear = submit(engine, "a", plan())
    finish(engine)
    assert ear.last.code == "out_of_memory"


def test_no_shape_starves_behind_a_crowd_of_another():
    engine = engine_on(FakeFamily(), max_rows=4)
    long = Stage(width_px=64, height_px=64, steps=200)
    for i in range(4):
        submit(engine, f"crowd{i}", plan(stages=(long,)))
    tick(engine, 3)
    ear = submit(engine, "odd", plan(seeds=(1,), stages=(Stage(width_px=96, height_px=64, steps=5),)))
    ticks = 0
    while not ear.is_done:
        tick(engine)
        ticks += 1
    assert isinstance(ear.last, Rendered)
    assert ticks <= 5 * 5 + 2


def test_a_request_with_two_stages_counts_its_steps_over_both_and_ends_large():
    family = FakeFamily(has_hires=True)
    engine = engine_on(family)
    stages = (
        Stage(width_px=64, height_px=64, steps=4),
        Stage(width_px=128, height_px=128, steps=4, strength=0.5, network="hires"),
    )
    ear = submit(engine, "a", plan(stages=stages))
    finish(engine)
    steps = [event.step for event in ear.events if isinstance(event, Progressed)]
    assert steps == [1, 2, 3, 4, 5, 6]
    assert {event.steps for event in ear.events if isinstance(event, Progressed)} == {6}
    assert {p.width_px for p in ear.last.pictures} == {128}
    assert family.networks[0] == "base"
    assert family.networks[-1] == "hires"


def test_a_start_from_a_picture_stays_near_it_at_low_strength():
    red = Raster(64, 64, bytes((230, 20, 20)) * 64 * 64)
    engine = engine_on(FakeFamily())
    stage = Stage(width_px=64, height_px=64, steps=20, strength=0.05)
    ear = submit(engine, "a", plan("", guidance=1.0, stages=(stage,)), source=red)
    finish(engine)
    pixels = torch.frombuffer(bytearray(ear.last.pictures[0].rgb), dtype=torch.uint8).view(-1, 3).float().mean(0)
    assert pixels[0] > 150
    assert pixels[1] < 100


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"stages": (Stage(width_px=60, height_px=64, steps=5),)}, "multiples of 16"),
        ({"stages": (Stage(width_px=64, height_px=64, steps=0),)}, "steps"),
        ({"stages": (Stage(width_px=64, height_px=64, steps=5),) * 2}, "later stage"),
        ({"stages": (Stage(width_px=64, height_px=64, steps=5, strength=0.5),)}, "none was given"),
        ({"stages": ()}, "lacks"),
        ({"seeds": ()}, "lacks"),
        ({"seeds": (2**32,)}, "Seeds"),
        ({"parts": (PromptPart("a", 1.0), PromptPart("b", -1.0))}, "weights"),
        ({"sampler": "heun"}, "sampler"),
        ({"parts": (PromptPart("a", float("nan")),)}, "weights"),
        ({"parts": (PromptPart("a", float("inf")),)}, "weights"),
        ({"guidance": float("nan")}, "guidance is no number"),
        ({"guidance_interval": (0.7, 0.2)}, "guidance interval"),
        ({"guidance_interval": (-0.1, 0.5)}, "guidance interval"),
        ({"guidance_interval": (0.5, 1.1)}, "guidance interval"),
        ({"guidance_interval": (float("nan"), 1.0)}, "guidance interval"),
        ({"guidance_rescale": -0.1}, "guidance rescale"),
        ({"guidance_rescale": 1.1}, "guidance rescale"),
        ({"guidance_rescale": float("nan")}, "guidance rescale"),
        ({"parts": (PromptPart("a"), PromptPart("b" * (TOO_LONG + 1)))}, "too long"),
        ({"negative_prompt": "b" * (TOO_LONG + 1)}, "too long"),
    ],
)
def test_it_refuses_a_plan_that_cannot_run_and_says_why(changes, said):
    engine = engine_on(FakeFamily())
    ear = submit(engine, "a", plan(**changes))
    other = submit(engine, "b", plan())
    finish(engine)
    assert ear.last.code == "bad_plan"
    assert said in ear.last.sentence
    assert isinstance(other.last, Rendered)


def test_it_refuses_a_second_request_of_the_same_id():
    engine = engine_on(FakeFamily())
    first, second = submit(engine, "a", plan()), submit(engine, "a", plan())
    finish(engine)
    assert second.last.code == "bad_plan"
    assert isinstance(first.last, Rendered)


def test_a_checkpoint_that_cannot_be_loaded_fails_the_request_with_its_sentence():
    engine = engine_on(None)

    def load(name):
        raise CheckpointInvalidError("This folder is empty.")

    engine._load = load
    ear = submit(engine, "a", plan())
    tick(engine)
    assert (ear.last.code, ear.last.sentence) == ("checkpoint_invalid", "This folder is empty.")


def test_numbers_that_overflow_fail_their_request():
    engine = engine_on(FakeFamily())
    ear, other = submit(engine, "a", plan(POISON)), submit(engine, "b", plan())
    finish(engine)
    assert ear.last.code == "engine_error"
    assert "overflowed" in ear.last.sentence
    assert isinstance(other.last, Rendered)


def test_a_listener_that_raises_harms_nobody_else():
    engine = engine_on(FakeFamily())

    def broken(event):
        raise RuntimeError("deaf")

    asked = plan()
    ear = submit(engine, "b", asked)
    engine._residents  # noqa: B018 -- the broken one joins after, in the same batch
    from generation.contracts import RenderRequest

    engine.submit(RenderRequest(request_id="a", plan=asked), broken)
    finish(engine)
    assert isinstance(ear.last, Rendered)


class Waiting(Ear):
    """A listener that another thread can wait for."""

    def __init__(self) -> None:
        super().__init__()
        self.done = threading.Event()

    def __call__(self, event) -> None:
        super().__call__(event)
        if self.is_done:
            self.done.set()


def submit_waiting(engine, request_id: str, asked) -> Waiting:
    from generation.contracts import RenderRequest

    ear = Waiting()
    engine.submit(RenderRequest(request_id=request_id, plan=asked), ear)
    return ear


def test_the_thread_paints_what_other_threads_submit_and_stops():
    engine = engine_on(FakeFamily())
    engine.start()
    engine.warm("fake")
    ears = [submit_waiting(engine, str(i), plan("x" * i)) for i in range(5)]
    assert all(ear.done.wait(20) for ear in ears)
    assert all(isinstance(ear.last, Rendered) for ear in ears)
    engine.stop(timeout_s=10)
    assert not engine._thread.is_alive()


def test_stopping_tells_whoever_waits_then_and_later():
    engine = engine_on(FakeFamily())
    engine.start()
    endless = (Stage(width_px=64, height_px=64, steps=1000),)
    ear = submit_waiting(engine, "a", plan(stages=endless))
    engine.stop(timeout_s=10)
    late = submit_waiting(engine, "b", plan())
    assert ear.done.wait(10)
    assert late.done.wait(10)
    assert [ear.last.code, late.last.code] == ["engine_stopped", "engine_stopped"]
    assert isinstance(ear.last, RenderFailed)


def test_warming_raises_what_loading_raised():
    engine = engine_on(None)
    engine.start()
    with pytest.raises(AttributeError):
        engine.warm("fake")
    engine.stop(timeout_s=10)


def test_an_engine_that_was_idle_does_not_look_stalled_when_work_arrives():
    engine = engine_on(FakeFamily())
    engine._last_tick_at -= 1000
    submit(engine, "a", plan())
    assert engine.is_busy
    assert time.monotonic() - engine.last_tick_at < 10


def test_a_busy_engine_that_stands_still_looks_so_however_much_it_is_asked_for():
    engine = engine_on(FakeFamily())
    submit(engine, "a", plan())
    engine._last_tick_at -= 1000
    submit(engine, "b", plan())
    engine.cancel("a")
    assert time.monotonic() - engine.last_tick_at > 900


def test_the_last_step_is_told_before_the_picture_is_decoded():
    told_when_decoding = []

    class Slow(FakeFamily):
        def decode(self, latents):
            told_when_decoding.append(ear.last.step)
            return super().decode(latents)

    engine = engine_on(Slow())
    ear = submit(engine, "a", plan())
    finish(engine)
    assert told_when_decoding == [5, 5]


def test_a_picture_that_fails_beside_a_finished_one_of_its_request_fails_no_other_request():
    """The first picture's last step succeeds alone, the second's does not, with nothing left of their request."""

    class FailsAtTheSecondLastStep(FakeFamily):
        last_steps_alone = 0

        def predict(self, network, rows, timesteps, text):
            is_small, is_last = rows.shape[-1] == 8, float(timesteps.min()) == 200
            if is_small and is_last:
                if len(rows) > 2:
                    raise torch.OutOfMemoryError("no room for both")
                self.last_steps_alone += 1
                if self.last_steps_alone == 2:
                    raise torch.OutOfMemoryError("no room for the second")
            return super().predict(network, rows, timesteps, text)

    family = FailsAtTheSecondLastStep()
    engine = engine_on(family)
    two = submit(engine, "two", plan(seeds=(1, 2)))
    other = submit(engine, "other", plan(stages=(Stage(width_px=96, height_px=64, steps=30),)))
    finish(engine)
    assert family.last_steps_alone == 2
    assert two.last.code == "out_of_memory"
    assert isinstance(other.last, Rendered)


def test_what_did_not_fit_is_free_before_half_of_it_is_tried():
    held_when_tried = []

    class Hungry(FakeFamily):
        activations = staticmethod(lambda: None)

        def predict(self, network, rows, timesteps, text):
            held_when_tried.append(self.activations() is not None)
            large = torch.zeros(1000)
            self.activations = weakref.ref(large)
            return super().predict(network, rows, timesteps, text)

    engine = engine_on(Hungry(rows_that_fit=4))
    ear = submit(engine, "a", plan(seeds=(1, 2, 3, 4)))
    finish(engine)
    assert isinstance(ear.last, Rendered)
    assert len(held_when_tried) > 5
    assert not any(held_when_tried)


def test_a_preview_that_cannot_be_painted_costs_nobody_a_picture():
    def broken(latents):
        raise torch.OutOfMemoryError("no room for a preview")

    family = FakeFamily()
    family.latent_to_rgb = broken
    engine = engine_on(family)
    ears = [submit(engine, name, plan()) for name in "ab"]
    finish(engine)
    assert all(isinstance(ear.last, Rendered) for ear in ears)
    assert [event.step for event in ears[0].events if isinstance(event, Progressed)] == [1, 2, 3, 4, 5]


# --- warming and stopping


def warmed(engine) -> None:
    """Warm as the engine thread does, without one."""
    waiting = threading.Thread(target=engine.warm, args=("fake",))
    waiting.start()
    tick(engine)
    waiting.join(20)
    assert not waiting.is_alive()


def test_warming_tries_out_one_row_a_grid_and_an_upscale():
    family = FakeFamily(has_hires=True)
    warmed(engine_on(family))
    assert family.batches == [1, 8, 2]
    assert family.networks == ["base", "base", "hires"]


def test_warming_stays_within_the_rows_of_a_forward_pass():
    family = FakeFamily()
    warmed(engine_on(family, max_rows=4))
    assert family.batches == [1, 4, 2]


def test_warming_a_slow_model_stops_after_its_time(monkeypatch):
    monkeypatch.setattr("generation.engine.rehearsal.REHEARSAL_S", 0.0)
    family = FakeFamily()
    warmed(engine_on(family))
    assert family.batches == [1]


def test_an_engine_that_can_paint_one_row_is_warm_even_when_a_grid_does_not_fit():
    family = FakeFamily(rows_that_fit=2)
    warmed(engine_on(family))
    assert family.batches == [1, 8, 2]


def test_after_warming_the_first_grid_and_the_first_upscale_try_out_nothing(starter_afresh):
    engine = Engine(lambda _: starter_afresh, max_rows=16)
    warmed(engine)
    tried = tried_row_counts(starter_afresh)
    grid = submit(engine, "grid", plan("a tree", seeds=(1, 2, 3, 4), stages=(Stage(**SQUARE_128, steps=2),)))
    finish(engine)
    stage = Stage(width_px=256, height_px=256, steps=3, strength=0.4, network="hires")
    upscale = submit(engine, "upscale", plan("a tree", seeds=(1,), stages=(stage,)), grid.last.pictures[0])
    finish(engine)
    assert isinstance(upscale.last, Rendered)
    assert tried_row_counts(starter_afresh) == tried


SQUARE_128 = {"width_px": 128, "height_px": 128}


@pytest.fixture
def starter_afresh():
    """The starter as it is when a worker starts: nothing tried out."""
    return load_family(WEIGHTS_DIR, device="cpu", dtype=torch.float32)


def tried_row_counts(family) -> dict:
    return {shape: sorted(counts._known) for shape, counts in family._row_counts.items()}


def test_warming_a_stopped_engine_raises_and_loads_nothing():
    loaded = []
    engine = Engine(loaded.append, max_rows=8)
    engine.start()
    engine.stop(timeout_s=10)
    with pytest.raises(EngineStoppedError):
        engine.warm("fake")
    assert loaded == []


def test_stopping_an_engine_that_never_started_tells_whoever_waits():
    engine = engine_on(FakeFamily())
    before = submit(engine, "a", plan())
    engine.stop(timeout_s=10)
    after = submit(engine, "b", plan())
    assert [before.last.code, after.last.code] == ["engine_stopped", "engine_stopped"]
    assert not engine.is_busy


def test_stopping_twice_is_no_error():
    engine = engine_on(FakeFamily())
    engine.start()
    engine.stop(timeout_s=10)
    engine.stop(timeout_s=10)
    assert not engine.is_busy


def test_stopping_gives_up_on_a_tick_that_takes_too_long():
    entered, leave = threading.Event(), threading.Event()

    class Stuck(FakeFamily):
        def predict(self, network, rows, timesteps, text):
            entered.set()
            assert leave.wait(20)
            return super().predict(network, rows, timesteps, text)

    engine = engine_on(Stuck())
    engine.start()
    ear = submit_waiting(engine, "a", plan())
    assert entered.wait(20)
    with pytest.raises(TimeoutError):
        engine.stop(timeout_s=0.05)
    leave.set()
    assert ear.done.wait(20)
    engine.stop(timeout_s=10)


def test_many_threads_that_submit_cancel_and_stop_at_once_each_hear_one_end():
    engine = engine_on(FakeFamily())
    engine.start()
    ears: list[Waiting] = []

    def somebody(number: int) -> None:
        for i in range(8):
            ears.append(submit_waiting(engine, f"{number}/{i}", plan("x" * number, seeds=(i,))))
            if i % 3 == 0:
                engine.cancel(f"{number}/{i}")

    people = [threading.Thread(target=somebody, args=(number,)) for number in range(6)]
    for person in people:
        person.start()
    time.sleep(0.02)
    engine.stop(timeout_s=20)
    for person in people:
        person.join(20)
    assert len(ears) == 48
    assert all(ear.done.wait(20) for ear in ears)
    assert all(sum(not isinstance(event, Progressed) for event in ear.events) == 1 for ear in ears)
    assert not engine._residents
    assert not engine._trajectories
    assert len(engine._scheduler) == 0


def test_nothing_of_a_finished_request_stays_in_memory():
    engine = engine_on(FakeFamily())
    ear = submit(engine, "a", plan())
    tick(engine)
    latents = weakref.ref(next(iter(engine._trajectories.values())).latents)
    resident = weakref.ref(engine._residents["a"].trajectories[0].generator)
    finish(engine)
    assert isinstance(ear.last, Rendered)
    assert latents() is None
    assert resident() is None
