"""Which adapters a picture is painted with, and how much each counts."""

from __future__ import annotations

from typing import NamedTuple

from generation.contracts import AdapterFile, AdapterKind, RenderRequest


class Worn(NamedTuple):
    """One adapter and its weight, which is not 0."""

    file: AdapterFile
    weight: float


Outfit = tuple[Worn, ...]
"""What is worn together; in another order it is another outfit, for sums round otherwise."""


def outfit_of(request: RenderRequest) -> Outfit:
    """What a request's pictures wear; an adapter of weight 0 is none."""
    uses = zip(request.plan.adapters, request.adapters, strict=True)
    return tuple(Worn(file, use.weight) for use, file in uses if use.weight)


def control_of(request: RenderRequest) -> Outfit:
    """The ControlNet of a request's pictures; how much it counts is a number of each row."""
    use, file = request.plan.control, request.control
    return (Worn(file, 1.0),) if use is not None and use.weight and file is not None else ()


def image_prompts_of(request: RenderRequest) -> Outfit:
    """The IP-Adapter of a request's pictures, once for each picture that it shows them.

    How much each counts is told with it, so that all weights share a bucket.
    """
    count = sum(1 for use in request.plan.source_uses if use.prompt)
    return tuple(Worn(worn.file, 1.0) for worn in only("image_prompt", outfit_of(request))) * count


def only(kind: AdapterKind, outfit: Outfit) -> Outfit:
    """The part of an outfit that is of one kind."""
    return tuple(worn for worn in outfit if worn.file.kind == kind)
