"""Every string that people read is marked, and translated into every language of the server."""

from __future__ import annotations

import re
import string

import pytest
from django.conf import settings

from mjweb.local.paths import REPOSITORY
from scripts import translations
from tests.markup import bare, read

TEMPLATES = sorted(path for path in (REPOSITORY / "templates").rglob("*") if path.is_file())
MARKUP = [path for path in TEMPLATES if path.suffix in {".html", ".txt"}]
SCRIPTS = sorted((REPOSITORY / "static" / "js").rglob("*.js"))
# Names, units, formats and what is typed are the same in every language.
SAME = re.compile(
    r"--[\w-]+|\b(?:mjweb|Midjourney|PNG|JPEG|WebP|GIF|ZIP|JSON|API|UTC|RSS|Atom|px|MB|GB|s|ms|C|U|V|L|R|P|T|B|E|M|Esc|Enter|"
    r"Ctrl|Shift|Alt|Delete|Home|End|Z|A)\b|&\w+;"
)
WORD = re.compile(r"[A-Za-z]")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%")
TAG = re.compile(r"</?[a-z]+|&\w+;")
FORMAT = re.compile(r"(?:\W*\b[A-Za-z]\b\W*)+|yes,.*")
"""What Django fills in: letters that stand for parts of a date, and the words of its filter yesno."""
# A literal of a tag that people read: `with title="Older pictures"`, `|default:"nothing"`; `_("…")` is marked.
ARGUMENT = re.compile(
    r"""\|(?:default|default_if_none|yesno|add):"([^"=/]*[a-z]{2}[^"=/]*)"|\w+="([A-Z][a-z]+[^"]*|\w+ \w[^"]*)\""""
)
# Where scripts put what people see, or say it.
SAID = re.compile(
    r"(?:\.(?:textContent|innerText|innerHTML|title|alt|placeholder|ariaLabel|ariaValueText)\s*=(?!=)|"
    r"\b(?:say|toast|alert|complain|confirm)\(|setAttribute\(\"(?:aria-label|title|alt|placeholder)\",)(.*)"
)
# What is not said there: names of phrases, of parts and of addresses.
NAMED = re.compile(
    r"""(?:phrase|counted|getElementById|querySelector|querySelectorAll|matches|closest|getAttribute)\((?:"[^"]*"|`[^`]*`)|"""
    r"""\?\s*"\w+" : "\w+"\)|"(?:assertive|polite|complaint|told|made|px|%)"|\$?\{[^{}]*\}|"""
    r"""</?p(?: class="[^"]*")?>|\.split\([^)]*\)"""
)
QUOTED = re.compile(r"""["'`][^"'`]*[A-Za-z]{2}[^"'`]*["'`]""")
LITERAL = re.compile(
    r"""(["'`])([A-Z][a-z]+ [^"'`]*[a-z]|[A-Za-z][^"'`]*[a-z][.!?]|(?<=["'])[A-Z][a-z]{2,}(?=["']))\1"""
)
KEYS = re.compile(r"""["'](?:Control|Delete|End|Enter|Escape|Files|Home|Relaxed|Shift)["']""")
"""Keys, a kind of what is dragged, and a part of a phrase's name."""


def strings(message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, (list, tuple)) else (message.string or "",)


def texts(message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, (list, tuple)) else (message.id,)


def values(text: str) -> set[str]:
    """The places of a text that are filled in: `%(name)s`, `{name}`."""
    try:
        braces = {name for _, name, _, _ in string.Formatter().parse(text) if name}
    except ValueError:  # a lone brace: it is not formatted
        braces = set()
    return {match[1] for match in PLACEHOLDER.finditer(text) if match[1]} | braces


def says(code: str) -> bool:
    """Whether a line of a script has words for people in it."""
    match, before = SAID.search(code), ""
    rest = match[1] if match else ""
    while rest != before:
        rest, before = NAMED.sub("", rest), rest
    return any(WORD.search(SAME.sub("", found[0])) for found in QUOTED.finditer(rest)) or bool(
        LITERAL.search(KEYS.sub("", NAMED.sub("", code)))
    )


@pytest.fixture(scope="module", params=translations.LOCALES)
def catalog(request):
    return translations.written(request.param)


# --- the catalog


def test_the_server_speaks_the_languages_that_have_a_catalog():
    assert [code for code, _ in settings.LANGUAGES] == [
        "en",
        *(name.lower().replace("_", "-") for name in translations.LOCALES),
    ]


def test_the_catalog_is_that_of_the_code(catalog):
    code = translations.extracted(str(catalog.locale))
    keys = [{(message.id, message.context) for message in one if message.id} for one in (code, catalog)]
    assert [sorted(map(str, keys[0] - keys[1])), sorted(map(str, keys[1] - keys[0]))] == [[], []], (
        "Run: python -m scripts.translations"
    )


def test_everything_is_translated(catalog):
    assert [message.id for message in translations.untranslated(catalog)] == []
    assert [message.id for message in catalog if message.id and message.fuzzy] == []


def test_translations_fill_in_the_same_values_and_keep_the_markup(catalog):
    def kept(message, translated):
        filled = set().union(*(values(text) for text in texts(message)))
        markup = sorted(TAG.findall(texts(message)[-1]))
        return values(translated) == filled and sorted(TAG.findall(translated)) == markup

    told = [(message, text) for message in catalog if message.id for text in strings(message) if text]
    assert [(message.id, translated) for message, translated in told if not kept(message, translated)] == []


def test_translations_do_not_break_out_of_attributes(catalog):
    """Texts of templates are not escaped: a quote that is not in the text would end the attribute around it."""
    assert [
        translated
        for message in catalog
        for translated in strings(message)
        if message.id and translated.count('"') > texts(message)[-1].count('"')
    ] == []


def test_servers_read_what_is_written(catalog):
    file = translations.po_file(str(catalog.locale)).with_suffix(".mo")
    is_compiled = file.read_bytes() == translations.as_mo(catalog)
    assert is_compiled, "Run: python -m scripts.translations"


def test_chinese_parts_its_signs_from_latin_ones_and_has_its_own_punctuation(catalog):
    if str(catalog.locale) != "zh_Hans":
        pytest.skip("another language")
    glued = re.compile(r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]|[\u4e00-\u9fff][,;:?!](?!\w)")
    filled = re.compile(r"%\(\w+\)[sd]|\{\w+\}|</?\w+[^>]*>")
    written = [text for message in catalog if not FORMAT.fullmatch(texts(message)[0]) for text in strings(message)]
    assert [text for text in written if glued.search(filled.sub("", text))] == []


# --- what is not marked


@pytest.mark.parametrize("path", MARKUP, ids=lambda path: str(path.relative_to(REPOSITORY / "templates")))
def test_no_template_has_a_text_that_is_not_marked(path):
    source = path.read_text()
    shown = [(found.line, found.text) for found in read(bare(source)) if WORD.search(SAME.sub("", found.text))]
    assert shown == [], "Put it into {% translate %} or {% blocktranslate %}."


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(REPOSITORY / "templates")))
def test_no_tag_of_a_template_is_given_a_text_that_is_not_marked(path):
    source = re.sub(r"{%\s*(?:blocktrans(?:late)?|translate)\b.*?%}", "", path.read_text())
    tags = re.findall(r"{%\s*(?:include|with)\b.*?%}|{{.*?}}", source, re.DOTALL)
    found = [match for tag in tags for match in ARGUMENT.finditer(tag)]
    given = [match[0] for match in found if WORD.search(SAME.sub("", match[1] or match[2]))]
    assert given == [], 'Write _("…").'
    assert "|pluralize" not in source, "Other languages have other plurals: {% blocktranslate count %}."


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(REPOSITORY / "static" / "js")))
def test_no_script_says_a_text_of_its_own(path):
    said = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        code = re.sub(r"(?:^|\s)//.*", "", line)
        if says(code):
            said.append((number, code.strip()))
    assert said == [], "Put it into templates/_phrases.html, and say phrase(…)."


def test_texts_that_are_not_marked_are_noticed():
    page = '{% load i18n %}<p title="Older">{% translate "All" %} <b>jobs</b> {{ n }}</p><i data-x="Wait a moment"></i>'
    assert [found.text for found in read(bare(page))] == ["Older", "jobs", "Wait a moment"]
    assert [
        found.text for found in read(bare("<p>{% blocktranslate %}Old{% endblocktranslate %}</p><code>x</code>"))
    ] == []
    assert ARGUMENT.search('{% include "x.html" with label="New password" %}')
    assert not ARGUMENT.search('{% include "x.html" with label=_("New password") %}')
    assert ARGUMENT.search('{{ label|default:"nothing" }}')
    for line in (
        'part.textContent = "Saving";',
        "say(`${n} jobs are ready`);",
        'return "Almost there now";',
        'return "Saving";',
    ):
        assert says(line)
    assert not says('part.textContent = size ? `${size} px` : phrase("nothing", { name: "all" });')


def test_every_phrase_that_a_script_says_is_in_a_page():
    pages = "".join(path.read_text() for path in MARKUP)
    known = {re.sub(r"-(\w)", lambda found: found[1].upper(), name) for name in re.findall(r"\bdata-([a-z-]+)=", pages)}
    for path in SCRIPTS:
        code = path.read_text()
        wanted = set(re.findall(r'phrase\("(\w+)"', code)) | set(re.findall(r'counted\("(\w+)"', code))
        wanted |= {f"{name}One" for name in re.findall(r'counted\("(\w+)"', code)}
        assert wanted - known == set(), path.name
