"""What people read in a page or a template: texts between its tags, and attributes that are shown or read out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

SHOWN = {
    "alt",
    "aria-description",
    "aria-label",
    "aria-roledescription",
    "aria-valuetext",
    "label",
    "placeholder",
    "title",
}
SENTENCE = re.compile(r"^[A-Z][a-z]+(?: [\w{]|[.,?!])")
"""What a data attribute begins with when a script shows it."""
UNREAD = {"script", "style", "code", "kbd"}
VOID = {"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
DJANGO = re.compile(
    r"{%\s*block \w*_class\s*%}.*?{%\s*endblock\s*%}|"
    r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}|{%\s*comment.*?endcomment\s*%}|{#.*?#}|{%.*?%}|{{.*?}}",
    re.DOTALL,
)


@dataclass(frozen=True)
class Text:
    """Something that is read. place: the tag it stands in, or tag@attribute."""

    line: int
    place: str
    text: str


def bare(template: str) -> str:
    """A template without what Django puts in, on the same lines."""
    return DJANGO.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), template)


@dataclass
class _Reader(HTMLParser):
    """language: whose texts are meant; what a tag says to be in another one, or in none, is left out."""

    language: str | None = None
    open: list[tuple[str, bool]] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    @property
    def is_read(self) -> bool:
        return all(not is_other and tag not in UNREAD for tag, is_other in self.open)

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        lang = values.get("lang", "")
        is_other = values.get("translate") == "no" or bool(self.language and lang and lang != self.language)
        if tag not in VOID:
            self.open.append((tag, is_other))
        if is_other or not self.is_read:
            return
        for name, value in values.items():
            if name in SHOWN or (name.startswith("data-") and SENTENCE.match(value.strip())):
                self._found(f"{tag}@{name}", value)

    def handle_endtag(self, tag):
        tags = [name for name, _ in self.open]
        if tag in tags:
            del self.open[len(tags) - 1 - tags[::-1].index(tag) :]

    def handle_data(self, data):
        if self.is_read:
            self._found(self.open[-1][0] if self.open else "", data)

    def _found(self, place, text):
        if text.strip():
            self.texts.append(Text(self.getpos()[0], place, " ".join(text.split())))


def read(page: str, language: str | None = None) -> list[Text]:
    """Everything in this HTML that is shown or read out, in order."""
    reader = _Reader(language)
    reader.feed(page)
    reader.close()
    return reader.texts
