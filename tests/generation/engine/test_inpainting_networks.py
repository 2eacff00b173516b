"""Networks that were trained to paint a part of a picture are shown the same as by diffusers' own pipeline."""

import shutil

import numpy as np
import pytest
import torch
from diffusers import EulerDiscreteScheduler, StableDiffusionInpaintPipeline
from safetensors.torch import load_file, save_file

from generation.contracts import RenderRequest, Repaint, Stage
from generation.engine.images import to_image
from generation.engine.loading import load_family
from tests.generation.engine.fakes import Ear, engine_on, finish, plan
from tests.generation.engine.test_images import noise
from tests.generation.engine.test_loading import rewrite_json
from tests.generation.engine.test_masks import marked

WEIGHTS = "diffusion_pytorch_model.safetensors"
SQUARE = Stage(width_px=128, height_px=128, steps=4)
ASKED = plan("a tree", seeds=(3,), sampler="euler", guidance=5.0, stages=(SQUARE,))
MASK = marked(128, 128, (32, 48, 96, 112))  # along the borders of latent positions


@pytest.fixture(scope="module")
def folder(tiny_folder, tmp_path_factory):
    """The tiny checkpoint with a network of nine channels, and an encoder that is sure of its latents."""
    folder = tmp_path_factory.mktemp("inpainting") / "dreams"
    shutil.copytree(tiny_folder, folder)
    rewrite_json(folder / "unet/config.json", in_channels=9)
    wide = torch.randn(32, 9, 3, 3, generator=torch.Generator().manual_seed(0)) * 0.1
    save_file(load_file(folder / "unet" / WEIGHTS) | {"conv_in.weight": wide}, folder / "unet" / WEIGHTS)
    vae = load_file(folder / "vae" / WEIGHTS)
    vae["quant_conv.weight"][4:], vae["quant_conv.bias"][4:] = 0.0, -30.0
    save_file(vae, folder / "vae" / WEIGHTS)
    return folder


@pytest.fixture(scope="module")
def family(folder):
    return load_family(folder, device="cpu", dtype=torch.float32)


def rows_seen(family, asked, source=None, mask=None):
    """What the network is shown in every step, and the picture."""
    seen, predict = [], family.predict

    def remember(network, rows, *rest, **how):
        seen.append(rows.clone())
        return predict(network, rows, *rest, **how)

    family.predict = remember
    engine, ear = engine_on(family), Ear()
    sources = () if source is None else (source,)
    engine.submit(RenderRequest(request_id="a", plan=asked, sources=sources, mask=mask), ear)
    finish(engine)
    del family.predict
    return seen, ear.last.pictures[0]


def rows_of_the_pipeline(folder, source, mask):
    pipeline = StableDiffusionInpaintPipeline.from_pretrained(folder, safety_checker=None, local_files_only=True)
    pipeline.scheduler = EulerDiscreteScheduler.from_config(pipeline.scheduler.config, timestep_spacing="linspace")
    pipeline.set_progress_bar_config(disable=True)
    seen = []
    forward = pipeline.unet.forward
    pipeline.unet.forward = lambda rows, *rest, **how: seen.append(rows.clone()) or forward(rows, *rest, **how)
    latents = torch.randn((1, 4, 16, 16), generator=torch.Generator().manual_seed(3))
    pictures = {"image": to_image(source), "mask_image": to_image(mask), "latents": latents}
    pipeline("a tree", **pictures, height=128, width=128, num_inference_steps=4, guidance_scale=5.0, strength=1.0)
    return seen


@pytest.mark.filterwarnings("ignore")
def test_it_is_shown_the_mask_and_what_the_mask_leaves_as_by_diffusers(family, folder):
    source = noise(128, 128)
    ours, _ = rows_seen(family, _painting_a_part(), source, MASK)
    theirs = rows_of_the_pipeline(folder, source, MASK)
    assert ours[0].shape == theirs[0].shape == (2, 9, 16, 16)
    assert torch.equal(ours[0][:, 4], theirs[0][:, 4])
    assert (ours[0][:, 5:] - theirs[0][:, 5:]).abs().max() < 0.02 * theirs[0][:, 5:].std()
    painted = ours[0][0, 4] == 1
    assert painted.any()
    assert not painted.all()
    assert torch.allclose(ours[0][:, :4][..., painted], theirs[0][:, :4][..., painted], atol=1e-4)


def test_it_keeps_the_sources_pixels_too(family):
    source = noise(128, 128)
    _, picture = rows_seen(family, _painting_a_part(), source, MASK)
    kept = np.asarray(to_image(MASK))[..., 0] == 0
    assert (np.asarray(to_image(picture))[kept] == np.asarray(to_image(source))[kept]).all()


def test_without_a_mask_it_is_shown_that_all_is_to_be_painted(family):
    seen, _ = rows_seen(family, ASKED)
    assert (seen[0][:, 4] == 1).all()
    gray = family.encode_picture(torch.full((1, 3, 128, 128), 128 / 127.5 - 1))
    assert torch.allclose(seen[0][:, 5:], gray.expand(2, -1, -1, -1), atol=1e-3)


def test_rows_of_several_people_are_shown_each_their_own_mask(family):
    source = noise(128, 128)
    both = (MASK, marked(128, 128, (0, 0, 64, 64)))
    alone = [rows_seen(family, _painting_a_part(), source, mask)[1] for mask in both]
    engine, ears = engine_on(family), [Ear(), Ear()]
    for number, mask in enumerate(both):
        request = RenderRequest(request_id=str(number), plan=_painting_a_part(), sources=(source,), mask=mask)
        engine.submit(request, ears[number])
    finish(engine)
    assert [ear.last.pictures[0] for ear in ears] == alone
    assert alone[0] != alone[1]


def _painting_a_part():
    return plan("a tree", seeds=(3,), sampler="euler", guidance=5.0, stages=(SQUARE,), repaint=Repaint(feather_px=0))
