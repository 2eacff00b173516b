"""What listeners hear of their requests: how far they are, with a preview now and then, and how they ended."""

from __future__ import annotations

import logging
import time

from generation.contracts import EngineEvent, EngineListener, Progressed, Raster, Rendered
from generation.engine.families.base import Family
from generation.engine.previews import paint
from generation.engine.state import Resident

logger = logging.getLogger(__name__)


def notify(listener: EngineListener, event: EngineEvent) -> None:
    """Tell one listener; one that raises harms nobody else."""
    try:
        listener(event)
    except Exception:
        logger.exception("engine_listener_failed")


def tell_progress(resident: Resident, family: Family, *, preview_interval_s: float) -> None:
    """Tell a request that its slowest picture got further, if it did, with a preview if one is due.

    Effects: notes in `resident` what was told.
    """
    if resident.slowest_step == resident.told_step:
        return
    resident.told_step = resident.slowest_step
    event = Progressed(
        request_id=resident.request.request_id,
        step=resident.told_step,
        steps=resident.steps,
        preview=_preview_if_due(resident, family, preview_interval_s),
    )
    notify(resident.listener, event)


def tell_pictures(resident: Resident) -> None:
    """Tell a request that all of its pictures are done."""
    notify(
        resident.listener,
        Rendered(
            request_id=resident.request.request_id,
            pictures=resident.pictures,
            engine_ms=round((time.monotonic() - resident.admitted_at) * 1000),
        ),
    )


def _preview_if_due(resident: Resident, family: Family, interval_s: float) -> tuple[Raster, ...] | None:
    now = time.monotonic()
    if resident.previewed_at is not None and now - resident.previewed_at < interval_s:
        return None
    resident.previewed_at = now
    estimates = [trajectory.denoised for trajectory in resident.trajectories]
    seen = [one for one in estimates if one is not None]
    if len(seen) < len(estimates):
        return None  # some have not begun, or cannot be looked at
    try:
        return tuple(paint(one[None], family.latent_to_rgb)[0] for one in seen)
    except Exception:
        logger.exception("engine_preview_failed")  # the picture itself may well come out
        return None
