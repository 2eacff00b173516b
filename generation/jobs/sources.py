"""Where a checkpoint's folder comes from: it lies here, a hub has it, or it is made around a single file.

A hub is asked only when a person names one of its models, or a single file whose family needs one. What it gave lies in
the data folder from then on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from django.conf import settings

from generation.contracts import HUB_CONFIGURATION, HUB_FILES, HUB_IGNORED
from generation.errors import CheckpointInvalidError
from generation.jobs.single_files import WEIGHTS, assemble, assembled_folder

_HUB_ID: Final = re.compile(r"\w[\w.-]*(?:/\w[\w.-]*)?")
_OTHER_FILES: Final = (".ckpt", ".pt", ".pth", ".bin", ".pkl", ".pickle", ".gguf", ".onnx")


def is_single_file(source: str) -> bool:
    """Whether a source is a checkpoint in one file, by its name."""
    return source.endswith(WEIGHTS)


def local_folder(source: str) -> Path | None:
    """The checkpoint's folder on this machine; None when it is not here."""
    path = Path(source).expanduser()
    if source and path.is_dir():
        return path
    if is_single_file(source):
        kept = assembled_folder(path)
    elif _HUB_ID.fullmatch(source):
        kept = _kept_folder(source)
    else:
        return None
    return kept if kept.is_dir() else None


def fetch_folder(source: str, references: Sequence[str] = (), *, like: str | None = None) -> Path:
    """The checkpoint's folder. A model of the hub is downloaded into the data folder; what is there already is kept.

    references: sources of whole checkpoints that may configure a single file, those to be preferred first.
    like: the only one that may, in their place and in the hub's.

    Raises:
        CheckpointInvalidError: it is neither a folder nor a file that can be read, nor a model that the hub gave us.
    """
    path = Path(source).expanduser()
    if source and path.is_dir():
        return path
    if source.endswith(_OTHER_FILES):
        raise CheckpointInvalidError(
            f"{source} is no safetensors. Files of other kinds are never opened: pickles (.ckpt, .pt, .bin) can run "
            "code when they are read."
        )
    if is_single_file(source):
        if not path.is_file():
            raise CheckpointInvalidError(f"There is no file {source} here.")
        return assemble(path, _folders([like] if like else references), None if like else _configuration)
    if path.is_file():
        raise CheckpointInvalidError(f"{source} is a single file, but no safetensors by its name.")
    if not _HUB_ID.fullmatch(source):
        raise CheckpointInvalidError(f"{source} is neither a folder here nor the name of a model on the hub.")
    return _download(source)


def _folders(references: Iterable[str]) -> Iterator[Path]:
    for reference in references:
        folder = local_folder(reference)
        if folder is None and _HUB_ID.fullmatch(reference):
            folder = _configuration(reference)
        if folder is not None:
            yield folder


def _download(hub_id: str) -> Path:
    folder = _kept_folder(hub_id)
    error = _snapshot(hub_id, folder, HUB_FILES)
    if error is not None:
        raise CheckpointInvalidError(f"{hub_id} is neither a folder here nor a model that the hub gave us.") from error
    return folder


def _configuration(hub_id: str) -> Path | None:
    """The configuration alone of a model of the hub: a few megabytes; None when it cannot be had."""
    folder = _kept_folder(f"{hub_id}--configuration")
    return folder if _snapshot(hub_id, folder, HUB_CONFIGURATION) is None else None


def _snapshot(hub_id: str, folder: Path, files: Sequence[str]) -> Exception | None:
    """Fetch files of a model; what went wrong, if anything did. Imports the hub's client: the web never needs it."""
    from huggingface_hub import snapshot_download  # noqa: PLC0415
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError  # noqa: PLC0415

    try:
        snapshot_download(hub_id, local_dir=folder, allow_patterns=list(files), ignore_patterns=list(HUB_IGNORED))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        return error
    return None


def _kept_folder(hub_id: str) -> Path:
    """Where a model of the hub lies on this machine."""
    return Path(settings.DATA_DIR) / "models" / hub_id.replace("/", "--")
