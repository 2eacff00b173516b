"""The search language: what is understood, what is refused, and the one way to write it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.errors import SearchRefusedError
from generation.jobs.search_keys import KEYS, OTHER_NAMES, Days, days_of, keys_of, likes_of
from generation.jobs.searching import MOST_CHARS, Search, Term, read_search
from generation.models import SearchPlace

TODAY = date(2026, 3, 15)


def terms(text: str) -> list[str]:
    return [str(term) for term in read_search(text).terms]


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("", ""),
        ('ar:16:9 model:x -tag:y after:2026-01-01 "free text"', 'ar:16:9 model:x -tag:y after:2026-01-01 "free text"'),
        ("  red   fox ", "red fox"),
        ("fox fox", "fox"),
        ("AR:16x9 Kind:VARY IS:Liked", "ar:16:9 kind:vary is:liked"),
        ("ratio:016/9 checkpoint:x folder:y", "ar:16:9 model:x in:y"),
        ("since:2026 until:2027 date:today", "after:2026 before:2027 on:today"),
        ("ar:Square", "ar:square"),
        ('in:"Winter book"', 'in:"Winter book"'),
        ('-"red fox" -boat', '-"red fox" -boat'),
        ('"kind:vary"', '"kind:vary"'),
        ('"-boat" "fox"', '"-boat" fox'),
        ("--ar 3:2", "--ar 3:2"),
        ("a lighthouse::2 -", "a lighthouse::2 -"),
        ("seed:007", "seed:7"),
        ('"" in:x', "in:x"),
        ("狐狸 style:水彩", "狐狸 style:水彩"),
        ('model:":x"', 'model:":x"'),
        ("fox\x00boat\ud800", "fox boat"),
        ("likes>10 likes:<3", "likes:>10 likes:<3"),
        ("LIKES>=10 likes:<=2 likes>:007", "likes:10 likes:<3 likes:>7"),
        ("likes like", "likes like"),
        ('"likes>2"', '"likes>2"'),
    ],
)  # fmt: skip
def test_it_is_read_and_written_in_one_way(text, canonical):
    assert read_search(text).canonical == canonical
    assert read_search(canonical) == read_search(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("modle:x", "modle: is no filter. Did you mean model:? In quotes it is looked for in the prompts."),
        ("http://example.com", "http: is no filter. There are ar:, model:"),
        ("kind:upscaled", "kind:upscaled is nothing. Did you mean kind:upscale?"),
        (
            "is:much",
            "is:much is nothing. It takes liked, public, unlisted, private, hidden, trashed, upscaled, collected or",
        ),
        ("model:", "model: needs a value, as in model:starter."),
        ('fox "red', "This quote is not closed."),
        ("ar:wide", "ar: takes a ratio such as 16:9, or square, portrait or landscape."),
        ("ar:16:0", "ar: takes a ratio"),
        ("seed:-1", "A seed is a whole number"),
        ("seed:9223372036854775808", "A seed is a whole number"),
        ("after:2026-02-30", "There is no day 2026-02-30."),
        ("on:lately", "A date is written 2026-01-31"),
        ("likes:many", "likes: takes a number"),
        ("likes>", "likes: takes a number"),
        ("likes:=3", "likes: takes a number"),
        ("by:ann", "by: works in Explore. Here all pictures are yours."),
        ("style:a/b", "style: takes the name of one style"),
        (" ".join(f"word{number}" for number in range(31)), "A search has at most 30 terms."),
        ("x" * (MOST_CHARS + 1), "A search has at most 500 characters."),
    ],
)
def test_what_it_does_not_understand_it_says_in_a_sentence(text, sentence):
    with pytest.raises(SearchRefusedError) as refused:
        read_search(text)
    assert refused.value.sentence.startswith(sentence)


def test_every_problem_comes_with_its_columns():
    text = "boat modle:x -kind:u"
    with pytest.raises(SearchRefusedError) as refused:
        read_search(text)
    marked = [text[error["start"] : error["end"]] for error in refused.value.fields["errors"]]
    assert marked == ["modle:x", "-kind:u"]


@given(st.text())
def test_any_text_is_a_search_or_refused(text):
    try:
        search = read_search(text)
    except SearchRefusedError:
        return
    assert read_search(search.canonical) == search


VALUES = {
    "ar": st.tuples(st.integers(1, 99999), st.integers(1, 99999)).map(lambda pair: f"{pair[0]}:{pair[1]}"),
    "kind": st.sampled_from(["vary", "upscale"]),
    "is": st.sampled_from(["liked", "trashed"]),
    "seed": st.integers(0, 2**63 - 1).map(str),
    "style": st.from_regex(r"[a-z0-9._-]{1,40}", fullmatch=True),
    "likes": st.tuples(st.sampled_from(["", "<", ">"]), st.integers(0, 10**8)).map(lambda pair: f"{pair[0]}{pair[1]}"),
    **dict.fromkeys(("after", "before", "on"), st.dates(date(2000, 1, 1), date(2999, 12, 31)).map(str)),
}
ANY_WORDS = st.text(st.characters(exclude_characters='"', exclude_categories=("C", "Z")) | st.just(" "), min_size=1)
TERMS = st.sampled_from(["", *keys_of(SearchPlace.MINE)]).flatmap(
    lambda key: st.builds(Term, st.just(key), VALUES.get(key, ANY_WORDS.map(str.strip).filter(bool)), st.booleans())
)


@given(st.lists(TERMS, max_size=6, unique=True))
def test_whatever_is_written_reads_as_itself(terms):
    search = Search(tuple(terms))
    if len(search.canonical) <= MOST_CHARS:
        assert read_search(search.canonical) == search


def test_other_names_lead_to_known_ones():
    assert set(OTHER_NAMES.values()) <= set(KEYS)
    for place in SearchPlace:
        for key in keys_of(place).values():
            assert read_search(key.example, place).terms


@pytest.mark.parametrize(
    ("text", "first", "end"),
    [
        ("2026-03-01", date(2026, 3, 1), date(2026, 3, 2)),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
        ("2024-2", date(2024, 2, 1), date(2024, 3, 1)),
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
        ("today", TODAY, date(2026, 3, 16)),
        ("yesterday", date(2026, 3, 14), TODAY),
        ("7d", date(2026, 3, 8), date(2026, 3, 16)),
        ("2w", date(2026, 3, 1), date(2026, 3, 16)),
    ],
)
def test_a_date_stands_for_days(text, first, end):
    assert days_of(text, TODAY) == Days(first, end)


def test_a_term_is_put_in_and_taken_out():
    liked = Term("is", "liked")
    search = read_search("boat").toggled(liked)
    assert search.canonical == "boat is:liked"
    assert search.toggled(liked).canonical == "boat"
    assert read_search("-is:liked boat").toggled(liked).canonical == "boat is:liked"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("in:book", "in: looks into your own collections. It works in My images."),
        ("is:hidden", "is:hidden works in My images. Here it takes liked, upscaled or remix."),
        ("-is:public", "is:public works in My images."),
        ("inn:book", "inn: is no filter."),
        ("by:a/b", "by: takes the name of one person, or by:me."),
    ],
)
def test_what_makes_no_sense_in_the_gallery_is_said_there(text, sentence):
    with pytest.raises(SearchRefusedError) as refused:
        read_search(text, SearchPlace.GALLERY)
    assert refused.value.sentence.startswith(sentence)


def test_people_are_named_in_the_gallery():
    search = read_search("by:@Ann author:ME from:b.c-d", SearchPlace.GALLERY)
    assert search.canonical == "by:Ann by:me by:b.c-d"


@pytest.mark.parametrize(("value", "likes"), [("10", (10, None)), (">10", (11, None)), ("<10", (0, 10))])
def test_likes_are_a_range(value, likes):
    assert likes_of(value) == likes


def test_words_that_stand_alone_are_told_from_conditions():
    search = read_search('red "old boat" -sea tag:cat boat', SearchPlace.GALLERY)
    assert search.words == ("red", "boat")


def test_what_a_picture_has_one_of_widens():
    search = read_search("kind:vary -kind:upscale ar:1:1 kind:pan boat")
    groups = [[str(term) for term in group] for group in search.groups]
    assert groups == [["-kind:upscale"], ["boat"], ["kind:vary", "kind:pan"], ["ar:1:1"]]
