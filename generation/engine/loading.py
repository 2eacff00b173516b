"""Checkpoints from disk or hub into memory: which classes, device, dtype and memory layout."""

from __future__ import annotations

import json
import logging
import warnings
from pathlib import Path
from typing import Any, Final

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from diffusers.utils import logging as diffusers_logging
from huggingface_hub import snapshot_download
from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError
from safetensors import SafetensorError
from transformers import CLIPTextModel, CLIPTokenizer
from transformers.utils import logging as transformers_logging

from generation.contracts import HUB_FILES, HUB_IGNORED, SD1_PARTS, Network
from generation.engine.exactness import use_row_linears
from generation.engine.families.stable_diffusion import StableDiffusion
from generation.engine.sampling.schedules import NoiseSchedule
from generation.engine.threads import engine_threads
from generation.errors import CheckpointInvalidError

logger = logging.getLogger(__name__)

HIRES_FOLDER: Final = "refiner"


def resolve_source(source: str | Path) -> Path:
    """The folder of a checkpoint, fetched from the hub when `source` is not a folder here.

    Raises:
        CheckpointInvalidError: Neither a folder nor a hub id that could be fetched.

    Effects: may download into the hub's cache.
    """
    if Path(source).is_dir():
        return Path(source)
    if Path(source).is_absolute() or len(Path(source).parts) > 2:  # noqa: PLR2004 -- a hub id is `name` or `owner/name`
        raise CheckpointInvalidError(f"{source} is neither a folder here nor the name of a model on the hub.")
    try:
        return Path(snapshot_download(str(source), allow_patterns=list(HUB_FILES), ignore_patterns=list(HUB_IGNORED)))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise CheckpointInvalidError(f"{source} is neither a folder here nor a model that the hub gave us.") from error


def best_device() -> torch.device:
    """The accelerator where there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def best_dtype(device: torch.device) -> torch.dtype:
    """The fastest dtype that the device has in hardware.

    Decided by capability and never by a stopwatch: a stopwatch on a busy machine could choose otherwise after a
    restart, and a seed would then give another picture. A CPU without bf16 units emulates it at 0.4 times the speed of
    float32; one with them runs it at 1.6 times.
    """
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16
    capabilities = torch.cpu.get_capabilities()
    native = capabilities.get("avx512_bf16") or capabilities.get("amx_bf16")
    return torch.bfloat16 if native else torch.float32


def load_family(
    source: str | Path, *, device: torch.device | str | None = None, dtype: torch.dtype | None = None
) -> StableDiffusion:
    """Load a Stable Diffusion 1.x checkpoint in diffusers layout, ready to paint.

    Args:
        source: A folder or a hub id.
        device: None takes the best there is.
        dtype: None takes the fastest that the device has in hardware.

    Raises:
        CheckpointInvalidError: The folder is not such a checkpoint, or its weights cannot be read.

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
            return _load(folder, where, precision)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        logger.exception("checkpoint_load_failed")
        raise CheckpointInvalidError(f"The checkpoint in {folder.name} could not be loaded: {error}") from error


def _load(folder: Path, device: torch.device, dtype: torch.dtype) -> StableDiffusion:
    _check_index(json.loads((folder / "model_index.json").read_text(encoding="utf-8")), folder)
    schedule = NoiseSchedule.from_config(json.loads((folder / "scheduler" / "scheduler_config.json").read_text()))
    networks: dict[Network, Any] = {"base": _unet(folder / "unet", device, dtype)}
    if (folder / HIRES_FOLDER / "config.json").is_file():
        networks["hires"] = _unet(folder / HIRES_FOLDER, device, dtype)
    vae = _vae(folder / "vae", device, dtype)
    if networks["base"].config.in_channels != vae.config.latent_channels:
        raise CheckpointInvalidError(f"The network in {folder.name} takes more than latents, as inpainting ones do.")
    return StableDiffusion(
        tokenizer=CLIPTokenizer.from_pretrained(folder / "tokenizer"),
        text_encoder=_ready(_from(CLIPTextModel, folder / "text_encoder", torch.float32), device),
        networks=networks,
        vae=vae,
        schedule=schedule,
    )


def _check_index(index: dict[str, Any], folder: Path) -> None:
    """Refuse what would load, for its parts have the right names, and fail with the first picture."""
    named = {part for part, classes in index.items() if isinstance(classes, list) and any(classes)}
    if foreign := sorted(named - SD1_PARTS):
        raise CheckpointInvalidError(
            f"The checkpoint in {folder.name} is no Stable Diffusion 1.x: it has a {' and a '.join(foreign)}."
        )


def _unet(folder: Path, device: torch.device, dtype: torch.dtype) -> Any:
    """A denoising network in the layout that is fastest: channels last, except for bf16 on a CPU."""
    unet = _ready(_from(UNet2DConditionModel, folder, dtype), device)
    if device.type == "cpu" and dtype == torch.float32:
        use_row_linears(unet)
    if device.type == "cuda" or dtype == torch.float32:
        unet = unet.to(memory_format=torch.channels_last)
    return unet


def _vae(folder: Path, device: torch.device, dtype: torch.dtype) -> Any:
    """The autoencoder: float32 on a CPU, where it is a small share of a picture, and wherever halves would overflow."""
    precision = torch.bfloat16 if device.type == "cuda" and dtype == torch.bfloat16 else torch.float32
    return _ready(_from(AutoencoderKL, folder, precision), device).to(memory_format=torch.channels_last)


def _from(model: Any, folder: Path, dtype: torch.dtype) -> Any:
    """Read one network's safetensors; pickled weights are refused, and so are weights that lack a layer."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # advice of the libraries to their own developers
        network, found = model.from_pretrained(
            folder, torch_dtype=dtype, use_safetensors=True, local_files_only=True, output_loading_info=True
        )
    if missing := sorted(found["missing_keys"]):
        raise CheckpointInvalidError(f"The weights in {folder.parent.name}/{folder.name} lack {missing[0]}.")
    return network


def _ready(network: Any, device: torch.device) -> Any:
    """Freeze a network and bring it to its device."""
    return network.eval().requires_grad_(requires_grad=False).to(device)
