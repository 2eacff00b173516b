"""The library of styles, as the imagine bar opens it."""

from __future__ import annotations

import re
from http import HTTPStatus

import pytest
from django.urls import reverse

from generation.prompts.styles import PRESETS


def found(client, question: str = "") -> list[str]:
    return re.findall(r'data-style="([^"]+)"', client.get(reverse("prompt-styles"), {"q": question}).text)


def test_it_has_a_button_with_a_picture_for_every_style(client):
    text = client.get(reverse("prompt-styles")).text
    assert found(client) == list(PRESETS)
    assert text.count("<img ") == len(PRESETS)
    assert all(f"examples/style-{name}.webp" in text for name in PRESETS)
    assert f"{len(PRESETS)} styles" in text
    headings = re.findall(r"<h3[^>]*>([^<]+)</h3>", text)
    assert headings == list(dict.fromkeys(preset.group for preset in PRESETS.values()))


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("watercolor", ["watercolor", "botanical"]),
        ("WaterColor PAINTing", ["watercolor"]),
        ("glass window", ["stained-glass"]),
        ("photographs noir", ["film-noir"]),
    ],
)
def test_it_finds_them_by_name_words_and_shelf(client, question, names):
    assert found(client, question) == names


def test_what_is_not_found_is_said_with_what_was_asked(client):
    text = client.get(reverse("prompt-styles"), {"q": "<b>upholstery</b>"}).text
    assert "Nothing matches “&lt;b&gt;upholstery&lt;/b&gt;”" in text
    assert 'value="&lt;b&gt;upholstery&lt;/b&gt;"' in text
    assert "data-style" not in text


def test_a_question_without_end_is_cut(client):
    answer = client.get(reverse("prompt-styles"), {"q": "a" * 5000})
    assert answer.status_code == HTTPStatus.OK
    assert "a" * 61 not in answer.text


def test_one_is_one(client):
    assert "1 style<" in client.get(reverse("prompt-styles"), {"q": "ukiyo"}).text
