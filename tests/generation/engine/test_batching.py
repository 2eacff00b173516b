"""One step of a real network at tiny size, against the formulas written out."""

import pytest
import torch
from diffusers.pipelines.stable_diffusion.pipeline_stable_diffusion import rescale_noise_cfg

from generation.contracts import PromptPart, RenderRequest, Stage
from generation.engine.admission import admit
from generation.engine.batching import step_together
from generation.engine.families.base import Conditioning
from generation.engine.loading import load_family
from generation.engine.state import Trajectory
from tests.generation.engine.fakes import Ear, plan

PARTS = (PromptPart("a tree", 3.0), PromptPart("the sea", 1.0), PromptPart("fog", -2.0))
WEIGHTS = (1.5, 0.5, -1.0)
LONG = "a house by the sea " * 5
"""A letter is a token of the tiny tokenizer: 75 of them, one chunk full."""
LONGER = LONG + "and a tree"


@pytest.fixture(scope="module")
def family(tiny_folder):
    return load_family(tiny_folder, device="cpu", dtype=torch.float32)


def start(family, **changes) -> Trajectory:
    values = {"seeds": (1,), "sampler": "euler", "stages": (Stage(width_px=64, height_px=64, steps=5),)}
    request = RenderRequest(request_id="a", plan=plan(**(values | changes)))
    return admit(request, Ear(), family, iter(range(9))).trajectories[0]


def outputs_of(family, trajectory: Trajectory, *texts: Conditioning) -> torch.Tensor:
    """What the network says to the next step of a picture, told each text alone."""
    step = trajectory.next_step
    row = trajectory.latents[None] / (step.sigma**2 + 1) ** 0.5
    timestep = torch.tensor([step.timestep])
    return torch.cat([family.predict("base", row, timestep, text) for text in texts])


@torch.inference_mode()
def noise_said(family, trajectory: Trajectory, company: tuple[Trajectory, ...] = ()) -> torch.Tensor:
    """Take a step; the noise (eps) that it found, from the estimate that it left."""
    before, sigma = trajectory.latents, trajectory.next_step.sigma
    step_together((*company, trajectory), family)
    return (before - trajectory.denoised) / sigma


@torch.inference_mode()
def encoded(family, *texts: str) -> list[Conditioning]:
    return [family.encode_text(text, "base") for text in texts]


@torch.inference_mode()
@pytest.mark.parametrize("phi", [0.0, 0.7, 1.0])
def test_parts_push_away_from_the_negative_prompt_and_are_rescaled_as_the_papers_write_it(family, phi):
    trajectory = start(family, parts=PARTS, negative_prompt="a city, a road", guidance=6.0, guidance_rescale=phi)
    negative, *parts = outputs_of(family, trajectory, *encoded(family, "a city, a road", *(p.text for p in PARTS)))
    guided = negative + 6 * sum(w * (part - negative) for w, part in zip(WEIGHTS, parts, strict=True))
    positive = sum(w * part for w, part in zip(WEIGHTS, parts, strict=True))
    expected = rescale_noise_cfg(guided[None], positive[None], guidance_rescale=phi)[0]
    assert torch.allclose(noise_said(family, trajectory), expected, atol=1e-5)


@torch.inference_mode()
def test_outside_the_interval_a_picture_hears_its_parts_alone(family):
    trajectory = start(family, parts=PARTS, negative_prompt="no", guidance_interval=(0.2, 0.3), guidance_rescale=1.0)
    parts = outputs_of(family, trajectory, *encoded(family, *(p.text for p in PARTS)))
    expected = sum(w * part for w, part in zip(WEIGHTS, parts, strict=True))
    assert torch.allclose(noise_said(family, trajectory), expected, atol=1e-5)
    assert trajectory.rows == 4  # the next step is guided


@torch.inference_mode()
def test_a_negative_prompt_is_filled_up_with_the_empty_text_to_the_prompts_length(family):
    trajectory = start(family, parts=(PromptPart(LONGER),), negative_prompt="fog", guidance=3.0)
    negative, long, empty = encoded(family, "fog", LONGER, "")
    assert (negative.tokens, long.tokens, trajectory.bucket.tokens) == (77, 154, 154)
    filled = Conditioning(torch.cat([negative.hidden, empty.hidden], dim=1))
    uncond, cond = outputs_of(family, trajectory, filled, long)
    assert torch.allclose(noise_said(family, trajectory), uncond + 3 * (cond - uncond), atol=1e-5)


@torch.inference_mode()
def test_guidance_and_rescale_give_a_picture_the_same_bits_in_company(family, monkeypatch):
    """The network runs row by row here, so that only the arithmetic around it could differ."""
    monkeypatch.setattr("generation.engine.families.rows.PROBED_WORK", 0)
    asked = [
        {"guidance_rescale": 0.7},
        {"guidance_interval": (0.5, 1.0), "guidance_rescale": 0.7},
        {"parts": PARTS, "guidance_rescale": 1.0},
        {"parts": PARTS},
        {"guidance": 1.0},
    ]
    alone, together = ([start(family, **changes) for changes in asked] for _ in range(2))
    for trajectory in alone:
        step_together([trajectory], family)
    step_together(together, family)
    for one, other in zip(alone, together, strict=True):
        assert torch.equal(one.latents, other.latents)
    assert [trajectory.rows for trajectory in together] == [2, 1, 4, 4, 1]
