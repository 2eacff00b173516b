"""ControlNets against diffusers' pipelines, on real classes of tiny size."""

import itertools
import warnings
from dataclasses import replace

import pytest
import torch

from generation.contracts import AdapterFile, ControlUse, Raster, RenderPlan, RenderRequest, Stage
from generation.engine.admission import admit
from generation.engine.batching import step_together
from generation.engine.checks import BadPlanError
from generation.engine.loading import load_family
from generation.errors import AdapterInvalidError
from tests.generation.engine.fakes import Ear, engine_on, finish
from tests.generation.engine.families.parity import CLOSE, asked, difference, finished, load, pipeline_of

PIPELINES = {
    "sd2": ("StableDiffusionPipeline", "StableDiffusionControlNetPipeline"),
    "sdxl": ("StableDiffusionXLPipeline", "StableDiffusionXLControlNetPipeline"),
}
EDGES = Raster(32, 48, bytes(range(256)) * 18)


def write_control(folder, unet) -> AdapterFile:
    """From a U-Net, as all of them begin, and with random weights where they begin with zeros."""
    from diffusers import ControlNetModel

    torch.manual_seed(5)
    network = ControlNetModel.from_unet(unet, conditioning_embedding_out_channels=(8, 16))
    for name, weight in network.named_parameters():
        if not bool(weight.any()) or "cond_embedding" in name:
            torch.nn.init.normal_(weight, std=0.3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        network.save_pretrained(folder)
    return AdapterFile(name="edges", kind="control", path=str(folder), sha256="5")


@pytest.fixture(scope="module", params=PIPELINES)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def edges(folders, tmp_path_factory):
    root = tmp_path_factory.mktemp("controls")
    return {
        name: write_control(root / name, pipeline_of(folders[name], kinds[0]).unet) for name, kinds in PIPELINES.items()
    }


@pytest.fixture(scope="module")
def families(folders):
    return {name: load(folders[name]) for name in PIPELINES}


def led(wanted: RenderPlan, file: AdapterFile, picture: Raster = EDGES, **use: float) -> RenderRequest:
    plan = replace(wanted, control=ControlUse(file.name, **use))
    return RenderRequest(request_id="a", plan=plan, control=file, control_picture=picture)


@torch.inference_mode()
def trajectories(family, sent):
    return admit(sent, Ear(), family, itertools.count()).trajectories


def ours(family, sent):
    return torch.stack(finished(family, *trajectories(family, sent)))


def bare(wanted: RenderPlan) -> RenderRequest:
    return RenderRequest(request_id="a", plan=wanted)


@torch.inference_mode()
def theirs(folder, name, file, wanted, **arguments):
    import diffusers
    from PIL import Image

    pipeline = pipeline_of(folder, PIPELINES[name][0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        control = diffusers.ControlNetModel.from_pretrained(file.path)
        parts = pipeline.components | {"controlnet": control}
        parts["scheduler"] = diffusers.EulerDiscreteScheduler.from_config(pipeline.scheduler.config)
        known = getattr(diffusers, PIPELINES[name][1])
        pipeline = known(**{part: value for part, value in parts.items() if part != "image_encoder" or value})
        pipeline.set_progress_bar_config(disable=True)
        return pipeline(
            prompt=wanted.parts[0].text,
            image=Image.frombytes("RGB", (EDGES.width_px, EDGES.height_px), EDGES.rgb),
            num_inference_steps=wanted.stages[0].steps,
            guidance_scale=wanted.guidance,
            generator=torch.Generator("cpu").manual_seed(wanted.seeds[0]),
            output_type="latent",
            width=wanted.stages[0].width_px,
            height=wanted.stages[0].height_px,
            **arguments,
        ).images


def test_latents_are_those_of_diffusers_up_to_1e_5(folders, families, edges, name):
    wanted = asked(guidance=5.0)
    found = ours(families[name], led(wanted, edges[name], weight=0.7))
    expected = theirs(folders[name], name, edges[name], wanted, controlnet_conditioning_scale=0.7)
    assert difference(found, expected) < CLOSE
    assert difference(found, ours(families[name], bare(wanted))) > 0.01


def test_it_counts_between_its_start_and_its_end_as_in_diffusers(folders, families, edges, name):
    wanted = asked(guidance=5.0, steps=5)
    found = ours(families[name], led(wanted, edges[name], start=0.2, end=0.6))
    expected = theirs(folders[name], name, edges[name], wanted, control_guidance_start=0.2, control_guidance_end=0.6)
    assert difference(found, expected) < CLOSE
    assert difference(found, ours(families[name], led(wanted, edges[name]))) > 0.001


def test_its_network_runs_only_while_it_counts(families, edges, name):
    family, passes = families[name], []
    sent = led(asked(steps=5), edges[name], start=0.2, end=0.6)
    ours(family, sent)  # exact numbers of rows are tried out with pictures that count
    (picture,) = trajectories(family, sent)
    with torch.inference_mode(), family.network_wearing(picture.bucket.outfit):
        network = family._control.network
        hook = network.register_forward_hook(lambda *_: passes.append(picture.step))
        while not picture.stage_is_done:
            step_together([picture], family)
    hook.remove()
    assert sorted(set(passes)) == [1, 2]


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_pictures_have_their_bits_with_and_without_it_in_the_same_engine(folders, edges, name, dtype):
    family = load_family(folders[name], device="cpu", dtype=dtype)
    wanted = asked(guidance=5.0, seeds=(1, 2))
    other = Raster(32, 48, EDGES.rgb[::-1])
    requests = [
        bare(wanted),
        led(wanted, edges[name]),
        led(wanted, edges[name], other, weight=0.5),
        led(replace(wanted, guidance=1.0), edges[name], end=0.5),
    ]

    def painted(*sent):
        engine, ears = engine_on(family), [Ear() for _ in sent]
        for number, (each, ear) in enumerate(zip(sent, ears, strict=True)):
            engine.submit(replace(each, request_id=str(number)), ear)
        finish(engine)
        return [ear.last.pictures for ear in ears]

    alone = [painted(each)[0] for each in requests]
    assert len(set(alone)) == len(requests)
    assert painted(*requests) == alone


def test_a_weight_of_0_is_none_to_the_bit_and_waits_in_the_bucket_of_those_without(families, edges, name):
    wanted = asked()
    none = led(wanted, edges[name], weight=0.0)
    assert torch.equal(ours(families[name], none), ours(families[name], bare(wanted)))
    (one,), (other,) = trajectories(families[name], none), trajectories(families[name], bare(wanted))
    assert one.bucket == other.bucket
    assert one.hint is None


def test_each_stage_is_led_at_its_own_size(families, edges, name):
    small, large = (Stage(width_px=side, height_px=side, steps=2) for side in (32, 64))
    wanted = asked(stages=(small, replace(large, strength=0.5, network="hires")))
    engine, ear, plain = engine_on(families[name]), Ear(), Ear()
    engine.submit(led(wanted, edges[name]), ear)
    engine.submit(replace(bare(wanted), request_id="b"), plain)
    finish(engine)
    assert [(picture.width_px, picture.height_px) for picture in ear.last.pictures] == [(64, 64)]
    assert ear.last.pictures != plain.last.pictures


def refusal(family, sent) -> str:
    with pytest.raises((AdapterInvalidError, BadPlanError)) as caught:
        ours(family, sent)
    return str(caught.value)


def test_what_cannot_be_led_is_refused_in_one_sentence(families, edges, tmp_path):
    sd, file, wanted = families["sd2"], edges["sd2"], asked()
    sent = led(wanted, file)
    assert "no picture for it" in refusal(sd, replace(sent, control_picture=None))
    assert "no ControlNet that was given" in refusal(sd, replace(sent, control=None))
    assert "has no use for it" in refusal(sd, replace(sent, plan=wanted))
    assert "from -2 to 2" in refusal(sd, led(wanted, file, weight=3.0))
    assert "to a later one" in refusal(sd, led(wanted, file, start=0.5, end=0.5))
    assert "whose edges meet" in refusal(sd, led(replace(wanted, seamless=True), file))
    assert "does not fit this checkpoint" in refusal(sd, led(wanted, edges["sdxl"]))
    assert "is not on this machine" in refusal(sd, led(wanted, replace(file, path=str(tmp_path / "gone"))))
    (tmp_path / "empty").mkdir()
    assert "no ControlNet that can be read" in refusal(sd, led(wanted, replace(file, path=str(tmp_path / "empty"))))
