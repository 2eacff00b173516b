"""The model card of a release: what it is and knows, how it was trained, what was measured, what it cannot do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from generation.starter.evaluation.table import JSON_FILE, markdown
from generation.starter.training.budget import STAGES
from generation.starter.training.checkpoints import Summary, read_summary
from generation.starter.training.files import write_text
from generation.starter.training.folders import RELEASED
from generation.starter.training.world import WORLD_FILE

CARD_FILE: Final = "README.md"
_HEADER: Final = """---
license: apache-2.0
language: en
pipeline_tag: text-to-image
library_name: diffusers
---
# The starter model of mjweb

A small text-to-image model in the form of Stable Diffusion 1.x, so that a fresh checkout makes pictures without a
download and without a GPU. Every weight was trained from nothing on pictures that the project draws itself
(`generation/starter/scenes/`); no photograph, no artwork and no other model had a part in it. Load it with
`StableDiffusionPipeline.from_pretrained(folder)` of diffusers (transformers 5 or newer).
"""
_LIMITS: Final = """## What it cannot do

It paints the small world above and nothing else: no portraits, no letters, no photographs. Other words give a vague
shape in the right place, light and style. It paints 128 px (or another shape of about that area); larger pictures come
from the second pass, which paints over an enlarged one. Pictures are stylised and simple, with little fine detail.
"""
_ROLES: Final = {
    "text_encoder": "text tower of CLIP, which conditions both U-Nets",
    "unet": "base U-Net: noise to latents, predicts v, zero terminal SNR",
    "refiner": "high-resolution U-Net: paints over an enlarged picture, timesteps below 650",
    "vae": "autoencoder, 8 times smaller",
    "clip": "both towers of CLIP, for search, similar pictures and prompt scores",
    "classifier": "reads attributes of a picture; only the evaluation uses it",
}


@dataclass(frozen=True, slots=True)
class Training:
    """What is known of how the networks came about: the stages, and the evaluation if there was one."""

    stages: tuple[Summary, ...] = ()
    table: dict[str, Any] | None = None


def training_in(work: Path) -> Training:
    """What a work folder knows of its training."""
    stages = tuple(summary for stage in STAGES if (summary := read_summary(stage, work / "checkpoints")))
    file = work / JSON_FILE
    return Training(stages, json.loads(file.read_text(encoding="utf-8")) if file.exists() else None)


def write_model_card(release: Path, training: Training) -> None:
    """Effects: writes README.md into a release that is complete but for it."""
    sections = [_HEADER, _parts(release), _world(release), _trained(training.stages), _LIMITS]
    if training.table:
        sections.append(markdown(training.table, "Evaluation"))
    write_text("\n".join(section for section in sections if section), release / CARD_FILE)


def _parts(release: Path) -> str:
    rows = []
    for name, role in _ROLES.items():
        files = list((release / RELEASED.get(name, name)).glob("*.safetensors"))
        if files:
            rows.append(f"| `{name}/` | {role} | {sum(file.stat().st_size for file in files) / 1e6:.1f} MB |")
    return "\n".join(["| part | what | half precision |", "| --- | --- | --- |", *rows, ""])


def _world(release: Path) -> str:
    known = json.loads((release / WORLD_FILE).read_text(encoding="utf-8"))["knows"]
    lines = [f"- **{topic}:** {', '.join(words)}" for topic, words in known.items()]
    return "\n".join(["## What it knows", "", *lines, ""])


def _trained(stages: Sequence[Summary]) -> str:
    if not stages:
        return ""
    rows = [
        f"| {stage.stage} | {stage.elapsed_s / 60:.0f} | {stage.steps:,} | {stage.samples:,} |".replace(",", " ")
        for stage in stages
        if stage.steps
    ]
    head = ["## How it was trained", "", "| stage | minutes | steps | samples |", "| --- | --- | --- | --- |"]
    return "\n".join([*head, *rows, ""])
