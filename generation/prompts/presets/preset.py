"""What a style preset says."""

from __future__ import annotations

from dataclasses import dataclass

from mjweb.common.saying import say


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

    @property
    def shown_title(self) -> str:
        """Its name as people read it, in the language of whoever is answered."""
        return say(self.title)

    @property
    def shown_sentence(self) -> str:
        """What one gets, in that language."""
        return say(self.sentence)

    @property
    def shown_group(self) -> str:
        """Its shelf, in that language."""
        return say(self.group)

    def around(self, words: str) -> str:
        """These words in this style."""
        begun = f"{self.before} {words}" if self.before else words
        return f"{begun}, {self.after}" if self.after else begun
