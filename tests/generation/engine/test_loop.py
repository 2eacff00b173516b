import weakref

import pytest
import torch

from generation.contracts import Progressed, PromptPart, Raster, RenderCanceled, Rendered, Stage
from generation.errors import CheckpointInvalidError
from tests.generation.engine.fakes import POISON, TOO_LONG, FakeFamily, engine_on, finish, painted, plan, submit, tick


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

        def predict(self, network, rows, timesteps, conditioning):
            is_small, is_last = rows.shape[-1] == 8, float(timesteps.min()) == 200
            if is_small and is_last:
                if len(rows) > 2:
                    raise torch.OutOfMemoryError("no room for both")
                self.last_steps_alone += 1
                if self.last_steps_alone == 2:
                    raise torch.OutOfMemoryError("no room for the second")
            return super().predict(network, rows, timesteps, conditioning)

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

        def predict(self, network, rows, timesteps, conditioning):
            held_when_tried.append(self.activations() is not None)
            large = torch.zeros(1000)
            self.activations = weakref.ref(large)
            return super().predict(network, rows, timesteps, conditioning)

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
