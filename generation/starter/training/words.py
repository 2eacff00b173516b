"""Captions to token ids without torch, for the processes that render.

The ids are those of `transformers.CLIPTokenizer` over the same folder, which a test holds to it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

START: Final = "<|startoftext|>"
END: Final = "<|endoftext|>"


class Words:
    """A tokenizer folder as a function from text to a row of ids; padding is the end token, as CLIP pads."""

    def __init__(self, folder: Path) -> None:
        self._inner = Tokenizer.from_file(str(folder / "tokenizer.json"))
        config = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
        self.length = int(config["model_max_length"])
        ids = self._inner.get_vocab()
        self._start, self._end = ids[START], ids[END]

    def encode(self, text: str) -> npt.NDArray[np.int16]:
        """Start, the text, end and padding; (length,), cut where the text is too long."""
        ids = self._inner.encode(text, add_special_tokens=False).ids[: self.length - 2]
        row = np.full(self.length, self._end, np.int16)
        row[: len(ids) + 1] = [self._start, *ids]
        return row
