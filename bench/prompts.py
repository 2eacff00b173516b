"""The prompt language: a million made-up texts without a crash, and the time of long ones."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from statistics import median

from bench.table import Line, span
from generation.prompts.a1111 import from_a1111
from generation.prompts.canonical import canonical
from generation.prompts.defaults import with_defaults
from generation.prompts.parameters import PARAMETERS, REFUSED
from generation.prompts.parser import MAX_TYPED, check, parse, read
from generation.prompts.permutations import check_all, expand
from generation.prompts.problems import PromptErrors

INPUTS = 1_000_000
LENGTHS = (1_000, 10_000, 100_000)
LINEAR = 20  # ten times the text takes ten times as long; the rest is for a busy machine
OPTION_SETS = {"mine": "dada {a, b} --c 5", "yours": "--mine --tile", "endless": "--endless"}
SIGNS = [
    *(
        " ",
        " ",
        " ",
        "\n",
        "\u3000",
        "\u200b",
        "\x00",
        "\ud83d",
        "::",
        "::2 ",
        "::-.5 ",
        ":::",
        "::1e3 ",
        '"',
        "“",
        "”",
    ),
    *(",", "，", "、", ".", "(", ")", "[", "]", "(cat:1.3)", "((", "<lora:ink:.8>", "Negative prompt:", "Steps: 20, "),  # noqa: RUF001
    *("{", "}", "{a, b}", "{a {b, c}, }", "\\{", "\\,", "\\", "--", " --", "—", "-", "=", "AND", "BREAK"),
    *(
        "cat",
        "灯塔",
        "منارة",
        "🌻",
        "3d",
        "2",
        "-.5",
        "٣",
        "2:3",
        "16x9",
        "0.333",
        "99999999999",
        "watercolor",
        "euler",
    ),
    *(
        "https://x.org/a.png",
        "http://",
        "upload:0a1b2c3d-0000-4000-8000-00000000000f",
        "image:",
        " --mine",
        " --endless",
    ),
]
NAMES = [name for row in (*PARAMETERS, *REFUSED) for name in (row.name, *row.aliases)]
HOSTILE = [
    *('"', "“ ", "a::", ":: ", " --", "--a", "--foo ", " —x", "--no a,", "a--s ", "--ar 2:3 ", "::1 ", "::9", "-", "("),
    *(
        "{a,",
        "{",
        "}",
        "\\{",
        "--ar ,,,,",
        "https://x.org/a ",
        "--sref 1::2 ",
        "--lora a:1 ",
        "--style zq ",
        "\u0344\u0321",
    ),
    *("{--mine,", ",", "9", "[a|", "(((a", ":1)", "<lora:a:1>", "Steps: 1, ", "--p a ", "a "),
]


def run(*, quick: bool) -> list[Line]:
    """How many texts are read in a second, none of them with a crash, and how the time grows with the length."""
    return [_fuzz(INPUTS // 100 if quick else INPUTS), *_growth(), _bomb()]


def _fuzz(inputs: int) -> Line:
    chance = random.Random(20261124)
    valid = 0
    started_at = time.process_time()
    for _ in range(inputs):
        valid += _survives(_made_up(chance), chance)
    took_s = time.process_time() - started_at
    spread = f"{inputs:,} texts, {valid:,} of them prompts, 0 crashes"
    return Line(
        name="prompts read, made up of everything that may be typed", value=inputs / took_s, unit="/s", spread=spread
    )


def _made_up(chance: random.Random) -> str:
    if chance.random() < 0.1:
        return "".join(chr(chance.randrange(0x2600)) for _ in range(chance.randrange(40)))
    pieces = (chance.choice(SIGNS) if chance.random() < 0.7 else f" --{chance.choice(NAMES)} " for _ in range(14))
    text = "".join(piece for piece in pieces if chance.random() < 0.7)
    return (text * chance.randrange(2, 300))[:MAX_TYPED] if chance.random() < 0.001 else text


def _survives(text: str, chance: random.Random) -> bool:
    """Whether the text is a prompt; anything but the language's own error ends the bench with the text in hand."""
    try:
        spec = check(text).spec
        if spec is not None:
            assert parse(canonical(spec)) == spec
        if chance.random() < 0.2:
            from_a1111(text)
            check_all(text, option_sets=OPTION_SETS, suffix="in oil --tile")
            with suppress(PromptErrors):
                expand(with_defaults(text, "--c 3 --no x"), option_sets=OPTION_SETS)
    except Exception as crash:
        raise AssertionError(f"{type(crash).__name__} at {text!r}") from crash
    return spec is not None


def _growth() -> list[Line]:
    times = {hostile: [_time_s(read, (hostile * length)[:length]) for length in LENGTHS] for hostile in HOSTILE}
    lines = []
    for place, (shorter, longer) in enumerate(pairwise(LENGTHS)):
        ratios = Counter({hostile: few[place + 1] / few[place] for hostile, few in times.items()})
        hostile, worst = ratios.most_common(1)[0]
        name = f"reading {longer:,} characters ÷ {shorter:,}, the worst of {len(times)} hostile texts"
        spread = f"{hostile!r}; all {span(list(ratios.values()))}"
        lines.append(Line(name=name, value=worst, unit="x", spread=spread, goal=LINEAR, better="less"))
    for place, length in enumerate(LENGTHS):
        words = _time_s(check if length <= MAX_TYPED else read, ("a red lighthouse, " * length)[:length])
        worst = max(few[place] for few in times.values())
        lines.append(
            Line(
                name=f"reading {length:,} characters of words",
                value=words * 1000,
                unit="ms",
                spread=f"{worst * 1000:.3g} ms the worst",
            )
        )
    return lines


def _bomb() -> Line:
    took_s = _time_s(lambda text: check_all(text).jobs, "{a,b}" * 60)
    return Line(name="counting sixty pairs of braces", value=took_s * 1000, unit="ms", goal=5, better="less")


def _time_s(work: Callable[[str], object], text: str) -> float:
    took = []
    for _ in range(5):
        started_at = time.thread_time()
        work(text)
        took.append(time.thread_time() - started_at)
    return median(took)
