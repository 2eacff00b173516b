"""The prompts whose pictures show what the language means: a row for each parameter, a pair for each style.

`manage.py paint_examples` paints them with the starter model; the help page and docs/prompts.md show them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from generation.prompts.styles import PRESETS, StylePreset
from mjweb.common.saying import sayable

FOLDER: Final = "examples"
"""Below the static files."""
Layout = Literal["one", "grid", "tiled"]
SEED: Final = 7
FOX: Final = "https://example.com/fox.png"
NIGHT: Final = "https://example.com/night.png"
WITHOUT: Final = sayable("without")
THE_PICTURE: Final = sayable("the picture")
BEFORE: Final = sayable("before")
AFTER: Final = sayable("after")


@dataclass(frozen=True, slots=True)
class Example:
    """One picture.

    file: its name in `FOLDER`. prompt: all of what was typed for it. caption: what is different about it.
    layout: the first picture alone, the grid of four, or the first one laid out as four tiles.
    """

    file: str
    prompt: str
    caption: str
    layout: Layout = "one"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A few pictures that differ by one parameter alone.

    shows: the parameters beside which it stands. words: what all of its prompts begin with.
    values: what is added to these, in order; empty for nothing.
    reference: the picture that the words name, which then comes first. seed: None where the values say it.
    """

    shows: tuple[str, ...]
    words: str
    values: tuple[str, ...]
    reference: str = ""
    layout: Layout = "one"
    seed: int | None = SEED

    @property
    def examples(self) -> Iterator[Example]:
        """Its pictures, in order."""
        if self.reference:
            yield REFERENCES[self.reference]
        seed = "" if self.seed is None else f"--seed {self.seed}"
        for number, value in enumerate(self.values, 1):
            prompt = " ".join(filter(None, (self.words, value, seed)))
            yield Example(f"{self.shows[0]}-{number}.webp", prompt, value or WITHOUT, self.layout)


REFERENCES: Final[Mapping[str, Example]] = {
    FOX: Example("fox.webp", f"a red fox in a forest --seed {SEED}", THE_PICTURE),
    NIGHT: Example("night.webp", f"a purple castle in the mountains at night, neon --seed {SEED}", THE_PICTURE),
}
"""The pictures that examples name by an address, by that address."""

ROWS: Final = (
    Row(
        shows=("ar",), words="a red sailboat at sea at sunset", values=("--ar 2:3", "--ar 1:1", "--ar 3:2", "--ar 2:1")
    ),
    Row(shows=("tile",), words="yellow stars in the night sky", values=("", "--tile"), layout="tiled"),
    Row(shows=("zoom",), words=f"{FOX} in a forest", values=("--zoom 1.5", "--zoom 2"), reference=FOX),
    Row(shows=("hires", "hd", "sd"), words="an owl in a forest at night", values=("", "--hires 1.5", "--hires 2")),
    Row(shows=("best",), words="a black cat in front of a yellow bus", values=("--best 4", "--best 16"), layout="grid"),
    Row(shows=("no",), words="a tulip in a meadow", values=("", "--no red", "--no night")),
    Row(
        shows=("iw",),
        words=f"{FOX} a castle in the mountains",
        values=("--iw .5", "--iw 1.5", "--iw 2.5"),
        reference=FOX,
    ),
    Row(
        shows=("strength",),
        words=f"{FOX} a black cat in a forest",
        values=("--strength .3", "--strength .6", "--strength .9"),
        reference=FOX,
    ),
    Row(
        shows=("cref", "cw"),
        words=f"a fox on a snowfield --cref {FOX}",
        values=("--cw 0", "--cw 50", "--cw 100"),
        reference=FOX,
    ),
    Row(
        shows=("oref", "ow"),
        words=f"on the beach at sunset --oref {FOX}",
        values=("--ow 25", "--ow 100", "--ow 300"),
        reference=FOX,
    ),
    Row(
        shows=("stylize",),
        words="a white horse in a meadow --style oil",
        values=("--stylize 0", "--stylize 50", "--stylize 100", "--stylize 1000"),
    ),
    Row(
        shows=("style",),
        words="a windmill on green hills",
        values=("", "--style watercolor", "--style pixel-art", "--style ukiyo-e"),
    ),
    Row(
        shows=("sref",),
        words="a lighthouse by the sea",
        values=("--sref 1", "--sref 1234", f"--sref {NIGHT}"),
        reference=NIGHT,
    ),
    Row(
        shows=("sw",),
        words=f"a sunflower in a meadow --sref {NIGHT}",
        values=("--sw 25", "--sw 100", "--sw 400"),
        reference=NIGHT,
    ),
    Row(
        shows=("chaos",),
        words="a red lighthouse by the sea",
        values=("--chaos 0", "--chaos 40", "--chaos 100"),
        layout="grid",
    ),
    Row(
        shows=("weird",),
        words="a yellow submarine underwater",
        values=("--weird 0", "--weird 500", "--weird 1500", "--weird 3000"),
    ),
    Row(shows=("exp",), words="a knight in armor in front of a castle", values=("--exp 0", "--exp 25", "--exp 100")),
    Row(
        shows=("quality", "draft"),
        words="a bicycle in the city",
        values=("--quality .25", "--draft", "--quality 1", "--quality 4"),
    ),
    Row(
        shows=("stop",),
        words="a pagoda by a lake at sunrise",
        values=("--stop 20", "--stop 50", "--stop 80", "--stop 100"),
    ),
    Row(
        shows=("seed",),
        words="a hot air balloon above the clouds",
        values=("--seed 1", "--seed 2", "--seed 3", "--seed 4"),
        seed=None,
    ),
    Row(
        shows=("sameseed",),
        words="a hot air balloon above the clouds",
        values=("--seed 1", "--sameseed 1"),
        layout="grid",
        seed=None,
    ),
    Row(
        shows=("steps",),
        words="a rocket in space",
        values=("--steps 2", "--steps 5", "--steps 10", "--steps 30"),
    ),
    Row(
        shows=("guidance",),
        words="a penguin on the ice under the northern lights",
        values=("--guidance 1", "--guidance 2", "--guidance 4", "--guidance 12"),
    ),
    Row(
        shows=("sampler",),
        words="a robot in the city at night --steps 6",
        values=("--sampler dpmpp_2m", "--sampler euler", "--sampler euler_ancestral", "--sampler ddim"),
    ),
    Row(
        shows=("schedule",),
        words="a robot in the city at night --steps 6",
        values=("--schedule model", "--schedule leading", "--schedule karras", "--schedule exponential"),
    ),
)

_SAME: Final = "The pictures are the same with it."
UNSEEN: Final[Mapping[str, str]] = {
    "repeat": "It is the same prompt with further seeds.",
    "raw": "The starter model gets no words of the house, so there are none to leave out.",
    "model": "Which models there are is for each server to say.",
    "lora": "The starter model comes without any.",
    **dict.fromkeys(("sv", "p", "version", "niji", "fast", "relax", "turbo", "public", "unlisted", "stealth"), _SAME),
}
"""Parameters that no picture of the starter model shows, each with the reason."""

FIRST: Final = (
    "a red lighthouse by the sea at sunset, watercolor",
    "an owl in the forest at night, stained glass",
    "a yellow submarine underwater, paper cut",
    "a castle in the clouds at golden hour, oil painting --ar 3:2",
    "a teal dragon above the mountains, ukiyo-e --ar 2:3",
    "a robot in the city at night, neon",
    "a fox in the meadow, snowing, woodcut",
    "a hot air balloon above the lake at sunrise, low poly --ar 16:9",
)
"""Prompts for somebody's first minute with any model."""

SUBJECTS: Final[Mapping[str, str]] = {
    "Photographs": "a red fox in a forest",
    "Paintings": "a lighthouse by the sea",
    "Drawings": "a red fox in a forest",
    "Prints": "a lighthouse by the sea",
    "Design": "a red fox in a forest",
    "Three dimensions": "a castle in the mountains",
    "Worlds": "a castle in the mountains",
}
"""What the styles of each shelf are shown with."""


def before(preset: StylePreset) -> Example:
    """The subject of a style's shelf, without it."""
    subject = SUBJECTS[preset.group]
    return Example(f"before-{subject.split()[-1]}.webp", f"{subject} --seed {SEED}", BEFORE)


def after(preset: StylePreset) -> Example:
    """The same in the style."""
    prompt = f"{SUBJECTS[preset.group]} --style {preset.name} --seed {SEED}"
    return Example(f"style-{preset.name}.webp", prompt, AFTER)


def first(prompt: str) -> Example:
    """What comes of a prompt of `FIRST`."""
    return Example(f"first-{FIRST.index(prompt) + 1}.webp", f"{prompt} --seed {SEED}", "")


def every_example() -> dict[str, Example]:
    """All of them by their files, those first that others name."""
    rows = (example for row in ROWS for example in row.examples)
    pairs = (make(preset) for preset in PRESETS.values() for make in (before, after))
    begun = map(first, FIRST)
    return {example.file: example for example in (*REFERENCES.values(), *rows, *begun, *pairs)}


def row_of(parameter: str) -> Row | None:
    """The row that shows a parameter; None where no picture does."""
    return next((row for row in ROWS if parameter in row.shows), None)
