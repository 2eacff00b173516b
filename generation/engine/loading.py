"""Checkpoints from disk or hub into memory: which family, device and dtype."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, cast

import torch
from diffusers.utils import logging as diffusers_logging
from huggingface_hub import snapshot_download
from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError
from safetensors import SafetensorError
from transformers.utils import logging as transformers_logging

from generation.contracts import HUB_FILES, HUB_IGNORED
from generation.engine.families.base import Family
from generation.engine.families.flux import Flux
from generation.engine.families.parts import Parts
from generation.engine.families.stable_diffusion import StableDiffusion
from generation.engine.families.stable_diffusion_3 import StableDiffusion3
from generation.engine.families.stable_diffusion_xl import StableDiffusionXL
from generation.engine.families.whole_pipeline import WholePipeline
from generation.engine.hardware import best_device, best_dtype
from generation.engine.threads import engine_threads
from generation.errors import CheckpointInvalidError
from generation.layouts import FamilyName, layout_of

logger = logging.getLogger(__name__)

FAMILIES: Final[Mapping[FamilyName, Callable[[Parts], Family]]] = {
    "stable_diffusion": StableDiffusion.load,
    "stable_diffusion_xl": StableDiffusionXL.load,
    "stable_diffusion_3": StableDiffusion3.load,
    "flux": Flux.load,
    "pipeline": lambda parts: cast("Family", WholePipeline.load(parts)),  # admission asks nothing else of a Family
}
"""What loads each family of the table in `generation.layouts`."""


def resolve_source(source: str | Path) -> Path:
    """The folder of a checkpoint, fetched from the hub when `source` is not a folder here.

    Raises:
        CheckpointInvalidError: Neither a folder nor a hub id that could be fetched.

    Effects: may download into the hub's cache.
    """
    if Path(source).is_dir():
        return Path(source)
    if Path(source).is_file():
        raise CheckpointInvalidError(f"{source} is a single file: it has to be added as a model, which configures it.")
    if Path(source).is_absolute() or len(Path(source).parts) > 2:  # noqa: PLR2004 -- a hub id is `name` or `owner/name`
        raise CheckpointInvalidError(f"{source} is neither a folder here nor the name of a model on the hub.")
    try:
        return Path(snapshot_download(str(source), allow_patterns=list(HUB_FILES), ignore_patterns=list(HUB_IGNORED)))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise CheckpointInvalidError(f"{source} is neither a folder here nor a model that the hub gave us.") from error


def load_family(
    source: str | Path, *, device: torch.device | str | None = None, dtype: torch.dtype | None = None
) -> Family:
    """Load a checkpoint in diffusers layout, ready to paint.

    Args:
        source: A folder or a hub id.
        device: None takes the best there is.
        dtype: None takes the fastest that the device has in hardware.

    Raises:
        CheckpointInvalidError: The folder is no checkpoint of a known family, or its weights cannot be read.

    Effects: on a CPU, sets how many threads torch uses in this process.
    """
    folder = resolve_source(source)
    where = torch.device(device) if device is not None else best_device()
    precision = dtype or best_dtype(where)
    diffusers_logging.disable_progress_bar()
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    if where.type == "cpu":
        torch.set_num_threads(engine_threads())
    try:
        with torch.inference_mode():
            return FAMILIES[layout_of(folder).family](Parts(folder, where, precision))
    except CheckpointInvalidError:
        raise
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        logger.exception("checkpoint_load_failed")
        raise CheckpointInvalidError(f"The checkpoint in {folder.name} could not be loaded: {error}") from error
