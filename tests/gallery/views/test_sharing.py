"""A picture elsewhere: previews of links, frames, oEmbed, what search engines and feed readers get."""

from __future__ import annotations

import io
import json
import re
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import cache
from django.urls import reverse
from PIL import Image as Pillow

from gallery.models import Publication
from gallery.selectors import sharing
from gallery.services.publishing import publish_missed, unlist_image
from generation.models import Image
from tests.factories import finished_job

PROMPT = 'a red "lighthouse" </script><b>& fog</b> --ar 3:2'
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def image(alice, checkpoint) -> Image:
    image = finished_job(alice, PROMPT).images.get(index=1)
    publish_missed()
    return image


@pytest.fixture
def private(alice, checkpoint) -> Image:
    return finished_job(alice, "a boat --stealth").images.get(index=1)


@pytest.fixture(autouse=True)
def _no_memory():
    cache.delete("sitemap")


def address(name: str, image: Image) -> str:
    return reverse(name, args=[image.pk])


def test_a_link_to_a_public_picture_has_a_card(client, image):
    text = client.get(address("image", image)).text
    card = dict(re.findall(r'<meta (?:property|name)="([\w:]+)" content="([^"]*)">', text))
    assert card["og:title"] == "a red &quot;lighthouse&quot; &lt;/script&gt;&lt;b&gt;&amp; fog&lt;/b&gt;"
    assert card["og:image"] == f"http://testserver{address('image-preview', image)}"
    assert card["twitter:card"] == "summary_large_image"
    assert "alice" in card["og:description"]
    preview = client.get(address("image-preview", image))
    with Pillow.open(io.BytesIO(preview.content)) as opened:
        assert opened.format == "JPEG"
        assert opened.size == (int(card["og:image:width"]), int(card["og:image:height"]))
        assert not opened.getexif()
    assert client.get(address("image-preview", image), headers={"If-None-Match": preview["ETag"]}).status_code == 304


def test_structured_data_is_data_whatever_the_words_are(client, image):
    text = client.get(address("image", image)).text
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    told = json.loads(data)
    assert told["name"] == 'a red "lighthouse" </script><b>& fog</b>'
    assert (told["@type"], told["creator"]["name"]) == ("ImageObject", "alice")


def test_a_private_picture_tells_nothing(client, alice, private):
    for name in ("image-preview", "embed"):
        assert client.get(address(name, private)).status_code == 404
    asked = {"url": f"http://testserver{address('image', private)}"}
    assert client.get(reverse("oembed"), asked).status_code == 404
    client.force_login(alice)
    text = client.get(address("image", private)).text
    assert "og:title" not in text
    assert "ld+json" not in text
    assert "iframe" not in text


def test_one_without_a_list_has_a_card_and_no_engine_keeps_it(client, alice, image):
    unlist_image(alice, image.pk)
    text = client.get(address("image", image)).text
    assert "og:title" in text
    assert '<meta name="robots" content="noindex">' in text
    assert "ld+json" not in text


def test_other_pages_may_frame_the_small_page_alone(client, image):
    page = client.get(address("embed", image))
    assert "frame-ancestors *" in page["Content-Security-Policy"]
    assert "default-src 'self'" in page["Content-Security-Policy"]
    assert "X-Frame-Options" not in page
    assert "Set-Cookie" not in page
    assert not page.cookies
    assert address("image", image) in page.text
    other = client.get(address("image", image))
    assert "frame-ancestors 'none'" in other["Content-Security-Policy"]
    assert other["X-Frame-Options"] == "DENY"


def test_the_embed_code_is_copied_whole(client, image):
    text = client.get(address("image", image)).text
    code = f"&lt;iframe src=&quot;http://testserver{address('embed', image)}&quot;"
    assert f'data-copy="{code}' in text


def test_oembed_answers_within_the_bounds_of_the_other_page(client, image):
    asked = {"url": f"http://testserver{address('image', image)}", "maxwidth": "100", "maxheight": "5000"}
    told = client.get(reverse("oembed"), asked).json()
    assert (told["type"], told["version"], told["author_name"]) == ("rich", "1.0", "alice")
    assert address("embed", image) in told["html"]
    assert f'width="{told["width"]}" height="{told["height"]}"' in told["html"]
    discovery = re.search(r'oembed" href="([^"]+)"', client.get(address("image", image)).text)[1]
    assert client.get(discovery.replace("&amp;", "&")).json()["html"]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"url": "http://elsewhere.example/images/1/"}, 404),
        ({"url": "http://testserver/help/"}, 404),
        ({"url": ""}, 404),
        ({"url": "http://["}, 404),
        ({"format": "xml"}, 501),
        ({"maxwidth": "wide"}, 422),
    ],
)
def test_oembed_says_what_it_cannot(client, image, asked, status):
    asked = {"url": f"http://testserver{address('image', image)}", **asked}
    assert client.get(reverse("oembed"), asked).status_code == status


@pytest.mark.parametrize("path", ["/feeds/new.atom", "/feeds/hot.atom", "/people/ALICE/feed.atom"])
def test_a_reader_gets_whole_entries(client, image, path):
    response = client.get(path)
    assert response["Content-Type"].startswith("application/atom+xml")
    entries = ET.fromstring(response.content).findall(f"{ATOM}entry")
    assert len(entries) == 4
    entry = next(one for one in entries if address("image", image) in one.find(f"{ATOM}link").get("href"))
    assert entry.find(f"{ATOM}title").text == 'a red "lighthouse" </script><b>& fog</b>'
    assert entry.find(f"{ATOM}author/{ATOM}name").text == "alice"
    links = {link.get("rel"): link.get("href") for link in entry.findall(f"{ATOM}link")}
    assert links["enclosure"] == f"http://testserver{address('image-preview', image)}"
    assert "&lt;/script&gt;" in entry.find(f"{ATOM}summary").text
    assert client.get(path, headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_letters_that_xml_cannot_write_do_not_break_a_feed(client, alice, checkpoint):
    job = finished_job(alice)
    job.prompt = "a boat \x0b on \x1f the sea"
    job.save()
    publish_missed()
    ET.fromstring(client.get("/feeds/new.atom").content)


def test_nobody_of_that_name_has_no_feed(client, db):
    assert client.get("/people/nobody/feed.atom").status_code == 404


def test_pages_name_their_feeds(client, image):
    assert 'type="application/atom+xml"' in client.get("/").text
    assert "/people/alice/feed.atom" in client.get("/people/alice/").text


def test_maps_hold_every_public_picture_once(client, alice, image, private, monkeypatch):
    monkeypatch.setattr(sharing, "PER_SITEMAP", 3)
    maps = [one.text for one in ET.fromstring(client.get("/sitemap.xml").content).iter(f"{MAP}loc")]
    assert len(maps) == 3
    found = []
    for one in maps:
        tree = ET.fromstring(client.get(one.removeprefix("http://testserver")).content)
        found += [location.text for location in tree.iter(f"{MAP}loc")]
    pictures = {
        f"http://testserver{reverse('image', args=[pk])}"
        for pk in Publication.objects.listed_for(alice).values_list("image", flat=True)
    }
    assert len(found) == len(set(found))
    assert {location for location in found if "/images/" in location} == pictures
    assert "http://testserver/" in found
    assert client.get("/sitemap-pictures.xml?after=x").status_code == 422


def test_robots_are_told_where_to_look(client, settings):
    text = client.get("/robots.txt").text
    assert "Disallow: /create/" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text
    settings.MJWEB_ANONYMOUS_BROWSING = False
    assert client.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"


def test_where_visitors_see_nothing_programs_do_not_either(client, alice, image, settings):
    settings.MJWEB_ANONYMOUS_BROWSING = False
    client.force_login(alice)
    for path in (
        "/feeds/new.atom",
        "/feeds/hot.atom",
        "/people/alice/feed.atom",
        "/sitemap.xml",
        "/sitemap-pages.xml",
        "/sitemap-pictures.xml",
        address("embed", image),
        address("image-preview", image),
    ):
        assert client.get(path).status_code == 404, path
