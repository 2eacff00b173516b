"""A picture over the feed it was opened from, and everything that is made of it there."""

from __future__ import annotations

import io
import re
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow
from playwright.sync_api import Page, expect

from tests.journeys.test_first_minute import CORNER, finished, imagine, newest, picture_id

pytestmark = pytest.mark.journey

SOON_MS = 10_000
SEA = "a red lighthouse by the sea, watercolor"
PATH = re.compile(r"/images/[0-9a-f-]{36}/$")


# A link of the feed as its next page is one: its address is meant from the feed's.
ASK_FEED = """() => {
  const link = document.createElement("a");
  link.setAttribute("hx-get", "?page=next");
  link.setAttribute("hx-swap", "none");
  document.querySelector("#main").append(link);
  htmx.process(link);
  link.click();
}"""


def view(page: Page) -> Any:
    return page.locator("[data-viewer]")


def pixels(page: Page, key: str) -> np.ndarray[Any, Any]:
    address = f"{page.url.split('/images/')[0].split('/create/')[0].rstrip('/')}/media/{key}.png"
    content = page.context.request.get(address).body()
    return np.asarray(Pillow.open(io.BytesIO(content)).convert("RGB"), dtype=int)


def zoomed(page: Page) -> float:
    return float(page.locator("[data-frame]").evaluate("part => getComputedStyle(part).scale.split(' ')[0]"))


def shown(page: Page) -> str:
    return picture_id(page.url)


def test_it_opens_over_the_feed_and_walks_it(guest, guests):
    page = guest.sign_up("chieko")
    card = finished(imagine(page, SEA))
    links = [picture_id(link.get_attribute("href")) for link in card.locator(".sheet a").all()]
    card.locator(".sheet a").nth(1).click(position=CORNER)
    page.wait_for_url(PATH)
    assert shown(page) == links[1]
    expect(page.get_by_role("dialog", name="Picture")).to_be_visible()
    expect(page).to_have_title(f"{SEA} · mjweb")

    # The arrows, Home and End walk the feed.
    for key, at in (("ArrowRight", 2), ("End", 3), ("Home", 0), ("ArrowRight", 1), ("ArrowLeft", 0)):
        page.keyboard.press(key)
        page.wait_for_url(f"**/images/{links[at]}/")
        expect(view(page).locator("[data-frame] img")).to_have_attribute("data-image-id", links[at])
    expect(view(page).get_by_role("link", name="Previous picture")).to_be_hidden()
    with page.expect_request(re.compile("page=next")) as asked:
        page.evaluate(ASK_FEED)
    assert "/create/?page=next" in asked.value.url

    # Back and Esc close it, Forward opens it, and focus is on the picture that was seen last.
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**/images/{links[1]}/")
    page.keyboard.press("Escape")
    page.wait_for_url("**/create/")
    expect(page.get_by_role("dialog", name="Picture")).to_be_hidden()
    expect(card.locator(".sheet a").nth(1)).to_be_focused()
    page.go_forward()
    expect(page.get_by_role("dialog", name="Picture")).to_be_visible()

    # Loaded anew it is a page of its own, and the way back is the same.
    page.reload()
    expect(page.locator("main.viewer")).to_be_visible()
    page.keyboard.press("End")
    page.wait_for_url(f"**/images/{links[3]}/")
    page.keyboard.press("Escape")
    page.wait_for_url("**/create/")
    expect(card).to_be_visible()

    # Whoever is not signed in sees it the same way, without the presses.
    stranger = guests()
    there = stranger.open("/")
    tiles = [picture_id(tile.get_attribute("href")) for tile in there.locator(".tile > a").all()]
    there.locator(".tile > a").first.click(position=CORNER)
    expect(there.get_by_role("dialog", name="Picture")).to_be_visible()
    expect(there.get_by_role("group", name="Upscale")).to_have_count(0)
    there.keyboard.press("ArrowRight")
    there.wait_for_url(f"**/images/{tiles[1]}/")
    there.get_by_role("link", name="Close").click()
    there.wait_for_url(f"{stranger.url}/")


def test_what_it_begins_is_made_while_it_stays_in_sight(guest):
    page = guest.sign_up("rosalind")
    card = finished(imagine(page, SEA))
    card.locator(".sheet a").nth(1).click(position=CORNER)
    page.wait_for_url(PATH)
    source = shown(page)
    visibility = view(page).get_by_role("group", name="Visibility")
    visibility.get_by_role("button", name="Make private").click()
    visibility.get_by_role("button", name="Publish").click()
    expect(visibility.get_by_role("button", name="Make private")).to_be_visible()
    assert shown(page) == source
    page.get_by_role("group", name="Pan").get_by_role("button", name="Pan left").click()
    toast = page.locator(".toast", has_text="The pan is in line.")
    expect(toast).to_be_visible(timeout=SOON_MS)
    assert shown(page) == source
    page.get_by_role("button", name="Custom").click()
    custom = page.get_by_role("form", name="Custom zoom")
    custom.get_by_label("How far").fill("1.5")
    custom.get_by_label("Prompt").fill(f"{SEA} --choas 3")
    custom.get_by_role("button", name="Zoom out").click()
    expect(page.locator(".toast.bad")).to_contain_text("--choas is not a parameter", timeout=SOON_MS)
    expect(custom.get_by_label("Prompt")).to_have_value(f"{SEA} --choas 3")
    guest.complaints.clear()  # the console tells of every refusal
    custom.get_by_label("Prompt").fill(SEA.replace("red", "blue"))
    custom.get_by_role("button", name="Zoom out").click()
    expect(page.locator(".toast", has_text="The zoom out is in line.")).to_be_visible(timeout=SOON_MS)
    expect(custom).to_be_hidden()
    page.go_back()
    page.wait_for_url("**/create/")
    expect(page.locator("#jobs .job")).to_have_count(3)
    zoom, pan = finished(page.locator("#jobs .job").nth(0)), finished(page.locator("#jobs .job").nth(1))

    # The old picture lies in the new ones: to the bit beside a pan, smaller in the middle of a zoom.
    old = pixels(page, source)
    panned = pixels(page, picture_id(pan.locator(".sheet a").first.get_attribute("href")))
    assert panned.shape == (128, 192, 3)
    assert (panned[:, 96:] == old[:, 32:]).all()
    assert (panned[:, :48] != panned[:, 48:96]).any()
    small = np.asarray(Pillow.fromarray(old.astype(np.uint8)).resize((85, 85), Pillow.Resampling.LANCZOS), dtype=int)
    inside = pixels(page, picture_id(zoom.locator(".sheet a").first.get_attribute("href")))[21 + 16 : 106 - 16, 37:90]
    assert np.abs(inside - small[16:-16, 16:-16]).mean() < 2

    zoom.locator(".sheet a").first.click(position=CORNER)
    lineage = page.get_by_role("navigation", name="Lineage")
    expect(lineage.locator("[aria-current]")).to_contain_text("Zoom out 1.5×, picture 2")  # noqa: RUF001
    expect(lineage.locator("ins")).to_have_text("blue")
    lineage.get_by_role("link").last.focus()
    page.keyboard.press("ArrowUp")
    expect(lineage.get_by_role("link").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/images/{source}/")


def test_it_is_looked_at_closely_compared_copied_and_kept(guest):
    page = guest.sign_up("emilie")
    guest.context.grant_permissions(["clipboard-read", "clipboard-write"])
    card = finished(imagine(page, f"{SEA} --tile"))
    card.locator(".sheet a").first.click(position=CORNER)
    page.get_by_role("group", name="Upscale").get_by_role("button", name="Creative").click()
    page.locator(".toast").get_by_role("link", name="Show").click()
    large = finished(newest(page), pictures=1)
    guest.open(large.locator(".sheet a").get_attribute("href"))  # its own page, as who got the link has it
    expect(page.locator("main.viewer")).to_be_visible()

    page.keyboard.press("+")
    assert zoomed(page) == pytest.approx(1.5)
    page.get_by_role("button", name="Zoom in").click()
    assert zoomed(page) == pytest.approx(2.25)
    box = page.locator(".viewer__pic").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.wheel(0, -200)
    assert zoomed(page) > 2.25
    before = page.locator("[data-frame]").bounding_box()
    page.mouse.down()
    page.mouse.move(box["x"] + 260, box["y"] + 230, steps=4)
    page.mouse.up()
    assert page.locator("[data-frame]").bounding_box()["x"] > before["x"]
    page.keyboard.press("0")
    assert zoomed(page) == 1

    page.keyboard.press("c")
    slider = page.get_by_role("slider", name="How much of the picture before the upscale is shown")
    expect(slider).to_be_focused()
    slider.press("ArrowRight")
    assert page.locator("[data-compare]").evaluate("part => getComputedStyle(part).getPropertyValue('--cut')") == "51%"
    page.get_by_role("button", name="Compare").click()
    expect(slider).to_be_hidden()
    page.get_by_role("button", name="Show as tiles").click()
    expect(page.locator("[data-frame]")).to_have_css("background-image", re.compile(r"url\(.*\.png"))

    for name, copied in (("Link", page.url), ("Prompt", f"{SEA} --tile")):
        page.get_by_role("button", name="Share").click()
        page.locator("#view-copy").get_by_role("button", name=name).click()
        expect(page.locator(".toast").last).to_contain_text(f"The {name.lower()} is copied.")
        assert page.evaluate("navigator.clipboard.readText()") == copied
    for name, form in (("PNG, lossless", "PNG"), ("JPEG, the picture alone", "JPEG")):
        page.locator(".viewer__bar").get_by_role("button", name="Download").click()
        with page.expect_download() as kept:
            page.get_by_role("link", name=name).click()
        with Pillow.open(kept.value.path()) as picture:
            assert (picture.format, picture.size) == (form, (256, 256))


def test_on_a_phone_fingers_do_it(phone):
    page = phone.sign_up("mae")
    card = finished(imagine(page, SEA))
    links = [picture_id(link.get_attribute("href")) for link in card.locator(".sheet a").all()]
    card.locator(".sheet a").first.tap()
    page.wait_for_url(PATH)
    box = page.locator(".viewer__pic").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for _ in range(2):
        page.touchscreen.tap(x, y)
    assert zoomed(page) == pytest.approx(2.5)
    page.wait_for_timeout(400)
    for _ in range(2):
        page.touchscreen.tap(x, y)
    assert zoomed(page) == 1
    fingers = phone.context.new_cdp_session(page)
    for kind, points in (("touchStart", x + 100), ("touchMove", x), ("touchMove", x - 100), ("touchEnd", None)):
        where = [] if points is None else [{"x": points, "y": y}]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": where})
    page.wait_for_url(f"**/images/{links[1]}/")
    page.get_by_role("toolbar").get_by_role("button", name="Vary").click()  # a tap may be taken as the swipe's end
    expect(page.locator(".toast", has_text="The variation is in line.")).to_be_visible(timeout=SOON_MS)
    page.get_by_role("toolbar").get_by_role("button", name="Download").click()  # as above
    expect(page.get_by_role("link", name="WebP", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.go_back()
    page.wait_for_url("**/create/")
    finished(newest(page))
