"""mjweb beside the other programs of a device: its manifest, its icons, the colors of its frame."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import resolve, reverse
from PIL import Image

pytestmark = pytest.mark.django_db

NAVIGATION_BARS = {"dark": "#0b0c0e", "light": "#f6f7f8"}  # the page's own ground, --bg of tokens.css


@pytest.fixture
def manifest(client) -> dict:
    answer = client.get(reverse("manifest"))
    assert answer["Content-Type"] == "application/manifest+json"
    return answer.json()


def icon_at(address: str) -> Image.Image:
    with Image.open(Path(finders.find(address.removeprefix("/static/")))) as picture:
        return picture.convert("RGBA")


def test_it_can_be_installed_and_begins_at_create(manifest):
    assert manifest["name"] == manifest["short_name"] == "mjweb"
    assert manifest["display"] == "standalone"
    assert resolve(manifest["start_url"]).url_name == "create"
    assert [resolve(one["url"]).url_name for one in manifest["shortcuts"]] == ["create", "my-images", "explore"]


def test_every_icon_is_as_large_as_it_says(manifest):
    pictures = [icon for icon in manifest["icons"] if icon["type"] == "image/png"]
    assert {(icon["sizes"], icon.get("purpose", "any")) for icon in pictures} == {
        ("192x192", "any"), ("512x512", "any"), ("192x192", "maskable"), ("512x512", "maskable"),
    }  # fmt: skip
    for icon in pictures:
        width, height = icon_at(icon["src"]).size
        assert icon["sizes"] == f"{width}x{height}", icon["src"]


def test_a_mask_cuts_nothing_but_the_ground(manifest):
    """A system may cut a maskable icon down to a circle of four fifths of its side."""
    for icon in (one for one in manifest["icons"] if one.get("purpose") == "maskable"):
        picture = icon_at(icon["src"])
        ground, middle = picture.getpixel((0, 0)), picture.width / 2
        assert ground[3] == 255
        for x in range(0, picture.width, 4):
            for y in range(0, picture.width, 4):
                outside = (x - middle) ** 2 + (y - middle) ** 2 > (0.8 * middle) ** 2
                assert not outside or picture.getpixel((x, y)) == ground, (x, y)


def test_a_page_names_manifest_icon_and_the_color_of_its_frame(client):
    page = client.get(reverse("explore"))
    assert f'<link rel="manifest" href="{reverse("manifest")}">' in page.text
    [touch] = re.findall(r'<link rel="apple-touch-icon" href="([^"]+)">', page.text)
    assert icon_at(touch).size == (180, 180)
    assert "default-src 'self'" in page["Content-Security-Policy"]  # of which the manifest is a part


@pytest.mark.parametrize(
    ("theme", "media"),
    [
        ("dark", {"dark": "all", "light": "not all"}),
        ("light", {"dark": "not all", "light": "all"}),
        ("auto", {"dark": "(prefers-color-scheme: dark)", "light": "(prefers-color-scheme: light)"}),
    ],
)
def test_the_frame_has_the_color_of_the_chosen_theme(client, theme, media):
    client.cookies["theme"] = theme
    found = re.findall(
        r'<meta name="theme-color" content="([^"]+)" data-scheme="([^"]+)" media="([^"]+)">',
        client.get(reverse("explore")).text,
    )
    assert {scheme: color for color, scheme, _ in found} == NAVIGATION_BARS
    assert {scheme: when for _, scheme, when in found} == media


@pytest.mark.parametrize("contrast", ["more", "standard"])
def test_the_chosen_contrast_is_in_the_first_byte_of_the_page(client, contrast):
    client.cookies["contrast"] = contrast
    assert f'<html lang="en" data-theme="dark" data-contrast="{contrast}">' in client.get(reverse("explore")).text


def test_without_a_choice_the_system_is_asked_for_its_contrast(client):
    client.cookies["contrast"] = '"><script>'
    assert '<html lang="en" data-theme="dark">' in client.get(reverse("explore")).text
