"""Hypothesis strategies: meanings themselves, made without the parser."""

from fractions import Fraction
from math import gcd

from hypothesis import strategies as st

from generation.contracts import SAMPLER_TITLES, SCHEDULE_TITLES, AdapterUse, PromptPart
from generation.prompts.parameters import CONFLICTS, PARAMETERS, Parameter
from generation.prompts.spec import Aspect, PromptSpec, WeightedRef
from generation.prompts.styles import PRESETS
from generation.prompts.table.numbers import NIJI, VERSIONS

_WORD = st.sampled_from(
    [
        "cat",
        "灯塔",
        "🌻",
        "3d",
        "2",
        "a-b",
        "1.5",
        ":",
        "a--b",
        '5"',
        "{",
        "}",
        "\\",
        "{a,b}",
        '"{a::2 b} --ar"',
        "“--no x”",
    ]
)
words = st.lists(_WORD, min_size=1, max_size=4).map(" ".join)
addresses = st.sampled_from(
    [
        "https://x.org/a.png",
        "http://[::1]:80/b?c=d#e",
        "image:0a1b2c3d-0000-4000-8000-00000000000f",
        "upload:0a1b2c3d-0000-4000-8000-00000000000e",
    ]
)
hundredths = st.integers(0, 300).map(lambda number: number / 100)
names = st.sampled_from(["ink", "snow-2", "a.b_c"])


def _in_lowest_terms(weights: list[int]) -> list[int]:
    common = gcd(*weights)
    return [weight // common for weight in weights]


weights = st.lists(st.integers(-9, 9).filter(bool), min_size=1, max_size=5).filter(lambda few: sum(few) > 0)
parts = weights.map(_in_lowest_terms).flatmap(
    lambda few: st.tuples(*(words for _ in few)).map(
        lambda texts: tuple(PromptPart(text, float(weight)) for text, weight in zip(texts, few, strict=True))
    )
)
style_refs = st.lists(
    st.tuples(st.one_of(addresses, st.integers(0, 2**32 - 1).map(str), st.just("random")), st.integers(1, 9)),
    min_size=1,
    max_size=5,
).map(
    lambda uses: tuple(
        WeightedRef(ref, float(weight))
        for (ref, _), weight in zip(uses, _in_lowest_terms([weight for _, weight in uses]), strict=True)
    )
)
_phrases = st.lists(words.filter(lambda text: "," not in text), min_size=1, max_size=3, unique=True).map(tuple)
_loras = st.lists(
    st.builds(AdapterUse, names, st.integers(-200, 200).map(lambda number: number / 100)),
    min_size=1,
    max_size=3,
    unique_by=lambda use: use.name,
).map(tuple)

VALUES: dict[str, st.SearchStrategy[object]] = {
    "ar": st.builds(Aspect, st.integers(1, 300), st.integers(1, 300)).filter(
        lambda shape: Fraction(1, 14) <= shape.ratio <= 14
    ),
    "tile": st.just(value=True),
    "zoom": st.integers(100, 200).map(lambda number: number / 100),
    "hd": st.just(value=True),
    "sd": st.just(value=False),
    "hires": st.sampled_from([1.5, 2.0, 4.0]),
    "best": st.integers(4, 16),
    "repeat": st.integers(1, 40),
    "no": _phrases,
    "iw": hundredths,
    "strength": st.integers(1, 99).map(lambda number: number / 100),
    "cref": st.lists(addresses, min_size=1, max_size=5).map(tuple),
    "cw": st.integers(0, 100),
    "oref": addresses,
    "ow": st.integers(1, 1000),
    "stylize": st.integers(0, 1000),
    "style": st.sampled_from(sorted(PRESETS)),
    "raw": st.just(value=True),
    "sref": style_refs,
    "sw": st.integers(0, 1000),
    "sv": st.integers(1, 6),
    "chaos": st.integers(0, 100),
    "weird": st.integers(0, 3000),
    "exp": st.integers(0, 100),
    "p": st.lists(st.sampled_from(["abc", "m-1", "Z_9"]), max_size=3, unique=True).map(tuple),
    "quality": st.sampled_from([0.25, 0.5, 1.0, 2.0, 4.0]),
    "draft": st.just(value=True),
    "stop": st.integers(10, 100),
    "fast": st.just("fast"),
    "relax": st.just("relax"),
    "turbo": st.just("turbo"),
    "seed": st.integers(0, 2**32 - 1),
    "sameseed": st.integers(0, 2**32 - 1),
    "steps": st.integers(1, 150),
    "guidance": st.integers(100, 3000).map(lambda number: number / 100),
    "sampler": st.sampled_from([name for name in SAMPLER_TITLES if name != "own"]),
    "schedule": st.sampled_from(list(SCHEDULE_TITLES)),
    "model": names,
    "lora": _loras,
    "version": st.sampled_from(VERSIONS),
    "niji": st.sampled_from(NIJI),
    "public": st.just("public"),
    "unlisted": st.just("unlisted"),
    "stealth": st.just("private"),
}


@st.composite
def specs(draw: st.DrawFn) -> PromptSpec:
    """Any meaning that a prompt can have."""
    blend = draw(st.integers(0, 9)) == 0
    images = draw(st.lists(addresses, min_size=2 if blend else 0, max_size=5))
    rows = [row for row in draw(st.lists(st.sampled_from(PARAMETERS), max_size=12)) if not (blend and row.needs_words)]
    chosen: list[Parameter] = []
    for row in rows:
        if row not in chosen and not any(other.name in CONFLICTS[row.name] for other in chosen):
            chosen.append(row)
    values = {row.field: draw(VALUES[row.name]) for row in chosen}
    given = frozenset(row.name for row in chosen)
    return PromptSpec(images=tuple(images), parts=() if blend else draw(parts), given=given, **values)
