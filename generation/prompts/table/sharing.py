"""Parameters that say who sees the pictures."""

from __future__ import annotations

from typing import Final

from generation.prompts.table.row import Parameter
from generation.prompts.values import Flag

_VISIBILITY: Final = "as set in your account"

SHARING: Final = (
    Parameter(
        name="public",
        group="sharing",
        field="visibility",
        kind=Flag("public"),
        default=None,
        default_text=_VISIBILITY,
        sentence="Shows the pictures to everybody.",
        versions="all",
    ),
    Parameter(
        name="unlisted",
        group="sharing",
        field="visibility",
        kind=Flag("unlisted"),
        default=None,
        default_text=_VISIBILITY,
        sentence="Shows the pictures to whoever has their address, and lists them nowhere.",
    ),
    Parameter(
        name="stealth",
        group="sharing",
        field="visibility",
        kind=Flag("private"),
        default=None,
        default_text=_VISIBILITY,
        sentence="Keeps the pictures to yourself.",
        versions="all",
    ),
)
