"""Names that Midjourney knows or knew and that cannot be had here, each with the reason."""

from __future__ import annotations

from typing import Final

from generation.prompts.table.row import Refused

_VIDEO: Final = "Nothing moves here: --{name} belongs to Midjourney's video."
_OLD: Final = "--{name} chose among Midjourney's first models. --model names one of this server."
_UPSCALER: Final = "--{name} chose one of Midjourney's old upscalers. --hires 2 enlarges here."
_NO_PIXELS: Final = "Sizes in pixels are not asked for; --ar says the shape, as in --ar 3:2."

REFUSED: Final = (
    Refused(
        name="edit", reason="Pictures are not edited by a prompt alone here. Put the picture first and add --strength."
    ),
    *(Refused(name=name, reason=_VIDEO) for name in ("video", "motion", "loop", "end", "bs")),
    *(Refused(name=name, reason=_OLD) for name in ("test", "testp", "creative", "vibe", "newclip", "old", "hq")),
    *(Refused(name=name, reason=_UPSCALER) for name in ("uplight", "upbeta", "upanime")),
    Refused(name="nostretch", reason="Pictures are never stretched here, so there is nothing to forbid."),
    Refused(name="width", reason=_NO_PIXELS),
    Refused(name="height", aliases=("h",), reason=_NO_PIXELS),
)
