"""Words are found whatever they are disguised as, others are not, and long texts take no longer than their length."""

import time

import pytest

from generation.jobs.moderation_matching import Pattern, read_patterns, words_of


def found(text: str, pattern: str) -> bool:
    read = Pattern.read(pattern)
    assert read is not None
    return words_of(text).has(read)


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("a nude woman", "nude"),
        ("A NUDE, woman", "Nude Woman"),
        ("a ｎｕｄé woman", "nude"),
        ("nu\u200bde", "nude"),
        ("nud3", "nude"),
        ("p1c of a g1rl", "girl"),
        ("b1oody", "bloody"),
        ("p@rade", "parade"),
        ("nudе", "nude"),  # noqa: RUF001 - its last letter is Cyrillic, which is the matter here
        ("nuuuude", "nude"),
        ("n u d e", "nude"),
        ("n.u-d_e", "nude"),
        ("nudes", "nude*"),
        ("denude", "*nude"),
        ("denuded", "*nude*"),
        ("under-aged girls", "under age* girl*"),
        ("photo of someone", "s*ne"),
        ("голая женщина", "голая"),
        ("一个裸体的人", "裸体"),
        ("裸 体", "裸体"),
        ("a 13 year old", "13 year old"),
    ],
)
def test_it_finds(text, pattern):
    assert found(text, pattern)


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("denude", "nude"),
        ("nudes", "nude"),
        ("a woman, nude", "nude woman"),
        ("skyscraper", "*crab*"),
        ("1990", "l99o"),
        ("a n i", "nude"),
        ("", "nude"),
        ("同一个身体", "裸体"),
        ("someone else", "s*nex"),
    ],
)
def test_it_does_not_find(text, pattern):
    assert not found(text, pattern)


def test_lines_without_a_letter_are_no_patterns():
    assert [one.parts for one in read_patterns("nude\n\n# a remark\n***\n...\n two words ")] == [
        ("nude",),
        ("two", "words"),
    ]


@pytest.mark.parametrize("unit", ["a", "a ", "ab", "n u d e ", "é", "@a", "a\u0301", "\u0301", "裸", "a*", "\uff41"])
def test_time_is_linear_in_the_length(unit):
    patterns = read_patterns("\n".join(["x*y z", "*a*b*c*", "aa*aa*aa", "nude", *(f"word{n}" for n in range(100))]))

    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        begin = time.perf_counter()
        words = words_of(text)
        for pattern in patterns:
            words.has(pattern)
        return time.perf_counter() - begin

    seconds(1000)
    assert seconds(100_000) < 4 * 10 * max(seconds(10_000), 0.01)
