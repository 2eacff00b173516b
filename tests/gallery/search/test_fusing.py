"""Several rankings to one."""

from __future__ import annotations

from uuid import UUID

from gallery.search._fusing import Ranking, Why, fuse

ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))


def test_who_is_in_two_rankings_goes_before_who_leads_one():
    fused = fuse({Ranking.WORDS: [ONE, TWO], Ranking.MEANING: [THREE, TWO]})
    assert [one.publication for one in fused] == [TWO, THREE, ONE]
    assert fused[0].by == (Ranking.WORDS, Ranking.MEANING)
    assert fused[0].score == round(2 / 62, 9)


def test_of_equals_the_newer_one_is_first():
    assert [one.publication for one in fuse({Ranking.WORDS: [ONE], Ranking.MEANING: [THREE]})] == [THREE, ONE]


def test_the_reason_is_a_sentence():
    assert Why().sentence == "fits your filters"
    assert Why((Ranking.WORDS,), ("red", "boat")).sentence == "words: red, boat"
    assert Why((Ranking.WORDS, Ranking.MEANING), ("boat",)).sentence == "words: boat · looks like your words"
    assert Why((Ranking.PICTURE,)).sentence == "similar to this picture"
