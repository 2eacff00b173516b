"""LoRAs against diffusers' pipelines with PEFT, on real classes of tiny size."""

import itertools
import warnings
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file, save_file

from generation.contracts import Stage
from generation.engine.adapters.layers import is_dressed
from generation.engine.adapters.wardrobe import Wardrobe
from generation.engine.adapters.worn import Worn, outfit_of
from generation.engine.admission import admit
from generation.engine.checks import BadPlanError
from generation.engine.loading import load_family
from generation.engine.state import bucket_of
from generation.errors import AdapterInvalidError
from generation.starter import WEIGHTS_DIR
from tests.generation.engine.adapters.files import (
    ALPHA,
    CONVOLUTIONS,
    RANK,
    TARGETS,
    adapter,
    merge_texts,
    request,
    write_kohya,
    write_peft,
)
from tests.generation.engine.fakes import Ear, engine_on, finish, plan, tick
from tests.generation.engine.families.parity import CLOSE, asked, difference, finished, load, pipeline_of
from tests.generation.engine.tiny_checkpoint import write_tiny_checkpoint

PIPELINES = {
    "sd2": ("StableDiffusionPipeline", ("unet", "text_encoder")),
    "sdxl": ("StableDiffusionXLPipeline", ("unet", "text_encoder", "text_encoder_2")),
    "sd3": ("StableDiffusion3Pipeline", ("transformer", "text_encoder", "text_encoder_2")),
    "flux": ("FluxPipeline", ("transformer", "text_encoder")),
}


@torch.inference_mode()
def ours(family, sent):
    return torch.stack(finished(family, *admit(sent, Ear(), family, itertools.count()).trajectories))


@torch.inference_mode()
def theirs(pipeline, wanted, paths, weights):
    """By PEFT in the denoising network; text encoders have theirs already."""
    names = [f"a{number}" for number in range(len(paths))]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, path in zip(names, paths, strict=True):
            own = {key: tensor for key, tensor in load_file(path).items() if not key.startswith(("text", "lora_te"))}
            pipeline.load_lora_weights(own, adapter_name=name)
        pipeline.set_adapters(names, adapter_weights=list(weights))
        return pipeline(
            prompt=wanted.parts[0].text,
            negative_prompt=wanted.negative_prompt or None,
            num_inference_steps=wanted.stages[0].steps,
            guidance_scale=wanted.guidance,
            generator=torch.Generator("cpu").manual_seed(wanted.seeds[0]),
            output_type="latent",
            width=wanted.stages[0].width_px,
            height=wanted.stages[0].height_px,
        ).images


def networks(pipeline, name):
    return {part: getattr(pipeline, part) for part in PIPELINES[name][1]}


CASES = [("sd2", write_peft), ("sd2", write_kohya), ("sdxl", write_peft), ("sdxl", write_kohya)]
CASES += [("sd3", write_peft), ("flux", write_peft)]


@pytest.mark.parametrize(("name", "write"), CASES)
def test_latents_are_those_of_diffusers_with_two_loras_up_to_1e_5(tmp_path, folders, name, write):
    """The parts in text encoders included, and convolutions of 3 x 3; three ways apart from the bare checkpoint."""
    without = ("text_encoder_3", "tokenizer_3") if name == "sd3" else ()
    pipeline, family = pipeline_of(folders[name], PIPELINES[name][0], without), load(folders[name])
    targets = (*TARGETS, *(CONVOLUTIONS if name == "sd2" else ()))
    changed = networks(pipeline, name)
    paths = [write(tmp_path / f"{n}.safetensors", changed, seed=n, targets=targets) for n in (1, 2)]
    wanted = asked(guidance=5.0, sampler="flow_euler" if name in {"sd3", "flux"} else "euler")
    sent = request(wanted, *map(adapter, paths), weights=(0.8, -0.5))
    found = ours(family, sent)
    for seed, weight in ((1, 0.8), (2, -0.5)):
        scale = weight * (ALPHA / RANK if write is write_kohya else 1)
        merge_texts(changed, changed, scale, seed=seed, targets=targets)
    expected = theirs(pipeline, wanted, paths, (0.8, -0.5))
    if name == "flux":
        expected = pipeline._unpack_latents(expected, 48, 32, pipeline.vae_scale_factor)
    assert difference(found, expected) < CLOSE
    bare = ours(family, request(wanted))
    one = ours(family, request(wanted, adapter(paths[0])))
    assert min(difference(found, bare), difference(found, one), difference(one, bare)) > 0.01


# --- company


@pytest.fixture(scope="module")
def starter_lora(starter, tmp_path_factory):
    network, tower = starter.denoisers[0], starter.towers["text_encoder"].encoder
    path = tmp_path_factory.mktemp("loras") / "house.safetensors"
    return adapter(write_peft(path, {"unet": network, "text_encoder": tower}, targets=("to_q", "to_v", "to_out.0")))


@pytest.fixture(scope="module")
def network_lora(starter, tmp_path_factory):
    """It leaves the texts alone, so that what changes is the network's doing."""
    path = tmp_path_factory.mktemp("loras") / "roof.safetensors"
    return adapter(write_peft(path, {"unet": starter.denoisers[0]}, targets=("to_q", "to_v", "to_out.0")))


def painted_together(family, *sent):
    engine = engine_on(family)
    ears = []
    for number, each in enumerate(sent):
        ears.append(Ear())
        engine.submit(replace(each, request_id=str(number)), ears[-1])
        tick(engine)
    finish(engine)
    return [ear.last.pictures for ear in ears]


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_pictures_have_their_bits_with_and_without_a_lora_in_the_same_engine(network_lora, dtype):
    family = load_family(WEIGHTS_DIR, device="cpu", dtype=dtype)
    wanted = plan("a red house", seeds=(1, 2), stages=(Stage(width_px=64, height_px=64, steps=4),))
    other = replace(wanted, seeds=(7,))
    bare, worn = request(wanted), request(wanted, network_lora, weights=(0.5,))
    stronger = request(wanted, network_lora, weights=(1.0,))
    alone = [painted_together(family, each)[0] for each in (bare, worn, stronger)]
    assert len(set(alone)) == 3
    company = (worn, bare, request(other, network_lora, weights=(0.5,)), stronger, request(other))
    together = painted_together(family, *company)
    assert [together[1], together[0], together[3]] == alone
    assert painted_together(family, bare)[0] == alone[0]


def test_exact_numbers_of_rows_are_tried_out_for_what_is_worn(network_lora, starter_lora):
    """Narrow products are kernels of their own, which may choose otherwise; a weight changes none of their shapes."""
    family = load_family(WEIGHTS_DIR, device="cpu", dtype=torch.bfloat16)
    rows = torch.zeros((1, *family.latent_shape(64, 64)))
    with torch.inference_mode():
        told = family.encode_text("", "base")
        for weights in ((), (0.5,), (1.0,)):
            with family.network_wearing(outfit_of(request(plan(), *[network_lora] * len(weights), weights=weights))):
                family.predict("base", rows, torch.zeros(1), told)
    assert len(family._rows._counts) == 2


def test_a_weight_of_0_is_no_lora_to_the_bit(starter, starter_lora):
    wanted = plan("a red house", stages=(Stage(width_px=64, height_px=64, steps=2),))
    without, with_none = painted_together(starter, request(wanted), request(wanted, starter_lora, weights=(0.0,)))
    assert without == with_none


def test_a_text_is_remembered_for_each_outfit(starter, starter_lora):
    """The LoRA has a part in the text encoder; the second time both come from memory."""
    worn = outfit_of(request(plan(), starter_lora))
    for _ in range(2):
        with torch.inference_mode():
            bare = starter.encode_text("a lighthouse", "base").hidden
            with starter.texts_wearing(worn):
                told = starter.encode_text("a lighthouse", "base").hidden
        assert not torch.allclose(bare, told, atol=0.01)


def test_the_high_resolution_network_wears_none(tmp_path):
    family = load(write_tiny_checkpoint(tmp_path / "tiny", with_refiner=True))
    file = adapter(write_peft(tmp_path / "a.safetensors", {"unet": family.denoisers[0]}, targets=("to_q",)))
    stages = (Stage(width_px=64, height_px=64, steps=2), Stage(width_px=128, height_px=128, steps=2, strength=0.5))
    wanted = plan(stages=(stages[0], replace(stages[1], network="hires")))
    sent = request(wanted, file)
    with torch.inference_mode():
        told = admit(sent, Ear(), family, itertools.count()).trajectories[0].conditionings
    outfits = [bucket_of(stage, sent, family, told).outfit for stage in wanted.stages]
    assert [len(outfit) for outfit in outfits] == [1, 0]
    engine = engine_on(family)
    ear = Ear()
    engine.submit(sent, ear)
    finish(engine)
    assert [(p.width_px, p.height_px) for p in ear.last.pictures] == [(128, 128)] * 2


def test_a_network_is_as_before_after_it_was_worn(starter, starter_lora):
    worn = outfit_of(request(plan(), starter_lora))
    network = starter.denoisers[0]
    with starter.network_wearing(worn):
        assert is_dressed(network)
        assert any(layer._forward_hooks for layer in network.modules())
    assert not is_dressed(network)
    assert not any(layer._forward_hooks for layer in network.modules())


def test_a_wardrobe_lets_go_of_what_was_worn_longest_ago(starter, starter_lora, tmp_path, monkeypatch):
    network = {"unet": starter.denoisers[0]}
    others = [adapter(write_peft(tmp_path / f"{n}.safetensors", network, seed=n, targets=("to_q",))) for n in (1, 2)]
    wardrobe = Wardrobe(starter._wardrobe._networks, starter.lora_loader, denoiser="unet")
    monkeypatch.setattr("generation.engine.adapters.wardrobe.MOST_BYTES", 1)
    for file in (starter_lora, *others):
        wardrobe.worn_by("unet", (Worn(file, 1.0),))
    assert list(wardrobe._loras) == [others[1]]
    assert wardrobe.worn_by("unet", (Worn(starter_lora, 1.0),))


# --- refusals


def refusal(family, sent) -> str:
    with pytest.raises((BadPlanError, AdapterInvalidError)) as caught:
        admit(sent, Ear(), family, itertools.count())
    return str(caught.value)


def test_a_lora_of_another_family_is_refused(folders, tmp_path):
    pipeline = pipeline_of(folders["sdxl"], "StableDiffusionXLPipeline")
    foreign = adapter(write_peft(tmp_path / "xl.safetensors", networks(pipeline, "sdxl")))
    assert refusal(load(folders["sd2"]), request(asked(), foreign)).startswith("The adapter xl does not fit this check")


def test_what_is_no_lora_is_refused_in_one_sentence(starter, tmp_path):
    cases = {
        "words": ({"emb_params": torch.zeros(1, 4)}, "no LoRA"),
        "dora": ({"unet.a.lora_A.weight": torch.zeros(1, 4), "unet.a.dora_scale": torch.zeros(1)}, "more than a LoRA"),
        "half": ({"unet.conv_in.lora_A.weight": torch.zeros(1, 4, 3, 3)}, "a part that no LoRA has"),
    }
    for name, (tensors, reason) in cases.items():
        save_file(tensors, tmp_path / f"{name}.safetensors")
        assert reason in refusal(starter, request(plan(), adapter(tmp_path / f"{name}.safetensors")))


def test_files_that_cannot_be_read_are_refused_in_one_sentence(starter, tmp_path):
    (tmp_path / "a.pt").write_bytes(b"pickle")
    (tmp_path / "b.safetensors").write_bytes(b"not much")
    gone = adapter(tmp_path / "b.safetensors", name="gone")
    pickle, broken = (adapter(tmp_path / name) for name in ("a.pt", "b.safetensors"))
    assert "nothing else is read" in refusal(starter, request(plan(), pickle))
    assert "damaged" in refusal(starter, request(plan(), broken))
    assert "not on this machine" in refusal(
        starter, request(plan(), replace(gone, path=str(tmp_path / "c.safetensors")))
    )


def test_numbers_out_of_range_are_refused(starter, starter_lora):
    many = [replace(starter_lora, name=str(number)) for number in range(6)]
    assert "At most 5" in refusal(starter, request(plan(), *many))
    assert "named twice" in refusal(starter, request(plan(), starter_lora, starter_lora))
    for weight in (2.1, -2.1, float("nan")):
        assert "from -2 to 2" in refusal(starter, request(plan(), starter_lora, weights=(weight,)))
    sent = request(plan(), starter_lora)
    assert "not those of the plan" in refusal(starter, replace(sent, adapters=()))
