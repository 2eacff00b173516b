"""Reads the images that stand before the words, and finds those that stand in the wrong place."""

from __future__ import annotations

import re
from typing import Final

from generation.prompts.lexer import Lexed
from generation.prompts.problems import Findings, Fix
from generation.prompts.references import read_reference
from generation.prompts.values import BadValueError
from mjweb.common.saying import say

MAX_IMAGES: Final = 5
_COMMAS = ",;，、；"  # noqa: RUF001
_WEIGHT = re.compile(r"::[-+]?[0-9.]*\Z")
_AMONG_WORDS = re.compile(r"(?<!\w)(?:https?://|(?:image|upload):[0-9a-f]{8}-)\S*", re.IGNORECASE)


def read_images(lexed: Lexed, findings: Findings) -> tuple[str, ...]:
    """The references in typed order; what is wrong goes into the findings."""
    images = [image for start, end in lexed.images for image in _read(lexed, start, end, findings)]
    if len(lexed.images) > MAX_IMAGES:
        (start, _), (_, end) = lexed.images[MAX_IMAGES], lexed.images[-1]
        sentence = say(
            "At most {most} images stand before the words. These are {count}.", most=MAX_IMAGES, count=len(lexed.images)
        )
        findings.refuse("too_many_images", sentence, start, end, Fix(say("Remove the others"), ""))
    for late in _AMONG_WORDS.finditer(lexed.mask, lexed.words_start, lexed.words_end):
        sentence = say("Images stand before the words. In quotes, an address is words.")
        findings.refuse("image_after_words", sentence, *late.span(), Fix(say("Remove it"), ""))
    return tuple(images)


def _read(lexed: Lexed, start: int, end: int, findings: Findings) -> list[str]:
    kept = start + len(lexed.text[start:end].rstrip(_COMMAS))
    if kept < end:
        sentence = say("Images are parted by spaces alone.")
        findings.refuse("stray_punctuation", sentence, kept, end, Fix(say("Remove it"), ""))
    if weight := _WEIGHT.search(lexed.text[max(start, kept - 20) : kept]):
        at = kept - len(weight[0])
        sentence = say("Images have no weights of their own; --iw says how much they count.")
        findings.refuse("weighted_image", sentence, at, kept, Fix(say("Remove {what}", what=weight[0]), ""))
        kept = at
    try:
        return [read_reference(lexed.text[start:kept])]
    except BadValueError as bad:
        fix = None if bad.use is None else Fix(say("Use {value}", value=bad.use), bad.use)
        findings.refuse(bad.code, _what_stands_first(bad), start, kept, fix)
        return []


def _what_stands_first(bad: BadValueError) -> str:
    if bad.code == "address_too_long":
        return say("An image that stands first is addresses of at most {most} characters.", **bad.values)
    return say("An image that stands first is the address of a picture, or image: or upload: with its id.")
