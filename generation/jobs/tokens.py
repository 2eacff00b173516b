"""How a checkpoint's text encoder takes a prompt apart, and how much of it is read, without loading a network."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from generation.contracts import CheckpointCard
from generation.jobs.sources import local_folder
from generation.models import Checkpoint

MOST_PIECES: Final = 8
"""Lengths of CLIP's tower that are laid end to end for one text, as the engine does."""
CLIP_ENDS: Final = 2
T5_ENDS: Final = 1
_CLIP_WORDS: Final = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
"""Where CLIP's vocabulary ends a word: Radford et al. 2021, as its published tokenizer does."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One text in tokens.

    tokens: of all of it, begin and end left out. capacity: what is read in one piece. pieces: in how many it is read.
    unread: the end of the text that is beyond what is read; empty where all is.
    """

    tokens: int
    capacity: int
    pieces: int
    unread: str = ""


@dataclass(frozen=True, slots=True)
class _Reader:
    """What reads the texts of a checkpoint first of all its encoders, or to the furthest end."""

    tokenizer: Any
    capacity: int
    most_pieces: int

    def count(self, text: str) -> Counted:
        encoding = self.tokenizer.encode(text, add_special_tokens=False)
        most = self.capacity * self.most_pieces
        unread = text[encoding.offsets[most][0] :] if len(encoding.ids) > most else ""
        pieces = min(self.most_pieces, max(1, math.ceil(len(encoding.ids) / self.capacity)))
        return Counted(len(encoding.ids), self.capacity, pieces, unread)


def count_tokens(checkpoint: Checkpoint, texts: Sequence[str]) -> list[Counted] | None:
    """Each text in tokens of this checkpoint; None where its tokenizer is not on this machine or none that we know."""
    folder = local_folder(checkpoint.source)
    reader = _reader(folder, checkpoint.card) if folder is not None else None
    return None if reader is None else [reader.count(text) for text in texts]


def _reader(folder: Path, card: CheckpointCard) -> _Reader | None:
    for name, is_t5 in _candidates(card.family):
        if (tokenizer := _tokenizer(folder / name)) is None:
            continue
        ends, pieces = (T5_ENDS, 1) if is_t5 else (CLIP_ENDS, MOST_PIECES)
        return _Reader(tokenizer, card.max_tokens - ends, pieces)
    return None


def _candidates(family: str) -> tuple[tuple[str, bool], ...]:
    """The folders of tokenizers, best first, and whether each is of a T5."""
    return {
        "stable_diffusion": (("tokenizer", False),),
        "stable_diffusion_xl": (("tokenizer_2", False),),
        "stable_diffusion_3": (("tokenizer_3", True), ("tokenizer", False)),
        "flux": (("tokenizer_2", True),),
    }.get(family, (("tokenizer", True), ("tokenizer_2", True)))


def _tokenizer(folder: Path) -> Any:
    """The tokenizer of a folder; None where there is none."""
    files = [folder / name for name in ("tokenizer.json", "vocab.json", "merges.txt")]
    stamps = tuple(file.stat().st_mtime_ns if file.is_file() else 0 for file in files)
    return _load(folder, stamps)


@lru_cache(maxsize=16)
def _load(folder: Path, stamps: tuple[int, ...]) -> Any:
    """Reads it once, and anew when a file has changed."""
    from tokenizers import Tokenizer  # noqa: PLC0415 - a library in Rust: whoever never asks never pays

    whole, vocabulary, merges = stamps
    if whole:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer
    return _clip(folder) if vocabulary and merges else None


def _clip(folder: Path) -> Any:
    """CLIP's byte-pair encoding from the two files that old checkpoints have."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers  # noqa: PLC0415

    files = str(folder / "vocab.json"), str(folder / "merges.txt")
    begin, unknown = "<|startoftext|>", "<|endoftext|>"
    pairs = models.BPE.from_file(
        *files, continuing_subword_prefix="", end_of_word_suffix="</w>", fuse_unk=False, unk_token=unknown
    )
    tokenizer = Tokenizer(pairs)
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_CLIP_WORDS), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    tokenizer.add_special_tokens([begin, unknown])
    return tokenizer
