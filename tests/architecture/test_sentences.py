"""No sentence that people are told escapes translation: it goes through `say` or gettext where it is written."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("generation", "gallery", "mjweb")
ENGLISH = {
    "generation/engine": "it knows no person; what its failures say is translated where it is shown",
    "generation/starter": "speaks to whoever trains",
    "generation/management": "speaks to a terminal",
    "gallery/management": "speaks to a terminal",
    "mjweb/accounts/management": "speaks to a terminal",
    "mjweb/local": "speaks to a terminal",
    "mjweb/settings": "speaks to a terminal",
    "generation/jobs/adapter_files.py": "files are added at a terminal",
    "generation/jobs/cards.py": "files are added at a terminal",
    "generation/jobs/single_files.py": "files are added at a terminal",
    "generation/jobs/sources.py": "files are added at a terminal",
    "generation/jobs/weights.py": "files are added at a terminal",
    "generation/layouts.py": "files are added at a terminal",
    "generation/workers": "workers write English down, which is translated when shown",
    "generation/contracts.py": "answers to programs of this house alone",
}
"""What people of the web never read as it is written there, with the reason."""
MARKS = frozenset(
    {
        "say",
        "say_many",
        "sayable",
        "_",
        "gettext",
        "gettext_lazy",
        "ngettext",
        "ngettext_lazy",
        "pgettext",
        "pgettext_lazy",
    }
)
TELLERS = frozenset({"Fix", "Note", "PromptProblem", "Refusal", "BadTermError", "BadValueError", "TakenAsError"})
TELLING = frozenset({"refuse", "warn"})
"""Methods of `Findings`."""
VARIABLES = frozenset({"msg", "sentence", "refusal", "reason"})
SENTENCE = re.compile(r"[A-Za-z]{2,}[ ,.]+[A-Za-z]|^[A-Z][a-z]+\.?$")
NOT_FOR_PEOPLE = frozenset({"AssertionError", "CommandError", "KeyError", "RuntimeError", "TypeError", "ValueError"})


def files() -> Iterator[Path]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not any(name == one or name.startswith(f"{one}/") for one in ENGLISH) and "migrations" not in path.parts:
                yield path


def offences(source: str) -> Iterator[tuple[int, str]]:
    """Every text for people that nothing marks, with its line."""
    for told in told_in(ast.parse(source)):
        yield from bare(told)


def told_in(tree: ast.Module) -> Iterator[ast.expr]:
    """What is raised, noted, put into a variable that is told, or is the title of an error."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and name_of(node.exc) not in NOT_FOR_PEOPLE:
            yield node.exc
        elif isinstance(node, ast.Call) and (name_of(node) in TELLERS or method_of(node) in TELLING):
            yield node
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in VARIABLES:
            yield from () if is_field(node.value) else (node.value,)
        elif isinstance(node, ast.ClassDef) and node.name.endswith("Error"):
            yield from (line.value for line in node.body if is_title(line))


def is_field(value: ast.expr) -> bool:
    """Of a serializer: its help is for the schema, which is English."""
    return isinstance(value, ast.Call) and ast.unparse(value.func).startswith("serializers.")


def is_title(line: ast.stmt) -> bool:
    return isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name) and line.targets[0].id == "title"


def bare(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Sentences in this expression, but for those in a call that marks them."""
    if isinstance(node, ast.Call) and name_of(node) in MARKS:
        yield from (found for argument in node.args[:1] for found in put_together(argument))
    elif isinstance(node, ast.JoinedStr):
        written = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
        if re.search(r"[A-Za-z]{2,} |[A-Za-z] [A-Za-z]", written):
            yield node.lineno, ast.unparse(node)
        for part in node.values:
            yield from bare(part)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and SENTENCE.search(node.value):
        yield node.lineno, node.value
    else:
        for child in ast.iter_child_nodes(node):
            yield from bare(child)


def put_together(argument: ast.expr) -> Iterator[tuple[int, str]]:
    """A text that is made at the call has no translation."""
    if isinstance(argument, ast.JoinedStr | ast.BinOp):
        yield argument.lineno, ast.unparse(argument)


def name_of(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def method_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def test_every_sentence_can_be_translated():
    found = {path: list(offences(path.read_text(encoding="utf-8"))) for path in files()}
    assert {str(path.relative_to(ROOT)): told for path, told in found.items() if told} == {}


@pytest.mark.parametrize("name", ENGLISH)
def test_what_is_left_out_exists(name):
    assert (ROOT / name).exists()


@pytest.mark.parametrize(
    "source",
    [
        'raise OneError("This is no id.")',
        'raise OneError(f"A name has at most {MOST} characters.", limit=MOST)',
        'raise serializers.ValidationError({"index": f"{action} takes the whole job."})',
        'msg = "A name is needed."',
        'findings.refuse("code", "Remove this one.", 0, 1)',
        'findings.refuse("code", say("Remove it"), 0, 1, Fix(f"Use {near} now", near))',
        'yield Note("left_out", f"{name} is left out.")',
        'raise OneError(say(f"There is no {what} here."))',
        'raise OneError(say("There is no " + what))',
        'class OneError(MjwebError):\n    title = "Not found"',
    ],
)
def test_it_sees_what_would_stay_english(source):
    assert list(offences(source)) != []


@pytest.mark.parametrize(
    "source",
    [
        'raise OneError(say("This is no id."), parameter="id")',
        'raise OneError(_("A name has at most %(most)s characters.") % {"most": MOST})',
        'raise ValueError("nobody reads this text")',
        'msg = say("A name is needed.")',
        'findings.refuse("no_words", say("There are no words yet."), 0, 0, Fix(say("Remove it"), ""))',
        'class OneError(MjwebError):\n    title = sayable("Not found")',
        'log.warning("Job %s could not begin: %s", job, error)',
    ],
)
def test_it_lets_pass_what_is_translated(source):
    assert list(offences(source)) == []
