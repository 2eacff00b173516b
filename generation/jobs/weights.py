"""What lies in a checkpoint's folder beside its configuration: weights, each with its hash, and a license.

It reads bytes and never loads a weight.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import yaml

from generation.errors import CheckpointInvalidError
from generation.layouts import SINGLE_FILE, networks_of
from generation.models import WeightFile

WEIGHTS: Final = ".safetensors"
PICKLES: Final = frozenset({".bin", ".ckpt", ".pickle", ".pkl", ".pt", ".pth"})
"""Weights that are Python programs: reading one runs whatever it says."""
MAX_LICENSE_CHARS: Final = 200


def weight_files(folder: Path) -> list[WeightFile]:
    """Every file of weights in this folder with its size and SHA-256, in the order of their paths.

    Reads all of them: about a second per gigabyte.

    Raises:
        CheckpointInvalidError: one is a pickle, or some are missing; the sentence names it.
    """
    check_weights(folder)
    return [_weight_file(folder, path) for path in _weights(folder)]


def check_weights(folder: Path) -> None:
    """Makes sure that there is nothing but safetensors, and for every network all of it. Reads no weights.

    Raises:
        CheckpointInvalidError: as its sentence says.
    """
    for path in _files(folder):
        if path.suffix in PICKLES:
            raise CheckpointInvalidError(
                f"{_name(folder, path)} in {folder.name} is a pickle, which can run code when it is read. "
                "Only safetensors are taken: delete it if the folder has its weights as safetensors too."
            )
    has_single_file = (folder / SINGLE_FILE).is_file()
    for part in networks_of(folder):
        if not has_single_file and not any((folder / part).glob(f"*{WEIGHTS}")):
            raise CheckpointInvalidError(f"The {part} of {folder.name} has no weights as safetensors.")
    for path in _missing_shards(folder):
        raise CheckpointInvalidError(f"{_name(folder, path)} is missing in {folder.name}.")


def changes(folder: Path, known: Iterable[WeightFile]) -> list[str]:
    """What differs from the weights that were written down, one sentence per file; empty when nothing does."""
    before = {file["path"]: file for file in known}
    now = {_name(folder, path): path for path in _weights(folder)}
    missing = [f"{path} is missing." for path in sorted(before.keys() - now.keys())]
    new = [f"{path} is new." for path in sorted(now.keys() - before.keys())]
    both = sorted(before.keys() & now.keys())
    changed = [f"{path} has changed." for path in both if _weight_file(folder, now[path]) != before[path]]
    return [*changed, *missing, *new]


def is_complete(folder: Path, known: Iterable[WeightFile]) -> bool:
    """Whether all these weights are here, by their sizes alone: quick enough to ask every few seconds."""
    return all(_size(folder / file["path"]) == file["size_bytes"] for file in known)


def written_after(folder: Path, moment_s: float) -> bool:
    """Whether any of its weights was written after that moment, in seconds since 1970."""
    return any(path.stat().st_mtime > moment_s for path in _weights(folder))


def license_of(folder: Path) -> str:
    """The license that the front matter of the folder's README.md names; empty when it names none."""
    try:
        _, front, *_ = (folder / "README.md").read_text(encoding="utf-8").split("---\n", 2)
        values = yaml.safe_load(front)
    except (OSError, ValueError, yaml.YAMLError):
        return ""
    if not isinstance(values, dict):
        return ""
    named = values.get("license")
    if named == "other":
        named = values.get("license_name", named)
    return (", ".join(map(str, named)) if isinstance(named, list) else str(named or ""))[:MAX_LICENSE_CHARS]


def _weight_file(folder: Path, path: Path) -> WeightFile:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return WeightFile(path=_name(folder, path), size_bytes=path.stat().st_size, sha256=digest)


def _weights(folder: Path) -> list[Path]:
    return sorted(path for path in _files(folder) if path.suffix == WEIGHTS)


def _files(folder: Path) -> Iterator[Path]:
    """Every file of the folder, but for what tools keep in hidden folders."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and path.is_file():
            yield path


def _missing_shards(folder: Path) -> Iterator[Path]:
    """Files that an index of split weights names and that are not there."""
    for index in folder.glob(f"*/*{WEIGHTS}.index.json"):
        named = json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()
        yield from (index.parent / name for name in sorted(set(named)) if not (index.parent / name).is_file())


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _name(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()
