# ruff: noqa: RUF001 - look-alikes are typed on purpose
import pytest

from generation.prompts.references import (
    MAX_ADDRESS,
    References,
    StyleReferences,
    begins_as_reference,
    read_reference,
)
from generation.prompts.values import BadValueError

OWN = "image:0a1b2c3d-0000-4000-8000-00000000000f"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://x.org", "https://x.org"),
        ("HTTP://X.org/A.png?b=c#d", "http://X.org/A.png?b=c#d"),
        ("https://[2001:db8::1]:8080/a", "https://[2001:db8::1]:8080/a"),
        (OWN.upper().replace("IMAGE", "Image"), OWN),
    ],
)
def test_a_reference_has_one_spelling(typed, kept):
    assert read_reference(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "fox",
            "https://",
            "https:///a",
            "ftp://x.org/a",
            "https://x.org/a::2",
            "https://x.org/a:",
            "http://x.org/a，b",
        ),
        *(
            "https://user@x.org/a",
            "https://x.org:99999999/a",
            "image:12",
            "javascript:alert",
            'https://x.org/"',
            "{https://x",
        ),
    ],
)
def test_anything_else_is_none(typed):
    with pytest.raises(BadValueError) as caught:
        read_reference(typed)
    assert caught.value.code == "not_a_picture"


def test_an_address_without_its_scheme_is_offered_with_it():
    with pytest.raises(BadValueError) as caught:
        read_reference("x.org/a.png")
    assert caught.value.use == "https://x.org/a.png"


def test_addresses_have_a_longest():
    longest = "https://x.org/" + "a" * (MAX_ADDRESS - 14)
    assert read_reference(longest) == longest
    with pytest.raises(BadValueError) as caught:
        read_reference(f"{longest}a")
    assert caught.value.code == "address_too_long"


@pytest.mark.parametrize(
    ("typed", "begins"),
    [
        ("https://", True),
        ("HTTP://x", True),
        (OWN, True),
        ("upload:0a1b2c3d-zz", True),
        ("image:fox", False),
        ("a", False),
    ],
)
def test_what_was_meant_for_a_picture_is_seen_by_its_beginning(typed, begins):
    assert begins_as_reference(typed) is begins


def test_five_pictures_are_many_enough():
    assert References().gather([OWN] * 5) == (OWN,) * 5
    with pytest.raises(BadValueError) as caught:
        References().gather([OWN] * 6)
    assert caught.value.code == "too_many_references"


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        (["1::2", "2"], "1::2 2"),
        (["1::.5", "2::1.5", "RANDOM"], "1 2::3 random::2"),
        (["007"], "7"),
        (["1::9"], "1"),
        (["1::", "2::1000000"], "1 2::1000000"),
        ([f"{OWN}::3", "https://[::1]/a::6"], f"{OWN} https://[::1]/a::2"),
    ],
)
def test_only_the_proportions_of_styles_count(typed, written):
    kind = StyleReferences()
    assert kind.write(kind.gather([kind.read(item) for item in typed])) == written


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1::0", "weight_out_of_range"),
        ("1::1000001", "weight_out_of_range"),
        ("4294967296", "out_of_range"),
        ("1::x", "not_a_picture"),
    ],
)
def test_a_style_that_is_none_is_refused(typed, code):
    with pytest.raises(BadValueError) as caught:
        StyleReferences().read(typed)
    assert caught.value.code == code


def test_style_weights_too_far_apart_are_refused():
    kind = StyleReferences()
    with pytest.raises(BadValueError) as caught:
        kind.gather([kind.read("1::.0000001"), kind.read("2::1")])
    assert caught.value.code == "weights_too_fine"
