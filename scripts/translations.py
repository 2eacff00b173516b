"""Catalogs of translations: `python -m scripts.translations` brings them up to date with the code.

A text that is new comes in empty, one that is gone leaves, and what is translated stays. Whoever changes a sentence
runs it, fills in what is empty in `locale/*/LC_MESSAGES/django.po`, and runs it again for the `.mo` that servers read.
"""

from __future__ import annotations

import ast
import io
import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from generation.prompts.texts import texts

ROOT: Final = Path(__file__).parent.parent
LOCALES: Final = ("zh_Hans",)
CODE: Final = ("gallery", "generation", "mjweb")
TERMINAL: Final = ROOT / "generation" / "starter"
"""Speaks to whoever trains, who reads English."""
WORLD: Final = TERMINAL / "weights" / "world.json"
"""Knows its words by topics, which Help names."""
KEYWORDS: Final[dict[str, Spec]] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop", "say", "sayable"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy", "say_many"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
"""What marks a text: the function's name, and which of its arguments are the text, its plural and its context."""
SAID: Final = ("Language:", "Plural-Forms", "MIME-Version", "Content-Type", "Content-Transfer-Encoding")
"""Headers that a catalog needs; others would change with every run."""

Key = tuple[str | tuple[str, ...], str | None]
Call = tuple[str, tuple[str, ...]]
Spec = tuple[int | tuple[int, str], ...] | None


def po_file(locale: str) -> Path:
    """Where the translations into this language are written."""
    return ROOT / "locale" / locale / "LC_MESSAGES" / "django.po"


def extracted(locale: str) -> Catalog:
    """Every text of the code that people read, none of them translated."""
    catalog = Catalog(locale=locale, project="mjweb", fuzzy=False)
    for text in _of_tables():
        catalog.add(text, locations=[("generation/prompts/texts.py", 0)])
    for path in _files():
        for function, arguments in _of_code(path) if path.suffix == ".py" else _of_template(path):
            if picked := _picked(KEYWORDS[function], arguments):
                catalog.add(picked[0], locations=[(str(path.relative_to(ROOT)), 0)], context=picked[1])
    return catalog


def _of_tables() -> Iterator[str]:
    """What stands in tables as it is, and is translated when shown."""
    yield from texts()
    django.setup()
    yield from import_module("generation.views.help").texts()
    yield from json.loads(WORLD.read_text())["knows"]


def _files() -> Iterator[Path]:
    for room in CODE:
        yield from (path for path in sorted((ROOT / room).rglob("*.py")) if not path.is_relative_to(TERMINAL))
    yield from sorted((ROOT / "templates").rglob("*.*"))


def _of_code(path: Path) -> Iterator[Call]:
    """The calls of a module that mark a text; an argument that is not written out is empty."""
    source = path.read_text()
    if not any(f"{name}(" in source for name in KEYWORDS):
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
            yield node.func.id, tuple(_constant(argument) for argument in node.args)


def _constant(argument: ast.expr) -> str:
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else ""


def _of_template(path: Path) -> Iterator[Call]:
    """The same of what Django makes of a template for such tools; Python would stumble over its indents."""
    code = "\n".join(line.lstrip() for line in templatize(path.read_text()).splitlines())
    calls: Any = extract_python(io.BytesIO(code.encode()), KEYWORDS, [], {})
    for _, function, found, _ in calls:
        yield function, tuple(text or "" for text in (found if isinstance(found, tuple) else (found,)))


def _picked(spec: Spec, arguments: tuple[str, ...]) -> Key | None:
    """The text among a call's arguments, with its context; None where it is not written out there."""
    parts = spec or (1,)
    numbers = [part for part in parts if isinstance(part, int)]
    context = next((arguments[part[0] - 1] for part in parts if isinstance(part, tuple)), None)
    texts = tuple(arguments[number - 1] for number in numbers if number <= len(arguments))
    if len(texts) < len(numbers) or not all(texts):
        return None
    return (texts if len(texts) > 1 else texts[0]), context


def written(locale: str) -> Catalog:
    """The catalog as it is in the repository."""
    with po_file(locale).open("rb") as file:
        return read_po(file, locale=locale)


def updated(locale: str) -> Catalog:
    """The texts of today with the translations that are there already."""
    old, new = written(locale), extracted(locale)
    new.header_comment = old.header_comment
    for message in new:
        if message.id and (known := _known(old, message)):
            message.string = known.string
    return new


def _known(catalog: Catalog, message: Message) -> Message | None:
    known = catalog.get(message.id, message.context)
    return known if known and known.pluralizable == message.pluralizable else None


def as_po(catalog: Catalog) -> bytes:
    """The catalog as text, the same for the same texts."""
    file = io.BytesIO()
    write_po(file, catalog, width=120, include_lineno=False, ignore_obsolete=True)
    top, *texts = file.getvalue().decode().split("\n\n")
    kept = (
        line for line in top.split("\n") if not line.startswith('"') or line.startswith(tuple(f'"{n}' for n in SAID))
    )
    return "\n\n".join(["\n".join(kept), *texts]).encode()


def as_mo(catalog: Catalog) -> bytes:
    """The catalog as servers read it."""
    compact = read_po(io.BytesIO(as_po(catalog)), locale=catalog.locale)
    compact.creation_date = compact.revision_date = datetime(2026, 1, 1, tzinfo=UTC)  # the same file for the same texts
    file = io.BytesIO()
    write_mo(file, compact)
    return file.getvalue()


def untranslated(catalog: Catalog) -> list[Message]:
    """What is still empty."""
    return [message for message in catalog if message.id and not all(_strings(message))]


def _strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def main() -> int:
    """Writes both files of every language; 1 while something is untranslated."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mjweb.settings.test")
    missing = 0
    for locale in LOCALES:
        catalog = updated(locale)
        po_file(locale).write_bytes(as_po(catalog))
        po_file(locale).with_suffix(".mo").write_bytes(as_mo(catalog))
        empty = untranslated(catalog)
        missing += len(empty)
        print(f"{locale}: {len(catalog)} texts, {len(empty)} untranslated", file=sys.stderr)  # noqa: T201
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
