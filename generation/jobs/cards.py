"""What a checkpoint folder says of itself, read without loading a weight.

The web process needs these numbers to resolve a plan and must not import torch, so this reads plain JSON.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from generation.contracts import SD1_PARTS, CheckpointCard, Vocabulary
from generation.errors import CheckpointInvalidError

DEFAULT_STEPS: Final = 25
LARGEST_SIDE_PX: Final = 1536
"""No side of any stage is longer, whatever the checkpoint: decoding needs memory by the square of it."""
SMALL_NATIVE_PX: Final = 256
"""Networks trained at up to this size are small ones; they oversaturate above a guidance of 5 and sharpen best at 4."""
WORLD_FILE: Final = "world.json"
CLASSES: Final = {"text_encoder": "CLIPTextModel", "unet": "UNet2DConditionModel", "vae": "AutoencoderKL"}


def card(folder: Path, *, name: str | None = None, title: str | None = None) -> CheckpointCard:
    """The card of a Stable Diffusion 1.x checkpoint in diffusers layout.

    Args:
        folder: Where `model_index.json` lies.
        name: The checkpoint's name in plans; the folder's name by default.
        title: What people read; the name by default.

    Raises:
        CheckpointInvalidError: The folder is no such checkpoint; the sentence says what is missing.
    """
    index = _json(folder, "model_index.json")
    for part, wanted in CLASSES.items():
        found = index.get(part)
        if not isinstance(found, list) or found[-1] != wanted:
            raise CheckpointInvalidError(f"{folder.name} is no Stable Diffusion 1.x checkpoint: its {part} is {found}.")
    named = {part for part, classes in index.items() if isinstance(classes, list) and any(classes)}
    if foreign := sorted(named - SD1_PARTS):
        raise CheckpointInvalidError(f"{folder.name} is no Stable Diffusion 1.x checkpoint: it has {foreign[0]}.")
    _json(folder, "scheduler/scheduler_config.json")
    try:
        return _card(folder, name or folder.name, title)
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointInvalidError(f"The configuration of {folder.name} cannot be read: {error!r}.") from error


def _card(folder: Path, name: str, title: str | None) -> CheckpointCard:
    """The numbers of a folder that is of the right kind."""
    unet, vae = _json(folder, "unet/config.json"), _json(folder, "vae/config.json")
    vae_scale = 2 ** (len(vae["block_out_channels"]) - 1)
    native_px = int(unet["sample_size"]) * vae_scale
    return CheckpointCard(
        name=name,
        title=title or name,
        native_px=native_px,
        size_multiple_px=vae_scale * 2 ** (len(unet["down_block_types"]) - 1),
        max_side_px=min(4 * native_px, LARGEST_SIDE_PX),
        max_tokens=int(_json(folder, "text_encoder/config.json")["max_position_embeddings"]),
        steps=DEFAULT_STEPS,
        guidance=4.0 if native_px <= SMALL_NATIVE_PX else 7.5,
        sampler="dpmpp_2m",
        has_hires_network=(folder / "refiner" / "config.json").is_file(),
        vocabulary=_vocabulary(folder),
    )


def _vocabulary(folder: Path) -> Vocabulary | None:
    """What `world.json` says that the model knows; a checkpoint without it knows more words than anybody can list."""
    if not (folder / WORLD_FILE).exists():
        return None
    said = _json(folder, WORLD_FILE)
    topics = tuple((str(topic), tuple(map(str, words))) for topic, words in said["knows"].items())
    return Vocabulary(topics, frozenset(map(str, said["words"])))


def _json(folder: Path, path: str) -> dict[str, Any]:
    """One configuration file of a checkpoint."""
    try:
        values = json.loads((folder / path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CheckpointInvalidError(
            f"{folder.name} is no checkpoint in diffusers layout: {path} is missing."
        ) from error
    if not isinstance(values, dict):
        raise CheckpointInvalidError(f"{folder.name} is no checkpoint in diffusers layout: {path} is no object.")
    return values
