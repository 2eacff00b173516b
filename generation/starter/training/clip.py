"""Stage 3: both towers of CLIP, for the U-Nets' text and for search.

Source: Radford et al. 2021, "Learning Transferable Visual Models From Natural Language Supervision".
"""

from __future__ import annotations

import json
import shutil
from typing import Any, Final

import torch
from torch import nn
from torch.nn import functional

from generation.starter.scenes import ATTRIBUTES
from generation.starter.training.checkpoints import Summary
from generation.starter.training.folders import open_networks
from generation.starter.training.loop import StepLoss, Trainer
from generation.starter.training.measures import top_one
from generation.starter.training.networks import PIXEL_MEAN, PIXEL_STD, clip_pixels, embed, make_clip, text_encoder_of
from generation.starter.training.optimizing import Optimization
from generation.starter.training.rows import Rows
from generation.starter.training.settings import Run

MEMORY_GB: Final = 25.0
MOST_SCALE: Final = 100.0
"""CLIP's cap on the inverse temperature."""
IMPORTANCE: Final = {"subject": 1.5, "color": 1.0, "place": 1.0, "style": 0.7}
OTHERS: Final = 0.4
HEADS_SHARE: Final = 0.35
TESTED_OF: Final = 100


class AttributeHeads(nn.Module):
    """Attribute classifiers on both towers: they teach the towers what a scene consists of, and are thrown away."""

    def __init__(self, text_width: int, vision_width: int) -> None:
        super().__init__()
        self.text = nn.ModuleList(nn.Linear(text_width, len(entry.values)) for entry in ATTRIBUTES)
        self.vision = nn.ModuleList(nn.Linear(vision_width, len(entry.values)) for entry in ATTRIBUTES)

    def loss(self, text: torch.Tensor, vision: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
        """Cross entropy over all attributes; pooled outputs of the towers and (batch, attributes) classes."""
        total = text.new_zeros((), dtype=torch.float32)
        for i, entry in enumerate(ATTRIBUTES):
            seen = functional.cross_entropy(self.vision[i](vision).float(), truth[:, i])
            # a caption leaves things unsaid, so its tower cannot know everything
            read = functional.cross_entropy(self.text[i](text).float(), truth[:, i])
            total = total + IMPORTANCE.get(entry.name, OTHERS) * (seen + 0.5 * read)
        return total


def train_clip(run: Run, budget_s: float) -> Summary:
    """Effects: writes `networks/clip` and `networks/text_encoder`."""
    recipe, device = run.size.recipes["clip"], run.device
    clip = make_clip(run.size, open_networks(run.networks)["tokenizer"])
    if run.init:
        clip.load_state_dict(open_networks(run.init)["clip"].state_dict())
    clip = clip.to(device.name)
    heads = AttributeHeads(clip.config.text_config.hidden_size, clip.config.vision_config.hidden_size).to(device.name)
    how = Optimization(recipe.rate, betas=(0.9, 0.98), weight_decay=0.05, ema=0.998, hold=0.2)
    trainer = Trainer(run, "clip", clip, how, budget_s=budget_s, helper=heads)
    rows = Rows(run.pool / "train", device, limit_gb=MEMORY_GB)
    rows.wait(recipe.least_rows)

    def step() -> StepLoss:
        places = rows.draw(recipe.batch)
        pixels, truth, tokens = clip_pixels(rows.pictures(places)), rows.labels(places), rows.tokens(places)
        with device.autocast():
            vision, text = clip.vision_model(pixels).pooler_output, clip.text_model(input_ids=tokens).pooler_output
            seen, read = clip.visual_projection(vision), clip.text_projection(text)
            attributes = heads.loss(text, vision, truth)
        contrast = contrastive_loss(seen, read, clip.logit_scale)
        # attributes first, contrast in the end
        share = HEADS_SHARE * (1 - 0.8 * trainer.watch.progress)
        return StepLoss(contrast + share * attributes, recipe.batch, {"contrast": contrast, "attributes": attributes})

    trainer.train(step, refresh=rows.refresh)
    best = trainer.average.network.eval()
    _write(run, best)
    held = Rows(run.pool / "held", device)
    held.refresh(0)
    return trainer.finish(retrieval_of(best, held) if len(held) else {})


def contrastive_loss(seen: torch.Tensor, read: torch.Tensor, log_scale: torch.Tensor) -> torch.Tensor:
    """InfoNCE in both directions with a learned temperature; (batch, joint) each, pairs in the same places."""
    scale = log_scale.exp().clamp(max=MOST_SCALE)
    likeness = scale * functional.normalize(seen.float(), dim=-1) @ functional.normalize(read.float(), dim=-1).T
    truth = torch.arange(len(likeness), device=likeness.device)
    return 0.5 * (functional.cross_entropy(likeness, truth) + functional.cross_entropy(likeness.T, truth))


@torch.no_grad()
def retrieval_of(clip: Any, rows: Rows) -> dict[str, float]:
    """Top-1 of the first rows with their fullest captions, in both directions, 0 to 1."""
    places = rows.first(TESTED_OF)
    there, back = top_one(*embed(clip, rows.pictures(places), rows.tokens(places, caption=0)))
    return {"image to text": round(there, 3), "text to image": round(back, 3), "of": float(len(places))}


def _write(run: Run, clip: Any) -> None:
    clip.save_pretrained(run.networks / "clip")
    text_encoder_of(clip.cpu()).save_pretrained(run.networks / "text_encoder")
    clip.to(run.device.name)
    shutil.copytree(run.tokenizer, run.networks / "clip", dirs_exist_ok=True)
    config = _preprocessing(run.size.side_px)
    (run.networks / "clip" / "preprocessor_config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")


def _preprocessing(side_px: int) -> dict[str, Any]:
    """How transformers' CLIPImageProcessor turns a picture into what the vision tower takes."""
    return {
        "image_processor_type": "CLIPImageProcessor",
        "do_convert_rgb": True,
        "do_resize": True,
        "resample": 3,
        "size": {"shortest_edge": side_px},
        "do_center_crop": True,
        "crop_size": {"height": side_px, "width": side_px},
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": True,
        "image_mean": [PIXEL_MEAN] * 3,
        "image_std": [PIXEL_STD] * 3,
    }
