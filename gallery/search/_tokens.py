"""A text to the tokens that its index holds, and a word to those that it is looked for by.

Chinese, Japanese and Korean put no spaces where words end, and what PostgreSQL makes of such a run depends on the
server's locale. So runs are taken apart here, into pairs of neighbors: 海边的灯塔 is 海边 边的 的灯 灯塔, and whoever
looks for 灯塔 finds it, without a dictionary that would have to know the word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from typing import Final

LONGEST: Final = 60
MOST_CHARS: Final = 20_000
_TOKEN: Final = re.compile(r"[^\W_]+")
_WEIGHT: Final = re.compile(r"::-?[\d.]*")
_RUN: Final = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")


def written_tokens(text: str) -> list[str]:
    """What is kept of a text, in order. The last sign of a run stands alone too, so that every sign begins a token."""
    return [token for part, is_run in _parts(text) for token in (_pairs(part, part[-1]) if is_run else [part])]


def asked_tokens(text: str) -> list[str]:
    """What a word or several are looked for by, in their order; a run of one sign is that sign alone."""
    return [token for part, is_run in _parts(text) for token in (_pairs(part) or [part] if is_run else [part])]


def is_sign(token: str) -> bool:
    """Whether it is one sign of a run, which is looked for as the beginning of a pair."""
    return len(token) == 1 and _RUN.match(token) is not None


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """The words and runs of a text, and which of them are runs; weights of its parts are none of its words."""
    plain = unicodedata.normalize("NFKC", _WEIGHT.sub(" ", text[:MOST_CHARS])).lower()
    for found in _TOKEN.finditer(plain):
        for is_run, signs in groupby(found[0], key=lambda sign: _RUN.match(sign) is not None):
            part = "".join(signs)
            yield (part if is_run else part[:LONGEST]), is_run


def _pairs(run: str, *last: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] + list(last)
