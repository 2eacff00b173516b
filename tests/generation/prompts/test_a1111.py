"""Prompts of other programs, taken over."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generation.prompts.a1111 import from_a1111, import_a1111
from generation.prompts.emphasis import Stretch, read_emphasis
from generation.prompts.parser import check
from tests.generation.prompts.typed_text import anything_typed

WHOLE = """a (fluffy:1.3) cat on a [mat], <lora:ink:0.8>
Negative prompt: (blurry:1.2), bad hands, {braces}
Steps: 20, Sampler: DPM++ 2M Karras, CFG scale: 7.5, Seed: 1, Size: 512x768, Model hash: abc, Clip skip: 2"""


def test_a_whole_one_is_taken_over():
    imported = import_a1111(WHOLE)
    assert imported.text == (
        "a fluffy cat on a mat, ::1 fluffy ::0.3 mat ::-0.09 --no blurry, bad hands, \\{braces\\} "
        "--steps 20 --sampler dpmpp_2m --schedule karras --guidance 7.5 --seed 1 --ar 2:3 --lora ink:.8"
    )
    assert imported.notes == [
        "Words to be kept out have no weights here.",
        "Nothing here stands for Model hash, Clip skip.",
    ]
    spec = check(imported.text).spec
    assert (spec.steps, spec.sampler, spec.schedule, spec.guidance, spec.seed) == (20, "dpmpp_2m", "karras", 7.5, 1)
    assert spec.negative == ("blurry", "bad hands", "{braces}")


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("a cat", "a cat"),
        ("(cat:1.3)", "cat"),
        ("((cat)) dog", "cat dog ::1 cat ::0.21"),
        ("[cat] dog", "cat dog ::1 cat ::-0.09"),
        ("\\(cat\\)", "(cat)"),
        ("a (cat", "a cat"),
        ("a cat BREAK a dog", "a cat a dog"),
        ("a cat AND a dog:2", "a cat ::1 a dog ::2"),
        ("[day|night] sky", "day sky"),
        ("[day:night:.5] sky", "day sky"),
        ("std::vector --ar --x “y”", "std: :vector - ar - x 'y'"),
        ("{a, b}", "\\{a, b\\}"),
        ("(cat:1.3) dog --ar 3:2 --q .5", "cat dog ::1 cat ::0.3 --ar 3:2 --q .5"),
        ("cat Negative prompt: dog Steps: 20, Seed: -1", "cat --no dog --steps 20"),
        ("cat\nSteps: 500, Sampler: Heun, Size: 9x9", "cat --steps 150 --ar 1:1"),
        ("cat\nSteps: 5, Schedule type: Automatic, Hires upscale: 2", "cat --steps 5 --hires 2"),
        ("cat <lora:a:9> <hypernet:b:1> <lora:c>", "cat --lora a:2 c"),
        ("https://x.org/a cat", "x.org/a cat"),
    ],
)
def test_each_thing_has_its_like(theirs, ours):
    assert from_a1111(theirs) == ours
    assert check(ours).problems == ()


def test_what_cannot_be_had_is_told():
    imported = import_a1111("[a|b] <hypernet:b:1>\nSteps: 5, Sampler: Heun")
    assert imported.notes == [
        "<hypernet:b:1> is left out.",
        "Of words that take turns, [a|b] and [a:b:.5], the first ones are taken.",
        "Nothing here stands for Sampler.",
    ]


def test_of_many_weights_the_strongest_are_kept():
    imported = import_a1111(" ".join(f"(w{number}:1.{number:02}) ," for number in range(1, 20)))
    spec = check(imported.text).spec
    assert [part.text for part in spec.parts[1:]] == [f"w{number}" for number in range(11, 20)]
    assert imported.notes == ["Only the 10 strongest weights are taken over."]


def test_weights_that_would_leave_nothing_are_dropped():
    assert from_a1111("a, (b:.1), (c:.1), (d:.1)") == "a, b, c, d"


@pytest.mark.parametrize(
    ("text", "stretches"),
    [
        ("a (b) c", [Stretch("a ", 1), Stretch("b", 1.1), Stretch(" c", 1)]),
        ("(a [b])", [Stretch("a ", 1.1), Stretch("b", 1)]),
        ("((a:2) b)", [Stretch("a", 2.2), Stretch(" b", 1.1)]),
        ("(a:99)", [Stretch("a", 10)]),
        ("a) b]", [Stretch("a) b]", 1)]),
        ("(a] b", [Stretch("a] b", 1)]),
        ("a:1.3)", [Stretch("a:1.3)", 1)]),
        ("", []),
    ],
)
def test_emphasis_is_read(text, stretches):
    assert list(read_emphasis(text)) == stretches


@given(st.one_of(anything_typed, st.text(alphabet='a(:1.3)[]<lora> \\|,{}-—\n"“', max_size=60)))
@example("[––A")  # noqa: RUF001 - dashes of phones
@settings(max_examples=400, deadline=None)
def test_what_is_taken_over_can_be_read(text):
    written = from_a1111(text)
    pure = not check(text).marks
    codes = {problem.code for problem in check(written).problems}
    assert codes <= {"no_words"} or not pure


@pytest.mark.parametrize(
    "hostile", ["<lora:a:1>", "a ", "((a", "(a:1.3)", "[a|", "Steps: 1, ", "Steps: 1,\n ", ":1)", " "]
)
def test_taking_over_is_linear_in_the_length(hostile):
    def took(length):
        text = ("Steps: 1, " + hostile * length)[:length]
        started = time.thread_time()
        from_a1111(text)
        return time.thread_time() - started

    assert min(took(200_000) for _ in range(2)) < 80 * max(min(took(10_000) for _ in range(2)), 0.001)
