"""What a style preset says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StylePreset:
    """A look that can be named instead of described.

    name: as typed after `--style`; title: as people read it; sentence: what one gets.
    before, after: words that are put around those of the prompt; one of them may be empty.
    negative: what the look does without.
    group: the shelf that it stands on.
    """

    name: str
    title: str
    sentence: str
    before: str
    after: str
    negative: tuple[str, ...] = ()
    group: str = ""

    def around(self, words: str) -> str:
        """These words in this style."""
        begun = f"{self.before} {words}" if self.before else words
        return f"{begun}, {self.after}" if self.after else begun
