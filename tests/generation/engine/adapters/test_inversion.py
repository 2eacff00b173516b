"""Learned words against diffusers' pipelines, on real classes of tiny size."""

import itertools
import warnings
from dataclasses import replace

import pytest
import torch
from safetensors.torch import save_file

from generation.contracts import PromptPart
from generation.engine.adapters.worn import outfit_of
from generation.engine.admission import admit
from generation.engine.checks import BadPlanError
from generation.engine.families.text_tower import TextTower
from generation.errors import AdapterInvalidError
from tests.generation.engine.adapters.files import adapter, request
from tests.generation.engine.fakes import Ear, plan
from tests.generation.engine.families.parity import CLOSE, asked, difference, finished, load, pipeline_of
from tests.generation.engine.tiny_families import LARGER_TEXT_WIDTH, TEXT_WIDTH

VECTORS = 3
PROMPT = "a red <cat> by the sea, <cat>"


def vectors(count: int, width: int, seed: int = 0) -> torch.Tensor:
    return torch.randn((count, width), generator=torch.Generator().manual_seed(seed))


@pytest.fixture(scope="module")
def cat(tmp_path_factory):
    path = tmp_path_factory.mktemp("words") / "cat.safetensors"
    save_file({"emb_params": vectors(VECTORS, TEXT_WIDTH)}, path)
    return adapter(path, "embedding")


@pytest.fixture(scope="module")
def xl_cat(tmp_path_factory):
    path = tmp_path_factory.mktemp("words") / "cat.safetensors"
    save_file({"clip_l": vectors(VECTORS, TEXT_WIDTH), "clip_g": vectors(VECTORS, LARGER_TEXT_WIDTH)}, path)
    return adapter(path, "embedding")


@pytest.fixture(scope="module")
def sd(folders):
    return load(folders["sd2"])


@torch.inference_mode()
def ours(family, sent):
    return torch.stack(finished(family, *admit(sent, Ear(), family, itertools.count()).trajectories))


@torch.inference_mode()
def theirs(pipeline, wanted):
    from diffusers import EulerDiscreteScheduler

    pipeline.scheduler = EulerDiscreteScheduler.from_config(pipeline.scheduler.config)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pipeline(
            prompt=wanted.parts[0].text,
            num_inference_steps=wanted.stages[0].steps,
            guidance_scale=wanted.guidance,
            generator=torch.Generator("cpu").manual_seed(wanted.seeds[0]),
            output_type="latent",
            width=wanted.stages[0].width_px,
            height=wanted.stages[0].height_px,
        ).images


def teach(pipeline, number: str, table: torch.Tensor) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pipeline.load_textual_inversion(
            {"<cat>": table},
            token="<cat>",
            text_encoder=getattr(pipeline, f"text_encoder{number}"),
            tokenizer=getattr(pipeline, f"tokenizer{number}"),
        )


def test_latents_are_those_of_diffusers_with_a_word_of_three_vectors_up_to_1e_5(folders, sd, cat):
    pipeline = pipeline_of(folders["sd2"], "StableDiffusionPipeline")
    teach(pipeline, "", vectors(VECTORS, TEXT_WIDTH))
    wanted = asked(guidance=5.0, parts=(PromptPart(PROMPT),))
    found = ours(sd, request(wanted, cat))
    assert difference(found, theirs(pipeline, wanted)) < CLOSE
    assert difference(found, ours(sd, request(wanted))) > 0.01


def test_latents_are_those_of_diffusers_with_a_word_of_both_towers_up_to_1e_5(folders, xl_cat):
    pipeline, family = pipeline_of(folders["sdxl"], "StableDiffusionXLPipeline"), load(folders["sdxl"])
    teach(pipeline, "", vectors(VECTORS, TEXT_WIDTH))
    teach(pipeline, "_2", vectors(VECTORS, LARGER_TEXT_WIDTH))
    wanted = asked(guidance=5.0, parts=(PromptPart(PROMPT),))
    found = ours(family, request(wanted, xl_cat))
    assert difference(found, theirs(pipeline, wanted)) < CLOSE
    assert difference(found, ours(family, request(wanted))) > 0.01


def told(family, text: str, sent) -> torch.Tensor:
    with torch.inference_mode(), family.texts_wearing(outfit_of(sent)):
        return family.encode_text(text, "base").hidden


def test_a_text_without_the_word_has_its_bits_and_so_has_every_text_afterwards(sd, cat):
    with torch.inference_mode():
        bare = {text: sd.encode_text(text, "base").hidden for text in ("a red house", PROMPT)}
    worn = request(plan(), cat)
    assert torch.equal(told(sd, "a red house", worn), bare["a red house"])
    assert not torch.allclose(told(sd, PROMPT, worn), bare[PROMPT])
    with torch.inference_mode():
        assert torch.equal(sd.encode_text(PROMPT, "base").hidden, bare[PROMPT])


def test_without_the_adapter_its_sign_is_plain_text(sd, cat):
    letters = "a <cat>"
    with torch.inference_mode():
        plain = sd.encode_text(letters, "base").hidden
    assert torch.equal(told(sd, letters, request(plan(), replace(cat, name="dog"))), plain)
    assert torch.equal(told(sd, letters, request(plan(), cat, weights=(0.0,))), plain)


def test_its_weight_multiplies_its_vectors(sd, cat, tmp_path):
    save_file({"emb_params": vectors(VECTORS, TEXT_WIDTH) * 0.5}, tmp_path / "cat.safetensors")
    half = adapter(tmp_path / "cat.safetensors", "embedding")
    assert torch.equal(told(sd, PROMPT, request(plan(), cat, weights=(0.5,))), told(sd, PROMPT, request(plan(), half)))


@pytest.mark.parametrize("before", [70, 72, 73, 75])
def test_chunks_count_its_vectors_and_do_not_cut_it(sd, cat, before):
    """A chunk holds 75 tokens: 72 letters and three vectors fill it, after 73 the word moves on whole."""
    tower: TextTower = sd.towers["text_encoder"]
    with tower.wearing((), sd._wardrobe.vectors("text_encoder", outfit_of(request(plan(), cat)))):
        chunks = tower._chunks("a " * before + "<cat> b")
    places = [[token.vector is not None for token in chunk] for chunk in chunks]
    assert [sum(chunk) for chunk in places if sum(chunk)] == [VECTORS]
    assert sum(map(len, places)) == before + VECTORS + 1
    assert len(places[0]) == {70: 74, 72: 75, 73: 73, 75: 75}[before]


def refusal(family, sent) -> str:
    with pytest.raises((AdapterInvalidError, BadPlanError)) as caught:
        admit(sent, Ear(), family, itertools.count())
    return str(caught.value)


def test_words_of_other_towers_are_refused_in_one_sentence(folders, sd, cat, xl_cat, tmp_path):
    xl = load(folders["sdxl"])
    assert "no such single text tower" in refusal(xl, request(asked(), cat))
    assert "no such pair of text towers" in refusal(sd, request(asked(), xl_cat))
    cases = {
        "wide": ({"<wide>": vectors(1, 99)}, "99 numbers for a token"),
        "many": ({"a": vectors(1, 4), "b": vectors(1, 4)}, "is no learned word: it holds 2 tensors"),
    }
    for name, (tensors, reason) in cases.items():
        save_file(tensors, tmp_path / f"{name}.safetensors")
        assert reason in refusal(sd, request(asked(), adapter(tmp_path / f"{name}.safetensors", "embedding")))


def test_flux_takes_no_learned_words(folders, cat):
    assert "a learned word, which this checkpoint does not take" in refusal(
        load(folders["flux"]), request(asked(sampler="flow_euler"), cat)
    )
