"""What a row of the table of parameters says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from generation.prompts.values import Kind
from mjweb.common.saying import say

Group = Literal["picture", "words", "images", "style", "speed", "numbers", "sharing"]
GROUPS: Final[dict[Group, str]] = {
    "picture": "The picture",
    "words": "Words",
    "images": "Images",
    "style": "Style",
    "speed": "Time",
    "numbers": "Model and numbers",
    "sharing": "Who sees it",
}
Effect = Literal["used", "noted", "refused"]
ALL: Final = "all"
OURS: Final = "ours"
NEEDED: Final = object()
"""Stands for no value: the name alone says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One row of the table.

    name: without dashes, the one that canonical text uses; aliases: further names.
    group: where the settings panel and the help page show it.
    field: the field of `PromptSpec` that it sets. Parameters of one field exclude each other.
    default: the field's value when it is not typed.
    sentence: what it does, for the help page; default_text: the default in words.
    example: a value to show; empty for a flag. bare: the value of the name alone, where that may stand alone.
    conflicts: names of further parameters that it excludes, which exclude it as well.
    needs: names of parameters, or `images`: without one of them it has no effect, and a note says so.
    needs_words: whether a prompt of images alone refuses it.
    versions: Midjourney's, that know it, as text; `all` of them, or `ours` where it is of this product alone.
    effect: `used`; `noted` where it is accepted for those who bring it along and changes nothing, or less than
        elsewhere; `refused` where it is known and cannot be had. reason: the sentence that says so.
    """

    name: str
    aliases: tuple[str, ...] = ()
    group: Group
    field: str
    kind: Kind
    default: Any
    default_text: str
    sentence: str
    example: str = ""
    bare: Any = NEEDED
    conflicts: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    needs_words: bool = False
    versions: str = OURS
    effect: Effect = "used"
    reason: str = ""

    @property
    def usage(self) -> str:
        """The parameter with its example value: `--ar 3:2`."""
        return f"--{self.name} {self.example}".rstrip()

    @property
    def shown_sentence(self) -> str:
        """What it does, in the language of whoever is answered."""
        return say(self.sentence)

    @property
    def shown_default(self) -> str:
        """The default in words of that language."""
        return say(self.default_text)

    @property
    def shown_reason(self) -> str:
        """Why it changes nothing here, in that language; else empty."""
        return say(self.reason, name=self.name)

    @property
    def shown_versions(self) -> str:
        """Midjourney's versions in that language."""
        return say(self.versions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A name that Midjourney knows or knew and that cannot be had here.

    name, aliases: without dashes. reason: why, as a sentence with `{name}` for its name, with what to do
        instead where there is something.
    """

    name: str
    aliases: tuple[str, ...] = ()
    reason: str
    effect: Effect = "refused"

    @property
    def shown_reason(self) -> str:
        """Why it cannot be had, in the language of whoever is answered."""
        return say(self.reason, name=self.name)
