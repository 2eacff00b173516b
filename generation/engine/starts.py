"""What a stage starts from: noise, pictures, a part of one, a canvas around one, or the picture of the stage before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image

from generation.contracts import Raster, RenderRequest, Stage
from generation.engine import canvas, masks
from generation.engine.blending import mixed
from generation.engine.coding import encode
from generation.engine.families.base import Family
from generation.engine.images import fit, to_image, to_raster
from generation.engine.masks import Mask
from generation.engine.repainting import Kept
from generation.engine.sampling.tables import StepTable
from generation.engine.styles import Style

GRAY: Raster = Raster(1, 1, bytes((128, 128, 128)))
"""What a network for inpainting is shown in the place of what it shall paint."""
BORROWED_PX = 16
"""Pixels of the opposite edge that enlarging sees beyond an edge, where the edges meet."""


@dataclass(frozen=True, slots=True)
class Start:
    """What a stage starts from, the same for all pictures of a request but for their noise.

    clean: (channels, h, w), float32, what the noise is put on; None for a start from noise alone.
    kept: what is not painted; None when all is.
    beside: (channels, h, w), float32, what a network for inpainting is shown beside the latents; None for others.
    """

    clean: torch.Tensor | None = None
    kept: Kept | None = None
    beside: torch.Tensor | None = None

    def under(self, noise: torch.Tensor, table: StepTable) -> torch.Tensor:
        """The latents that one picture's run begins with, (channels, h, w).

        noise: (channels, h, w), of unit variance.
        """
        latents = noise * table.start_sigma
        if self.clean is not None:
            latents = self.clean * table.start_signal + latents
        return latents if self.kept is None else self.kept.in_latents(latents, noise, table.level_before(0))


def first_start(request: RenderRequest, family: Family) -> Start:
    """Where the first stage of a request begins; its plan was checked."""
    plan, stage = request.plan, request.plan.stages[0]
    if plan.repaint is not None:
        picture, mask = _canvas(request, stage)
        return _start(picture, picture, mask, request, stage, family)
    clean = None
    if stage.strength < 1:
        shares = [(use.start, source) for use, source in zip(plan.source_uses, request.sources, strict=True)]
        starts = [(share, source) for share, source in shares if share]
        latents = [_latents(source, request, stage, family) for _, source in starts]
        clean = mixed(latents, [share for share, _ in starts])
    return Start(clean, beside=_beside(None, None, request, stage, family))


def later_start(picture: Raster, stage: Stage, request: RenderRequest, family: Family) -> Start:
    """Where a later stage begins: the enlarged picture of the stage before it."""
    enlarged = _enlarged(picture, stage, seamless=request.plan.seamless)
    if request.plan.repaint is None:
        clean = encode(enlarged, family, seamless=request.plan.seamless)
        return Start(clean, beside=_beside(None, None, request, stage, family))
    source, mask = _canvas(request, stage)
    return _start(masks.composite(enlarged, source, mask), source, mask, request, stage, family)


def style_of(request: RenderRequest, family: Family) -> Style | None:
    """What the first stage is led to; None where no picture is there for its style."""
    uses = zip(request.plan.source_uses, request.sources, strict=True)
    styles = [(use.style, source) for use, source in uses if use.style]
    if not styles:
        return None
    latents = [_latents(source, request, request.plan.stages[0], family) for _, source in styles]
    return Style.of(latents, [weight for weight, _ in styles])


def _start(picture: Raster, kept: Raster, mask: Mask, request: RenderRequest, stage: Stage, family: Family) -> Start:
    """A start that paints a part of a picture."""
    clean = encode(picture, family, seamless=request.plan.seamless)
    painted = masks.of_latents(mask, *clean.shape[1:]).to(clean.device)
    beside = _beside(picture, mask, request, stage, family)
    return Start(clean if stage.strength < 1 else None, Kept(kept, mask, painted, clean), beside)


def _canvas(request: RenderRequest, stage: Stage) -> tuple[Raster, Mask]:
    """The first source at its place in a stage, and the mask of what is painted there."""
    repaint, first = request.plan.repaint, request.plan.stages[0]
    assert repaint is not None  # noqa: S101 -- the callers looked
    width_px, height_px = stage.width_px, stage.height_px
    across, down = width_px / first.width_px, height_px / first.height_px
    feather_px = round(repaint.feather_px * across)
    if repaint.placement is not None:
        placement = canvas.scaled(repaint.placement, across, down)
        inside = request.mask if repaint.masked else None
        mask = masks.around(placement, width_px, height_px, feather_px=feather_px, inside=inside)
        return canvas.placed(request.sources[0], placement, width_px, height_px), mask
    assert request.mask is not None  # noqa: S101 -- checked
    mask = masks.drawn(request.mask, width_px, height_px, feather_px=feather_px)
    return fit(request.sources[0], width_px, height_px), mask


def _beside(
    picture: Raster | None, mask: Mask | None, request: RenderRequest, stage: Stage, family: Family
) -> torch.Tensor | None:
    """The mask and the picture without what it covers, as a network for inpainting takes them; None for others.

    Where no picture is given, all of it is covered.
    """
    if not family.sees_mask(family.network(stage.network)):
        return None
    gray = fit(GRAY, stage.width_px, stage.height_px)
    if picture is None or mask is None:
        picture, mask = gray, np.ones((stage.height_px, stage.width_px), dtype=np.float32)
    covered = (mask > 0).astype(np.float32)
    shown = encode(masks.composite(gray, picture, covered), family, seamless=request.plan.seamless)
    return torch.cat([masks.of_latents(covered, *shown.shape[1:]).to(shown.device), shown])


def _latents(source: Raster, request: RenderRequest, stage: Stage, family: Family) -> torch.Tensor:
    return encode(fit(source, stage.width_px, stage.height_px), family, seamless=request.plan.seamless)


def _enlarged(picture: Raster, stage: Stage, *, seamless: bool) -> Raster:
    """A picture at the size of a stage; where its edges meet, they still do."""
    if not seamless:
        return fit(picture, stage.width_px, stage.height_px)
    around = np.pad(np.asarray(to_image(picture)), ((BORROWED_PX,) * 2, (BORROWED_PX,) * 2, (0, 0)), mode="wrap")
    inner = (BORROWED_PX, BORROWED_PX, BORROWED_PX + picture.width_px, BORROWED_PX + picture.height_px)
    size = (stage.width_px, stage.height_px)
    return to_raster(Image.fromarray(around).resize(size, Image.Resampling.LANCZOS, box=inner))
