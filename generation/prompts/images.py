"""Reads the images that stand before the words, and finds those that stand in the wrong place."""

from __future__ import annotations

import re
from typing import Final

from generation.prompts.lexer import Lexed
from generation.prompts.problems import Findings, Fix
from generation.prompts.references import read_reference
from generation.prompts.values import BadValueError

MAX_IMAGES: Final = 5
_COMMAS = ",;，、；"  # noqa: RUF001
_WEIGHT = re.compile(r"::[-+]?[0-9.]*\Z")
_AMONG_WORDS = re.compile(r"(?<!\w)(?:https?://|(?:image|upload):[0-9a-f]{8}-)\S*", re.IGNORECASE)


def read_images(lexed: Lexed, findings: Findings) -> tuple[str, ...]:
    """The references in typed order; what is wrong goes into the findings."""
    images = [image for start, end in lexed.images for image in _read(lexed, start, end, findings)]
    if len(lexed.images) > MAX_IMAGES:
        (start, _), (_, end) = lexed.images[MAX_IMAGES], lexed.images[-1]
        sentence = f"At most {MAX_IMAGES} images stand before the words. These are {len(lexed.images)}."
        findings.refuse("too_many_images", sentence, start, end, Fix("Remove the others", ""))
    for late in _AMONG_WORDS.finditer(lexed.mask, lexed.words_start, lexed.words_end):
        sentence = "Images stand before the words. In quotes, an address is words."
        findings.refuse("image_after_words", sentence, *late.span(), Fix("Remove it", ""))
    return tuple(images)


def _read(lexed: Lexed, start: int, end: int, findings: Findings) -> list[str]:
    kept = start + len(lexed.text[start:end].rstrip(_COMMAS))
    if kept < end:
        sentence = "Images are parted by spaces alone."
        findings.refuse("stray_punctuation", sentence, kept, end, Fix("Remove it", ""))
    if weight := _WEIGHT.search(lexed.text[max(start, kept - 20) : kept]):
        at = kept - len(weight[0])
        sentence = "Images have no weights of their own; --iw says how much they count."
        findings.refuse("weighted_image", sentence, at, kept, Fix(f"Remove {weight[0]}", ""))
        kept = at
    try:
        return [read_reference(lexed.text[start:kept])]
    except BadValueError as bad:
        sentence = f"An image that stands first {bad.what.replace('takes', 'is', 1)}."
        findings.refuse(bad.code, sentence, start, kept, None if bad.use is None else Fix(f"Use {bad.use}", bad.use))
        return []
