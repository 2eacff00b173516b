"""What a checkpoint folder says of itself, read without loading a weight.

The web process needs these numbers to resolve a plan and must not import torch, so this reads plain JSON.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from generation.contracts import CheckpointCard, SamplerName, Vocabulary
from generation.errors import CheckpointInvalidError
from generation.layouts import INDEX, REFINER, FamilyName, layout_of, parts_of, read_json

DEFAULT_STEPS: Final = 25
LARGEST_SIDE_PX: Final = 2048
"""No side of any stage is longer, whatever the checkpoint: twice the native size of the large ones."""
SMALL_NATIVE_PX: Final = 256
"""Networks trained at up to this size are small ones; they oversaturate above a guidance of 5 and sharpen best at 4."""
WORLD_FILE: Final = "world.json"
SCHEDULER: Final = "scheduler/scheduler_config.json"
FLUX_NATIVE_PX: Final = 1024
"""No file of FLUX says it."""
WHOLE_MULTIPLE_PX: Final = 32
"""What the sizes of every pipeline known to us divide."""
DISTILLED_STEPS: Final = 4
FEW_STEPS: Final = 8
UPSCALE_STRENGTH: Final = 0.45
SMALL_UPSCALE_STRENGTH: Final = 0.25
"""Small networks sharpen what is there, and paint other things over it where they are given more."""
FEW_STEPS_UPSCALE_STRENGTH: Final = 0.5
"""Of so few steps at least every second one runs: less than two of them would draw no detail."""
LCM_STEPS: Final = 6
_DISTILLED: Final = re.compile(r"turbo|lightning|lcm|hyper|schnell|sprint|[-_ ]dmd", re.IGNORECASE)
_STEPS_IN_NAME: Final = re.compile(r"(\d+)[-_ ]?step", re.IGNORECASE)

Numbers = Mapping[str, Any]
"""Fields of a card."""


def card(folder: Path, *, name: str | None = None, title: str | None = None) -> CheckpointCard:
    """The card of a checkpoint in diffusers layout.

    Args:
        folder: Where `model_index.json` lies.
        name: The checkpoint's name in plans; the folder's name by default.
        title: What people read; the name by default.

    Raises:
        CheckpointInvalidError: The folder is no such checkpoint; the sentence says what is missing.
    """
    layout = layout_of(folder)
    name = name or folder.name
    try:
        numbers = _NUMBERS[layout.family](folder)
        few_steps = _distilled_numbers(folder, f"{name} {folder.name}", numbers)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise CheckpointInvalidError(f"The configuration of {folder.name} cannot be read: {error!r}.") from error
    numbers = {**numbers, **few_steps}
    return CheckpointCard(
        name=name,
        title=title or name,
        family=layout.family,
        max_side_px=min(4 * numbers["native_px"], LARGEST_SIDE_PX),
        has_hires_network=any((folder / REFINER / file).is_file() for file in ("config.json", INDEX)),
        vocabulary=vocabulary_of(folder),
        upscale_strength=_upscale_strength(numbers),
        **numbers,
    )


def _upscale_strength(numbers: Numbers) -> float:
    if numbers["steps"] <= FEW_STEPS:
        return FEW_STEPS_UPSCALE_STRENGTH
    return SMALL_UPSCALE_STRENGTH if numbers["native_px"] <= SMALL_NATIVE_PX else UPSCALE_STRENGTH


def _stable_diffusion(folder: Path) -> Numbers:
    native_px, multiple_px = _unet_sizes(folder)
    return {
        "told_width": _told_width(folder),
        "native_px": native_px,
        "size_multiple_px": multiple_px,
        "max_tokens": int(read_json(folder, "text_encoder/config.json")["max_position_embeddings"]),
        "steps": DEFAULT_STEPS,
        "guidance": 4.0 if native_px <= SMALL_NATIVE_PX else 7.5,
        "sampler": "dpmpp_2m",
    }


def _stable_diffusion_xl(folder: Path) -> Numbers:
    native_px, multiple_px = _unet_sizes(folder)
    return {
        "told_width": _told_width(folder),
        "native_px": native_px,
        "size_multiple_px": multiple_px,
        "max_tokens": int(read_json(folder, "text_encoder_2/config.json")["max_position_embeddings"]),
        "steps": DEFAULT_STEPS,
        "guidance": 6.0,
        "sampler": "dpmpp_2m",
    }


def _stable_diffusion_3(folder: Path) -> Numbers:
    transformer, scale = read_json(folder, "transformer/config.json"), _vae_scale(folder)
    reads_t5 = "text_encoder_3" in parts_of(read_json(folder, INDEX))
    is_later = transformer.get("qk_norm") is not None  # 3.5 normalises queries and keys, and wants less guidance
    return {
        "native_px": int(transformer["sample_size"]) * scale,
        "size_multiple_px": int(transformer["patch_size"]) * scale,
        "max_tokens": 256
        if reads_t5
        else int(read_json(folder, "text_encoder/config.json")["max_position_embeddings"]),
        "steps": 28,
        "guidance": 4.5 if is_later else 7.0,
        "sampler": "flow_euler",
    }


def _flux(folder: Path) -> Numbers:
    is_dev = bool(read_json(folder, "transformer/config.json").get("guidance_embeds", False))
    return {
        "native_px": FLUX_NATIVE_PX,
        "size_multiple_px": 2 * _vae_scale(folder),
        "max_tokens": 512 if is_dev else 256,
        "steps": 28 if is_dev else DISTILLED_STEPS,
        "guidance": 3.5 if is_dev else 1.0,
        "sampler": "flow_euler",
    }


def _whole_pipeline(folder: Path) -> Numbers:
    """Of a pipeline that only diffusers knows: its native size, where its network's file says one."""
    configs = [read_json(folder, f"{part}/config.json") for part in ("transformer", "unet") if (folder / part).is_dir()]
    sides = [config["sample_size"] for config in configs if isinstance(config.get("sample_size"), int)]
    return {
        "native_px": sides[0] * _vae_scale(folder) if sides else FLUX_NATIVE_PX,
        "size_multiple_px": WHOLE_MULTIPLE_PX,
        "max_tokens": 256,
        "steps": 28,
        "guidance": 4.5,
        "sampler": "own",
    }


_NUMBERS: Final[Mapping[FamilyName, Callable[[Path], Numbers]]] = {
    "stable_diffusion": _stable_diffusion,
    "stable_diffusion_xl": _stable_diffusion_xl,
    "stable_diffusion_3": _stable_diffusion_3,
    "flux": _flux,
    "pipeline": _whole_pipeline,
}


def _distilled_numbers(folder: Path, names: str, numbers: Numbers) -> Numbers:
    """What a checkpoint needs that was distilled to few steps without guidance; nothing for others.

    Turbo's and Lightning's folders say it by Euler's scheduler with trailing steps, which nobody names for others that
    predict the noise; merges say it by their name alone.
    """
    has_one = numbers["sampler"] != "own" or (folder / SCHEDULER).is_file()
    scheduler = read_json(folder, SCHEDULER) if has_one else {}
    kind = str(scheduler.get("_class_name", ""))
    is_consistent = kind in {"LCMScheduler", "TCDScheduler"}
    trails = (
        scheduler.get("timestep_spacing") == "trailing" and scheduler.get("prediction_type", "epsilon") == "epsilon"
    )
    if not (is_consistent or (trails and kind.startswith("Euler")) or _DISTILLED.search(names)):
        return {}
    said = _STEPS_IN_NAME.search(names)
    steps = int(said[1]) if said else LCM_STEPS if is_consistent else DISTILLED_STEPS
    if numbers["sampler"] != "dpmpp_2m":
        return {"steps": steps, "guidance": 1.0}
    return {"steps": steps, "guidance": 1.0, **_few_steps_sampler(kind)}


def _few_steps_sampler(kind: str) -> Numbers:
    """The sampler of a distilled network of noise levels, which is to begin at the very last of them."""
    if kind == "LCMScheduler":
        return {"sampler": "lcm"}
    sampler: SamplerName = "euler_ancestral" if kind == "EulerAncestralDiscreteScheduler" else "euler"
    return {"sampler": sampler, "schedule": "trailing"}


def _unet_sizes(folder: Path) -> tuple[int, int]:
    """The native side and the size multiple of a U-Net, in pixels."""
    unet, scale = read_json(folder, "unet/config.json"), _vae_scale(folder)
    return int(unet["sample_size"]) * scale, scale * 2 ** (len(unet["down_block_types"]) - 1)


def _told_width(folder: Path) -> int:
    """Numbers of a token as a U-Net is told it; 0 where its file does not say one number."""
    width = read_json(folder, "unet/config.json").get("cross_attention_dim")
    return width if isinstance(width, int) else 0


def _vae_scale(folder: Path) -> int:
    """Pixels per latent position; 8 where a VAE of another kind does not say."""
    blocks = read_json(folder, "vae/config.json").get("block_out_channels") if (folder / "vae").is_dir() else None
    return int(2 ** (len(blocks) - 1)) if blocks else 8


def vocabulary_of(folder: Path) -> Vocabulary | None:
    """What `world.json` says that the model knows; a checkpoint without it knows more words than anybody can list."""
    if not (folder / WORLD_FILE).exists():
        return None
    said = read_json(folder, WORLD_FILE)
    topics = tuple((str(topic), tuple(map(str, words))) for topic, words in said["knows"].items())
    return Vocabulary(topics, frozenset(map(str, said["words"])))
