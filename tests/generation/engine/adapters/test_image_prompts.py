"""IP-Adapters against diffusers' pipelines, on real classes of tiny size."""

import itertools
import warnings
from dataclasses import replace

import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

from generation.contracts import AdapterUse, PromptPart, RenderRequest, SourceUse, Stage
from generation.engine.admission import admit
from generation.engine.checks import BadPlanError
from generation.engine.loading import load_family
from generation.errors import AdapterInvalidError
from generation.starter import WEIGHTS_DIR
from tests.generation.engine.adapters.files import adapter as adapter_of
from tests.generation.engine.adapters.files import write_peft
from tests.generation.engine.adapters.image_prompt_files import (
    PLUS_TOKENS,
    raster,
    shown,
    write_encoder,
    write_image_prompt,
)
from tests.generation.engine.fakes import Ear, engine_on, finish, plan, tick
from tests.generation.engine.families.parity import CLOSE, asked, difference, finished, load, pipeline_of
from tests.generation.engine.tiny_checkpoint import write_tiny_checkpoint

PIPELINES = {"sd2": "StableDiffusionPipeline", "sdxl": "StableDiffusionXLPipeline"}
ONE, OTHER = raster(1), raster(2, 48, 40)
HALF = 1.0
"""The weight of a picture beside words that makes its scale 0.5."""


@pytest.fixture(scope="module", params=[(name, plus) for name in PIPELINES for plus in (False, True)], ids=str)
def case(request):
    return request.param


@pytest.fixture(scope="module")
def adapters(folders, tmp_path_factory):
    root = tmp_path_factory.mktemp("image-prompts")
    made = {}
    for name, kind in PIPELINES.items():
        unet = pipeline_of(folders[name], kind).unet
        for plus in (False, True):
            folder = root / f"{name}-{plus}"
            folder.mkdir()
            made[name, plus] = write_image_prompt(folder / "look.safetensors", unet, plus=plus)
    return made


@pytest.fixture(scope="module")
def families(folders):
    return {name: load(folders[name]) for name in PIPELINES}


@torch.inference_mode()
def trajectories(family, sent):
    return admit(sent, Ear(), family, itertools.count()).trajectories


def ours(family, sent):
    return torch.stack(finished(family, *trajectories(family, sent)))


def bare(wanted) -> RenderRequest:
    return RenderRequest(request_id="a", plan=wanted)


@torch.inference_mode()
def theirs(folder, kind, file, wanted, pictures, scales, *, lora=None):
    """As many adapters as pictures: diffusers has a scale for each adapter, and none for each picture of one."""
    import diffusers

    pipeline = pipeline_of(folder, kind)
    path, count = file.path.rsplit("/", 1), len(pictures)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pipeline.load_ip_adapter([path[0]] * count, subfolder=[""] * count, weight_name=[path[1]] * count)
        pipeline.set_ip_adapter_scale(list(scales))
        pipeline.scheduler = diffusers.EulerDiscreteScheduler.from_config(pipeline.scheduler.config)
        if lora:
            pipeline.load_lora_weights(lora.path)
        return pipeline(
            prompt=wanted.parts[0].text,
            negative_prompt=wanted.negative_prompt or None,
            ip_adapter_image=[Image.frombytes("RGB", (one.width_px, one.height_px), one.rgb) for one in pictures],
            num_inference_steps=wanted.stages[0].steps,
            guidance_scale=wanted.guidance,
            generator=torch.Generator("cpu").manual_seed(wanted.seeds[0]),
            output_type="latent",
            width=wanted.stages[0].width_px,
            height=wanted.stages[0].height_px,
        ).images


@pytest.mark.parametrize("negative", ["", "fog"])
def test_latents_are_those_of_diffusers_up_to_1e_5(folders, families, adapters, case, negative):
    name, file = case[0], adapters[case]
    wanted = asked(guidance=5.0, negative_prompt=negative)
    found = ours(families[name], shown(wanted, file, (ONE, HALF)))
    expected = theirs(folders[name], PIPELINES[name], file, wanted, [ONE], [0.5])
    assert difference(found, expected) < CLOSE
    assert difference(found, ours(families[name], bare(wanted))) > 0.01


def test_several_pictures_count_by_their_weights_as_several_adapters_do_in_diffusers(folders, families, adapters, case):
    name, file = case[0], adapters[case]
    wanted = asked(guidance=5.0)
    found = ours(families[name], shown(wanted, file, (ONE, 1.0), (OTHER, 2.0), weight=1.2))
    expected = theirs(folders[name], PIPELINES[name], file, wanted, [ONE, OTHER], [0.3, 0.6])
    assert difference(found, expected) < CLOSE
    assert difference(found, ours(families[name], shown(wanted, file, (ONE, 2.0), (OTHER, 1.0), weight=1.2))) > 0.001


@pytest.mark.parametrize("name", PIPELINES)
def test_without_words_pictures_are_all_of_the_prompt(folders, families, adapters, name):
    file = adapters[name, False]
    wanted = asked(guidance=1.0, parts=(PromptPart(""),))
    found = ours(families[name], shown(wanted, file, (ONE, 0.5)))
    expected = theirs(folders[name], PIPELINES[name], file, wanted, [ONE], [1.0])
    assert difference(found, expected) < CLOSE


def test_it_goes_with_a_lora_on_the_same_layers_as_in_diffusers(folders, families, adapters, tmp_path):
    file, unet = adapters["sd2", False], families["sd2"].denoisers[0]
    lora = adapter_of(write_peft(tmp_path / "ink.safetensors", {"unet": unet}, targets=("to_q", "to_k", "to_out.0")))
    wanted = asked(guidance=5.0)
    found = ours(families["sd2"], shown(wanted, file, (ONE, HALF), others=(lora,)))
    expected = theirs(folders["sd2"], PIPELINES["sd2"], file, wanted, [ONE], [0.5], lora=lora)
    assert difference(found, expected) < CLOSE
    assert difference(found, ours(families["sd2"], shown(wanted, file, (ONE, HALF)))) > 0.01


def test_every_part_of_a_prompt_sees_the_pictures_and_what_is_pushed_away_does_not(families, adapters):
    file, told = adapters["sd2", False], asked(parts=(PromptPart("a boat"), PromptPart("fog", 2.0)), guidance=5.0)
    (picture,) = trajectories(families["sd2"], shown(told, file, (ONE, HALF)))
    negative, *parts = picture.conditionings["base"].hidden[:, -5:]
    assert torch.equal(parts[0], parts[1])
    assert not torch.allclose(negative[:4], parts[0][:4], atol=0.1)
    assert {float(part[4].unique()) for part in (negative, *parts)} == {0.5}


def test_weird_and_chaos_lead_the_words_away_and_leave_the_pictures(families, adapters):
    file = adapters["sd2", True]
    plain, led = (
        trajectories(families["sd2"], shown(asked(**spread), file, (ONE, HALF)))[0].conditionings["base"].hidden
        for spread in ({}, {"weird": 2000, "chaos": 60})
    )
    pictures = PLUS_TOKENS + 1
    assert torch.equal(plain[:, -pictures:], led[:, -pictures:])
    assert not torch.allclose(plain[1, 1:-pictures], led[1, 1:-pictures], atol=0.1)


# --- company


def test_rows_share_a_bucket_by_adapter_and_number_of_pictures(families, adapters):
    def bucket(sent):
        return trajectories(families["sd2"], sent)[0].bucket

    plain, plus, wanted = adapters["sd2", False], adapters["sd2", True], asked()
    one = bucket(shown(wanted, plain, (ONE, 1.0)))
    assert bucket(shown(replace(wanted, seeds=(9,)), plain, (OTHER, 0.3), weight=-0.5)) == one
    others = {
        bucket(shown(wanted, plain, (ONE, 1.0), (OTHER, 1.0))),
        bucket(shown(wanted, plus, (ONE, 1.0))),
        bucket(bare(wanted)),
        one,
    }
    assert len(others) == 4


@pytest.fixture(scope="module")
def starter_prompts(starter, tmp_path_factory):
    root = tmp_path_factory.mktemp("starter")
    return write_image_prompt(root / "look.safetensors", starter.denoisers[0])


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_pictures_have_their_bits_with_and_without_it_in_the_same_engine(starter_prompts, dtype):
    family = load_family(WEIGHTS_DIR, device="cpu", dtype=dtype)
    wanted = plan("a red house", seeds=(1, 2), stages=(Stage(width_px=64, height_px=64, steps=4),))
    requests = [
        bare(wanted),
        shown(wanted, starter_prompts, (ONE, 1.0)),
        shown(wanted, starter_prompts, (OTHER, 1.0)),
        shown(wanted, starter_prompts, (ONE, 2.0)),
        shown(wanted, starter_prompts, (ONE, 1.0), (OTHER, 1.0)),
        shown(replace(wanted, guidance=1.0), starter_prompts, (ONE, 1.0)),
    ]

    def painted(*sent):
        engine, ears = engine_on(family), [Ear() for _ in sent]
        for number, (each, ear) in enumerate(zip(sent, ears, strict=True)):
            engine.submit(replace(each, request_id=str(number)), ear)
            tick(engine)
        finish(engine)
        return [ear.last.pictures for ear in ears]

    alone = [painted(each)[0] for each in requests]
    assert len(set(alone)) == len(requests)
    assert painted(*requests) == alone
    assert painted(requests[0])[0] == alone[0]


def test_a_weight_of_0_is_none_to_the_bit(families, adapters):
    file, wanted = adapters["sd2", False], asked()
    none = shown(wanted, file, (ONE, HALF), weight=0.0)
    assert torch.equal(ours(families["sd2"], none), ours(families["sd2"], bare(wanted)))
    assert trajectories(families["sd2"], none)[0].bucket == trajectories(families["sd2"], bare(wanted))[0].bucket


def test_a_network_is_as_before_after_it_was_shown_pictures(families, adapters):
    family, file = families["sdxl"], adapters["sdxl", True]
    network = family.denoisers[0]
    before = {name: weight.clone() for name, weight in network.state_dict().items()}
    ours(family, shown(asked(), file, (ONE, HALF)))
    assert not any(layer._forward_hooks or layer._forward_pre_hooks for layer in network.modules())
    assert before.keys() == network.state_dict().keys()
    assert all(torch.equal(weight, before[name]) for name, weight in network.state_dict().items())


def test_it_is_used_in_place_of_the_words_that_a_picture_says(starter, starter_prompts):
    """The starter can look at pictures; where an IP-Adapter shows them, none is a row of the prompt."""
    wanted = plan("a red house", stages=(Stage(width_px=64, height_px=64, steps=2),))
    adapted = trajectories(starter, shown(wanted, starter_prompts, (ONE, 1.0)))[0]
    said = trajectories(starter, replace(bare(replace(wanted, sources=(SourceUse(prompt=1.0),))), sources=(ONE,)))[0]
    assert (len(adapted.conditionings["base"]), len(said.conditionings["base"])) == (2, 3)
    assert adapted.guidance.part_weights == (1.0,)


def test_the_high_resolution_network_is_shown_none(tmp_path):
    family = load(write_tiny_checkpoint(tmp_path / "tiny", with_refiner=True))
    file = write_image_prompt(tmp_path / "look.safetensors", family.denoisers[0])
    small, large = (Stage(width_px=side, height_px=side, steps=2) for side in (64, 128))
    wanted = plan(stages=(small, replace(large, strength=0.5, network="hires")))
    sent = shown(wanted, file, (ONE, HALF))
    (picture, _) = trajectories(family, sent)
    assert picture.conditionings["base"].tokens - picture.conditionings["hires"].tokens == 5
    engine, ear = engine_on(family), Ear()
    engine.submit(sent, ear)
    finish(engine)
    assert [(one.width_px, one.height_px) for one in ear.last.pictures] == [(128, 128)] * 2


def test_a_later_stage_of_the_same_network_sees_the_pictures_too(families, adapters):
    small, large = (Stage(width_px=side, height_px=side, steps=4) for side in (32, 64))
    wanted = asked(stages=(small, replace(large, strength=0.5)))
    engine, ear = engine_on(families["sd2"]), Ear()
    engine.submit(shown(wanted, adapters["sd2", False], (ONE, 3.0)), ear)
    tick(engine)
    (member,) = engine._trajectories.values()
    first = member.bucket
    while member.stage_index == 0:
        tick(engine)
    assert (member.bucket.outfit, member.bucket.tokens) == (first.outfit, first.tokens)
    assert len(first.outfit) == 1
    finish(engine)
    assert (ear.last.pictures[0].width_px, ear.last.pictures[0].height_px) == (64, 64)


# --- memory


def test_a_picture_is_looked_at_once_for_a_grid_and_its_rerolls(families, adapters):
    family, looks = families["sd2"], []
    eyes = family._wardrobe.eyes(adapters["sd2", True])
    hook = eyes.encoder.register_forward_hook(lambda *_: looks.append(1))
    fresh = raster(77)
    for seeds in ((1, 2, 3, 4), (5, 6, 7, 8)):
        trajectories(family, shown(asked(seeds=seeds), adapters["sd2", True], (fresh, 1.0)))
    first = len(looks)
    trajectories(family, shown(asked(), adapters["sd2", True], (raster(78), 1.0)))
    hook.remove()
    assert (first, len(looks)) == (2, 4)  # the picture, and zeros


def test_adapters_that_were_used_longest_ago_make_room(folders, tmp_path, adapters):
    family = load(folders["sd2"])
    files = [adapters["sd2", False], adapters["sd2", True]]
    files.append(write_image_prompt(tmp_path / "third.safetensors", family.denoisers[0]))
    for file in files:
        ours(family, shown(asked(), file, (ONE, HALF)))
    wardrobe = family._wardrobe
    assert (list(wardrobe._image_prompts), list(wardrobe._eyes)) == (files[1:], files[2:])
    ours(family, shown(asked(), files[0], (ONE, HALF)))
    assert list(wardrobe._eyes) == files[2:]  # its tokens were remembered


# --- refusals


def refusal(family, sent) -> str:
    with pytest.raises((AdapterInvalidError, BadPlanError)) as caught:
        ours(family, sent)
    return str(caught.value)


def test_what_does_not_fit_is_refused_in_one_sentence(folders, families, adapters, tmp_path):
    sd, file, wanted = families["sd2"], adapters["sd2", False], asked()

    def said(changed, family=sd, plan=wanted):
        return refusal(family, shown(plan, changed, (raster(5), 1.0)))

    assert "does not fit this checkpoint" in said(adapters["sdxl", False])
    assert "does not fit this checkpoint" in said(adapters["sdxl", True])
    assert "an IP-Adapter, which this checkpoint does not take" in said(
        file, load(folders["flux"]), asked(sampler="flow_euler")
    )
    assert "image encoder of the adapter look is not on this machine" in said(replace(file, encoder=""))
    assert "no image encoder of CLIP" in said(replace(file, encoder=str(tmp_path)))
    other = write_encoder(tmp_path / "other", hidden=32, projected=16)
    assert "takes 20 numbers of a picture, and the one in other gives 16" in said(replace(file, encoder=str(other)))
    assert "takes 24 numbers of a picture, and the one in other gives 32" in said(
        replace(adapters["sd2", True], encoder=str(other))
    )
    changes = {
        "a": (lambda tensors: tensors | {"lora": torch.zeros(1)}, "no IP-Adapter"),
        "b": (lambda tensors: _without(tensors, "image_proj.proj.weight"), "no IP-Adapter"),
        "c": (lambda tensors: _without(tensors, "image_proj.norm.bias"), "in an unknown way"),
        "d": (lambda tensors: _without(tensors, "ip_adapter.1.to_k_ip.weight"), "does not fit this checkpoint"),
        "e": (lambda tensors: tensors | {"ip_adapter.1.to_k_ip.weight": torch.zeros(2, 3)}, "layer as one of (2, 3)"),
    }
    for name, (change, reason) in changes.items():
        path = tmp_path / f"{name}.safetensors"
        save_file(change(load_file(file.path)), path)
        assert reason in said(replace(file, path=str(path), sha256=name)), name


def _without(tensors, name):
    return {key: tensor for key, tensor in tensors.items() if key != name}


def test_a_plan_has_one_that_shows_pictures_and_pictures_to_show(families, adapters):
    sd, file, wanted = families["sd2"], adapters["sd2", False], asked()
    both = shown(wanted, file, (ONE, 1.0), others=(replace(file, name="other"),))
    assert "other and look are both IP-Adapters" in refusal(sd, both)
    alone = replace(wanted, adapters=(AdapterUse(file.name),))
    assert "none of the plan's pictures is a prompt" in refusal(sd, replace(bare(alone), adapters=(file,)))
