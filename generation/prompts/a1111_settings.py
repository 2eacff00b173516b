"""The last line of a prompt of AUTOMATIC1111's web UI, `Steps: 20, Sampler: Euler a, …`, as our parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from generation.prompts.parameters import BY_NAME
from generation.prompts.values import BadValueError
from mjweb.common.saying import say

_SETTING: Final = re.compile(r'(?P<name>[A-Za-z][A-Za-z0-9 /_-]{0,60}):\s*(?P<value>"(?:\\.|[^"\\])*"|[^,]*)(?:,|\Z)')
_SIZE: Final = re.compile(r"([0-9]{1,5})\s*[x×]\s*([0-9]{1,5})")  # noqa: RUF001
_PARAMETERS: Final = {
    "steps": "steps",
    "cfg scale": "guidance",
    "schedule type": "schedule",
    "seed": "seed",
    "hires upscale": "hires",
}
_ANY: Final = frozenset({"automatic", "-1"})
"""What stands for no choice."""
_SCHEDULED: Final = re.compile(r"(.+?)\s+(karras|exponential)", re.IGNORECASE)


def read_settings(text: str, notes: list[str]) -> list[str]:
    """The parameters; a sentence about the settings that nothing here stands for is added to the notes."""
    found = list(_parameters(text))
    if left := [name for name, spelled in found if spelled is None]:
        notes.append(say("Nothing here stands for {what}.", what=", ".join(left)))
    return [spelled for _, spelled in found if spelled]


def _parameters(text: str) -> Iterator[tuple[str, str | None]]:
    """Each setting's name and what it is here: a parameter, nothing that need be said, or None."""
    for setting in _SETTING.finditer(text):
        name, value = setting["name"].strip(), setting["value"].strip()
        match name.casefold():
            case "sampler":
                yield name, _sampler(value)
            case "size":
                yield name, _size(value)
            case known if known in _PARAMETERS:
                yield name, "" if value.casefold() in _ANY else _parameter(_PARAMETERS[known], value)
            case _:
                yield name, None


def _parameter(name: str, value: str) -> str | None:
    """The parameter with this value, or with the nearest it takes; None where there is none."""
    kind = BY_NAME[name].kind
    try:
        return f"--{name} {kind.write(kind.read(value))}"
    except BadValueError as bad:
        return None if bad.use is None or bad.code == "unknown_name" else f"--{name} {bad.use}"


def _sampler(value: str) -> str | None:
    scheduled = _SCHEDULED.fullmatch(value)
    sampler = _parameter("sampler", scheduled[1] if scheduled else value)
    schedule = _parameter("schedule", scheduled[2]) if scheduled else None
    return " ".join(spelled for spelled in (sampler, schedule) if spelled) or None


def _size(value: str) -> str | None:
    size = _SIZE.fullmatch(value)
    return _parameter("ar", f"{size[1]}:{size[2]}") if size else None
