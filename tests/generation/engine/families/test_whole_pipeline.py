"""Checkpoints that diffusers paints by itself, with real pipelines in the engine's loop."""

import json
import shutil
import threading

import diffusers
import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from generation.contracts import Progressed, PromptPart, Raster, RenderCanceled, Rendered, Repaint, SourceUse, Stage
from generation.engine.families.whole_pipeline import _arguments
from generation.engine.images import to_image, to_raster
from generation.engine.loading import load_family
from generation.engine.loop import Engine
from generation.errors import CheckpointInvalidError
from tests.generation.engine.fakes import FakeFamily, finish, plan, submit, tick
from tests.generation.engine.families.parity import pipeline_of

pytestmark = pytest.mark.filterwarnings("ignore:__array__:DeprecationWarning")  # of schedulers, under numpy 2
STEPS = 4
SMALL = Stage(width_px=32, height_px=64, steps=STEPS)
PICTURE = Raster(32, 64, np.random.default_rng(0).integers(0, 256, 3 * 32 * 64, dtype=np.uint8).tobytes())
LCM, LCM_FROM_PICTURES = "LatentConsistencyModelPipeline", "LatentConsistencyModelImg2ImgPipeline"


def asked(**changes):
    return plan(
        "a red house", **({"checkpoint": "whole", "sampler": "own", "stages": (SMALL,), "seeds": (3, 4)} | changes)
    )


def engine_of(**families) -> Engine:
    return Engine(lambda name: families[name], max_rows=8, preview_interval_s=0.0)


@pytest.fixture(scope="module")
def lcm(lcm_folder):
    return load_family(lcm_folder, device="cpu", dtype=torch.float32)


@pytest.fixture(scope="module")
def pixart(pixart_folder):
    return load_family(pixart_folder, device="cpu", dtype=torch.float32)


@torch.inference_mode()
def by_diffusers(folder, kind: str, seed: int, **arguments) -> Raster:
    """What the pipeline paints when nobody interrupts it."""
    pipeline = pipeline_of(folder, kind)
    values = {"prompt": "a red house", "num_inference_steps": STEPS, "guidance_scale": 4.0} | arguments
    return to_raster(pipeline(**values, generator=torch.Generator("cpu").manual_seed(seed)).images[0])


def test_pictures_that_take_turns_have_the_bits_of_pipelines_that_run_alone(lcm, lcm_folder):
    engine = engine_of(whole=lcm)
    ears = [submit(engine, name, asked(seeds=seeds)) for name, seeds in {"a": (3, 4), "b": (5,)}.items()]
    finish(engine)
    painted = [picture for ear in ears for picture in ear.last.pictures]
    assert painted == [by_diffusers(lcm_folder, LCM, seed, width=32, height=64) for seed in (3, 4, 5)]


def test_one_that_calls_back_in_the_older_way_has_them_too(pixart, pixart_folder):
    engine = engine_of(whole=pixart)
    ear = submit(engine, "a", asked(seeds=(3,), negative_prompt="fog"))
    finish(engine)
    arguments = {"negative_prompt": "fog", "width": 32, "height": 64, "use_resolution_binning": False}
    assert ear.last.pictures == (by_diffusers(pixart_folder, "PixArtSigmaPipeline", 3, **arguments),)


def test_it_starts_from_a_picture_where_diffusers_has_a_pipeline_for_it(lcm, lcm_folder):
    engine = engine_of(whole=lcm)
    stage = Stage(width_px=32, height_px=64, steps=STEPS, strength=0.5)
    ear = submit(engine, "a", asked(seeds=(3,), stages=(stage,)), PICTURE)
    finish(engine)
    assert ear.last.pictures == (by_diffusers(lcm_folder, LCM_FROM_PICTURES, 3, image=to_image(PICTURE), strength=0.5),)
    assert ear.events[-2].steps == 2


@pytest.mark.parametrize("name", ["lcm_folder", "pixart_folder"])
def test_it_paints_in_bf16_too(request, name):
    family = load_family(request.getfixturevalue(name), device="cpu", dtype=torch.bfloat16)
    ear = submit(engine := engine_of(whole=family), "a", asked(seeds=(3,)))
    finish(engine)
    assert isinstance(ear.last, Rendered)
    assert {weight.dtype for weight in family._pipeline.vae.parameters()} == {torch.bfloat16}


def test_it_tells_every_step_and_shows_what_is_coming(lcm):
    engine = engine_of(whole=lcm)
    ear = submit(engine, "a", asked())
    finish(engine)
    told = [event for event in ear.events if isinstance(event, Progressed)]
    assert [(event.step, event.steps) for event in told] == [(n, STEPS) for n in range(1, STEPS + 1)]
    assert [len(event.preview) for event in told] == [2] * STEPS
    assert isinstance(ear.last, Rendered)


def test_others_wait_for_no_more_than_a_step_of_one_picture(lcm):
    other, steps = FakeFamily(), []
    engine = engine_of(whole=lcm, fake=other)
    submit(engine, "whole", asked())
    ear = submit(engine, "fake", plan(stages=(Stage(width_px=64, height_px=64, steps=STEPS),)))
    tick(engine)
    whole = engine._residents["whole"].trajectories
    while not ear.is_done:
        before = sum(each.step for each in whole)
        tick(engine)
        steps.append(sum(each.step for each in whole) - before)
    assert max(steps) == 1
    finish(engine)


def test_it_is_canceled_between_two_steps_and_leaves_nothing(lcm):
    before, engine = threading.active_count(), engine_of(whole=lcm)
    ear = submit(engine, "a", asked())
    tick(engine, 3)
    assert threading.active_count() == before + 2
    engine.cancel("a")
    other = submit(engine, "b", asked(seeds=(5,)))
    tick(engine)
    assert isinstance(ear.last, RenderCanceled)
    finish(engine)
    assert isinstance(other.last, Rendered)
    assert threading.active_count() == before


def test_what_its_pipeline_raises_fails_its_request_alone(lcm, monkeypatch):
    engine = engine_of(whole=lcm)
    ears = [submit(engine, name, asked(seeds=(3,))) for name in "ab"]
    tick(engine, 2)
    trajectory = engine._residents["a"].trajectories[0]
    monkeypatch.setattr(trajectory.run._baton, "_error", torch.OutOfMemoryError("no room"))
    finish(engine)
    assert ears[0].last.code == "out_of_memory"
    assert isinstance(ears[1].last, Rendered)


def test_warming_it_loads_it(lcm):
    engine = engine_of(whole=lcm)
    engine.start()
    engine.warm("whole")
    engine.stop(timeout_s=20)


@pytest.mark.parametrize(
    ("kind", "guidance", "negative"),
    [
        ("QwenImagePipeline", {"true_cfg_scale": 4.0}, {"negative_prompt": " "}),
        ("SanaPipeline", {"guidance_scale": 4.0}, {}),
        ("Flux2Pipeline", {"guidance_scale": 4.0}, {}),
    ],
)
def test_guidance_goes_by_the_name_that_a_pipeline_has_for_it(kind, guidance, negative):
    """Some have both names; one of them is for a number that the network is told."""
    given = _arguments(getattr(diffusers, kind), asked(), 3, None)
    assert {name: value for name, value in given.items() if name in {"guidance_scale", "true_cfg_scale"}} == guidance
    assert {name: value for name, value in given.items() if name == "negative_prompt"} == negative


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"sampler": "euler"}, "knows no sampler euler"),
        ({"parts": (PromptPart("a"), PromptPart("b"))}, "knows no weighted parts"),
        ({"seamless": True}, "knows no tiles whose edges meet"),
        ({"guidance_rescale": 0.7}, "knows no guidance rescale"),
        ({"guidance_interval": (0.2, 0.8)}, "knows no guidance intervals"),
        ({"schedule": "karras"}, "knows no schedules"),
        ({"eta": 0.5}, "knows no eta"),
        ({"chaos": 20}, "knows no chaos"),
        ({"weird": 500}, "knows no weird"),
        ({"repaint": Repaint(feather_px=0)}, "knows no repainting"),
        ({"stages": (Stage(width_px=32, height_px=64, steps=4, stop=0.5),)}, "knows no stage that stops early"),
        ({"stages": (SMALL, Stage(width_px=64, height_px=128, steps=4, strength=0.5))}, "knows no second stage"),
        ({"sources": (SourceUse(style=0.5),)}, "knows no blending, image prompts or style"),
        ({"stages": (Stage(width_px=32, height_px=40, steps=4),)}, "multiples of 32 px"),
        ({"stages": (Stage(width_px=32, height_px=64, steps=0),)}, "a positive number of steps"),
        ({"stages": (Stage(width_px=32, height_px=64, steps=4, strength=0.5),)}, "exactly one picture"),
        ({"seeds": ()}, "lacks a prompt, a stage or a seed"),
    ],
)
def test_what_only_the_step_batch_can_do_is_refused(lcm, changes, sentence):
    engine = engine_of(whole=lcm)
    ear = submit(engine, "a", asked(**changes))
    tick(engine, 1)
    assert ear.last.code == "bad_plan"
    assert sentence in ear.last.sentence


def test_a_pipeline_without_a_way_to_start_from_a_picture_says_so(pixart):
    engine = engine_of(whole=pixart)
    ear = submit(engine, "a", asked(stages=(Stage(width_px=32, height_px=64, steps=4, strength=0.5),)), PICTURE)
    tick(engine)
    assert "makes pictures from texts alone" in ear.last.sentence


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"_class_name": "NoSuchPipeline"}, "diffusers has no NoSuchPipeline"),
        ({"_class_name": "StableCascadeDecoderPipeline"}, "does not make pictures from a text alone"),
        ({"_class_name": "LTXPipeline"}, "takes num_frames"),
        ({"_class_name": "UNet2DConditionModel"}, "diffusers has no UNet2DConditionModel"),
        ({"unet": ["my_unet", "MyUNet"]}, "code out of a checkpoint is never run"),
    ],
)
def test_what_cannot_be_painted_with_is_refused_when_it_is_loaded(lcm_folder, tmp_path, changes, sentence):
    folder = shutil.copytree(lcm_folder, tmp_path / "dreams")
    index = json.loads((folder / "model_index.json").read_text()) | changes
    (folder / "model_index.json").write_text(json.dumps(index))
    with pytest.raises(CheckpointInvalidError, match=sentence):
        load_family(folder, device="cpu")


def test_a_pickle_in_the_place_of_weights_is_never_read(lcm_folder, tmp_path):
    folder = shutil.copytree(lcm_folder, tmp_path / "dreams")
    file = folder / "unet" / "diffusion_pytorch_model.safetensors"
    torch.save(load_file(file), file.with_suffix(".bin"))
    file.unlink()
    with pytest.raises(CheckpointInvalidError, match="dreams could not be loaded"):
        load_family(folder, device="cpu")
