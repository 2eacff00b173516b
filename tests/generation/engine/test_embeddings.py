"""CLIP's towers: the starter's own against what it knows, and any folder that transformers writes."""

from __future__ import annotations

import pytest
import torch
from PIL import Image
from transformers import CLIPConfig, CLIPModel

from generation.contracts import PromptPart, Raster, Stage
from generation.engine.embeddings import load_clip
from generation.engine.hardware import best_dtype
from generation.engine.images import to_raster
from generation.errors import CheckpointInvalidError
from generation.starter import WEIGHTS_DIR
from tests.generation.engine.fakes import engine_on, finish, plan, submit

SMALL = Stage(width_px=128, height_px=128, steps=12)
COLORS = {"red": (200, 30, 30), "blue": (40, 60, 200), "green": (40, 160, 60), "black": (15, 15, 15)}


@pytest.fixture(scope="module")
def clip():
    return load_clip(WEIGHTS_DIR / "clip")


def plain(color: tuple[int, int, int], size=(128, 128)) -> Raster:
    return to_raster(Image.new("RGB", size, color))


def test_directions_have_length_one_and_the_towers_share_a_space(clip):
    pictures = clip.embed_pictures([plain((1, 2, 3)), plain((200, 9, 9), (320, 64))])
    texts = clip.embed_texts(["a red boat", "", "a very long sentence about boats " * 40])
    assert pictures.shape == (2, clip.dimensions)
    assert texts.shape == (3, clip.dimensions)
    for directions in (pictures, texts):
        assert torch.allclose(directions.norm(dim=1), torch.ones(len(directions)), atol=1e-5)


def test_a_picture_scores_highest_with_the_words_that_it_shows(clip, starter):
    """Measured with the starter: 0.9 and 0.8 with its own words, below 0.2 with the others'."""
    words = ["a desert at night", "a snowy meadow at noon, watercolor"]
    engine = engine_on(starter)
    ears = [submit(engine, text, plan(text, seeds=(1, 2), stages=(SMALL,))) for text in words]
    finish(engine)
    shown = [clip.embed_pictures(ear.last.pictures) for ear in ears]
    scores = [[clip.scores(pictures, [PromptPart(text)]).mean().item() for text in words] for pictures in shown]
    assert scores[0][0] > scores[0][1] + 0.2
    assert scores[1][1] > scores[1][0] + 0.2


def test_weights_count_and_a_negative_one_counts_against(clip):
    pictures = clip.embed_pictures([plain(color) for color in COLORS.values()])
    one = clip.scores(pictures, [PromptPart("red", 3)])
    other = clip.scores(pictures, [PromptPart("night")])
    assert torch.allclose(clip.scores(pictures, [PromptPart("red")]), one, atol=1e-6)
    mixed = clip.scores(pictures, [PromptPart("red", 3), PromptPart("night", -1)])
    assert torch.allclose(mixed, (3 * one - other) / 4, atol=1e-5)


def test_a_picture_is_the_same_in_any_number(clip):
    pictures = [plain((i * 12, 90, 255 - i * 12)) for i in range(20)]
    together = clip.embed_pictures(pictures)
    alone = torch.cat([clip.embed_pictures([one]) for one in pictures])
    assert torch.allclose(together, alone, atol=1e-5)


def test_quick_directions_are_nearly_those_of_full_precision(clip):
    pictures = [plain(color) for color in COLORS.values()]
    exact, quick = clip.embed_pictures(pictures), clip.embed_pictures(pictures, quick=True)
    assert quick.dtype == torch.float32
    assert (exact * quick).sum(1).min() > 0.999
    if best_dtype(torch.device("cpu")) == torch.bfloat16:
        assert not torch.equal(exact, quick)


def test_the_middle_square_is_what_it_sees(clip):
    wide = Image.new("RGB", (256, 128), (0, 0, 0))
    wide.paste((200, 30, 30), (64, 0, 192, 128))
    seen, square = clip.embed_pictures([to_raster(wide), plain((200, 30, 30))])
    assert torch.allclose(seen, square, atol=1e-3)


def test_other_weights_have_another_name_and_the_first_clips_pixels_are_the_default(tmp_path, clip):
    small = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1, "num_attention_heads": 2}
    vocabulary = {"vocab_size": 1105, "bos_token_id": 1103, "eos_token_id": 1104, "pad_token_id": 1104}
    config = CLIPConfig(
        text_config={**small, **vocabulary, "max_position_embeddings": 20},
        vision_config={**small, "image_size": 32, "patch_size": 16},
        projection_dim=16,
    )
    CLIPModel(config).save_pretrained(tmp_path / "clip")
    (tmp_path / "tokenizer").symlink_to(WEIGHTS_DIR / "tokenizer")
    other = load_clip(tmp_path / "clip")
    assert other.name != clip.name
    assert other.dimensions == 16
    pixels = other._looks.pixels(plain((255, 255, 255), (64, 40)))
    assert pixels.shape == (3, 32, 32)
    assert pixels[0, 0, 0].item() == pytest.approx((1 - 0.48145466) / 0.26862954, rel=1e-5)


def test_what_is_no_clip_is_one_sentence(tmp_path):
    with pytest.raises(CheckpointInvalidError, match="There is no CLIP in"):
        load_clip(tmp_path)
