"""Where a checkpoint's folder comes from: it lies here, or a hub has it.

A hub is asked only when a person names one of its models, and what it gave lies in the data folder from then on.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from django.conf import settings

from generation.contracts import HUB_FILES, HUB_IGNORED
from generation.errors import CheckpointInvalidError

_HUB_ID: Final = re.compile(r"\w[\w.-]*(?:/\w[\w.-]*)?")
_SINGLE_FILES: Final = (".safetensors", ".ckpt", ".pt", ".pth", ".bin", ".gguf")


def local_folder(source: str) -> Path | None:
    """The checkpoint's folder on this machine; None when it is not here."""
    path = Path(source).expanduser()
    if source and path.is_dir():
        return path
    kept = _kept_folder(source) if _HUB_ID.fullmatch(source) else None
    return kept if kept is not None and kept.is_dir() else None


def fetch_folder(source: str) -> Path:
    """The checkpoint's folder. A model of the hub is downloaded into the data folder; what is there already is kept.

    Raises:
        CheckpointInvalidError: it is a single file, or neither a folder here nor a model that the hub gave us.
    """
    path = Path(source).expanduser()
    if source and path.is_dir():
        return path
    if path.is_file() or source.endswith(_SINGLE_FILES):
        raise CheckpointInvalidError(
            f"{source} is a single file. So far only folders in diffusers layout can be added, not single files."
        )
    if not _HUB_ID.fullmatch(source):
        raise CheckpointInvalidError(f"{source} is neither a folder here nor the name of a model on the hub.")
    return _download(source)


def _download(hub_id: str) -> Path:
    """Imports the hub's client here: the web never needs it."""
    from huggingface_hub import snapshot_download  # noqa: PLC0415
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError  # noqa: PLC0415

    folder = _kept_folder(hub_id)
    try:
        snapshot_download(hub_id, local_dir=folder, allow_patterns=list(HUB_FILES), ignore_patterns=list(HUB_IGNORED))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise CheckpointInvalidError(f"{hub_id} is neither a folder here nor a model that the hub gave us.") from error
    return folder


def _kept_folder(hub_id: str) -> Path:
    """Where a model of the hub lies on this machine."""
    return Path(settings.DATA_DIR) / "models" / hub_id.replace("/", "--")
