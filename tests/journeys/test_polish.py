"""Between working and pleasant: a way back, the bar wherever one is, what grows and what fits."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from scripts.ensure_browser import find_axe
from tests.journeys.test_first_minute import AT_ONCE_MS, CORNER, bar, finished, imagine, let_go, newest, picture_id
from tests.journeys.test_pages import accessible

pytestmark = pytest.mark.journey

QUICK = "--quality .25"
LONG = "a red boat on the lake --quality 4 --seed 11"
PATH = re.compile(r"/images/[0-9a-f-]{36}/$")
LEAST_TARGET_PX = 24

# Counts what grows, and what the picture is called while it does.
GROWING = """() => {
  window.grown = [];
  const start = document.startViewTransition.bind(document);
  document.startViewTransition = (change) => {
    const moving = start(change);
    const name = () => getComputedStyle(document.documentElement, "::view-transition-group(picture)").animationName;
    moving.ready.then(() => grown.push(name()));
    return moving;
  };
}"""

TARGETS = """card => [...card.querySelectorAll("button, a")].filter((part) => part.checkVisibility())
  .map((part) => part.getBoundingClientRect()).map(({ width, height }) => Math.min(width, height))"""


def view(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Picture")


def open_picture(card: Locator) -> str:
    card.locator(".sheet a").first.click(position=CORNER)
    card.page.wait_for_url(PATH)
    return picture_id(card.page.url)


def test_a_canceled_job_starts_again_with_one_press(guest):
    page = guest.sign_up("agneta")
    card = imagine(page, LONG)
    card.get_by_role("button", name="Cancel this job").click()
    expect(card).to_have_count(0, timeout=AT_ONCE_MS)
    page.locator(".toast").get_by_role("button", name="Start again").click()
    expect(newest(page)).to_be_visible(timeout=AT_ONCE_MS)
    expect(page.locator(".toast")).to_have_count(0)
    assert newest(page).get_attribute("data-prompt") == LONG
    expect(page.locator("#jobs .job")).to_have_count(1)
    let_go(page)


def test_the_bar_comes_along_to_a_picture(guest):
    page = guest.sign_up("berta")
    card = finished(imagine(page, f"a teal boat on the lake {QUICK}"))
    page.evaluate(GROWING)
    image = open_picture(card)
    expect(view(page)).to_be_visible()
    page.wait_for_function("grown.length === 1")
    assert "picture" in page.evaluate("grown[0]")
    over = view(page).locator("#prompt")
    expect(over).to_be_hidden()
    page.keyboard.press("/")
    expect(over).to_be_focused()
    page.keyboard.type(f"a red bird {QUICK}")
    page.keyboard.press("Escape")
    expect(over).to_be_hidden()
    expect(view(page)).to_be_visible()
    view(page).get_by_role("button", name="Imagine", exact=True).click()
    expect(bar(page)).to_have_value(f"a red bird {QUICK}")
    page.keyboard.press("Home")
    assert picture_id(page.url) == image  # a key of the words, not of the picture
    bar(page).press("Enter")
    page.wait_for_url("**/create/")
    expect(view(page)).to_be_hidden()
    finished(newest(page))
    expect(bar(page)).to_have_value("")

    # On its own page it is there as well.
    guest.open(f"/images/{image}/")
    page.keyboard.press("/")
    expect(bar(page)).to_be_focused()
    page.keyboard.type(f"a blue bird {QUICK}")
    page.keyboard.press("Enter")
    page.wait_for_url("**/create/")
    expect(page.locator("#jobs .job")).to_have_count(3)

    # What goes to the trash over Explore is gone from it at once.
    guest.open("/")
    tile = page.locator(f"#image-{image}")
    tile.locator("> a").click(position=CORNER)
    page.wait_for_url(PATH)
    view(page).get_by_role("button", name="Trash", exact=True).click()
    expect(tile).to_be_hidden(timeout=AT_ONCE_MS)


def test_on_a_phone_the_bar_comes_up_over_the_picture(phone):
    page = phone.sign_up("clara2")
    expect(page.locator(".first__prompt img")).to_have_count(6)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    card = finished(imagine(page, f"a teal boat on the lake {QUICK}"))
    card.locator(".sheet a").first.tap()
    page.wait_for_url(PATH)
    view(page).get_by_role("button", name="Imagine", exact=True).tap()
    expect(bar(page)).to_be_focused()
    send = page.get_by_role("button", name="Imagine", exact=True).last
    box = send.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 844
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_nothing_grows_where_less_movement_is_wished(guests):
    guest = guests(reduced_motion="reduce", bypass_csp=True)
    page = guest.sign_up("dora")
    card = finished(imagine(page, f"a teal boat on the lake {QUICK} --ar 1:2"))
    narrow(page, card)
    page.evaluate(GROWING)
    open_picture(card)
    expect(view(page)).to_be_visible()
    assert page.evaluate("grown.length") == 0
    page.keyboard.press("/")
    expect(view(page).locator("#prompt")).to_be_focused()
    accessible(page)
    sheet(page, guest)


def narrow(page: Page, card: Locator) -> None:
    """The tools of small pictures can be met, and lie at their edge."""
    for width in (700, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        cell = card.locator(".sheet li").first
        cell.hover()
        assert min(card.evaluate(TARGETS)) >= LEAST_TARGET_PX, width
        tools, whole = cell.locator(".cell__tools").bounding_box(), cell.bounding_box()
        assert tools is not None
        assert whole is not None
        assert tools["height"] <= 34, width  # one row
        assert tools["y"] > whole["y"] + whole["height"] / 2, width
        if axe := find_axe():
            page.evaluate(axe.read_text())
            rule = "axe.run(document, { runOnly: { type: 'rule', values: ['target-size'] }, preload: false })"
            found = page.evaluate(f"{rule}.then(({{ violations }}) => violations.map(({{ nodes }}) => nodes[0].html))")
            assert found == [], width


def sheet(page: Page, guest) -> None:
    """A contact sheet fills every desk, and its axes stay in sight."""
    guest.open("/create/")
    imagine_set(page)
    page.get_by_role("link", name="Contact sheet").first.click()
    page.wait_for_url("**/groups/**")
    accessible(page)
    region = page.get_by_role("region", name="Pictures by what was varied")
    expect(region.get_by_role("columnheader")).to_have_count(3)
    for width, height in ((1280, 800), (1920, 1080), (3840, 2160)):
        page.set_viewport_size({"width": width, "height": height})
        table = region.locator("table").bounding_box()
        assert table is not None
        assert table["width"] > 0.9 * (width - 216 - 64), width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 900, "height": 600})
    region.evaluate("part => part.scrollTo(300, 300)")
    assert region.evaluate("part => part.scrollTop") > 0
    top = region.bounding_box()
    assert top is not None
    for header in (region.get_by_role("columnheader").last, region.get_by_role("rowheader").last):
        box = header.bounding_box()
        assert box is not None
        assert box["x"] >= top["x"]
        assert box["y"] >= top["y"]


def imagine_set(page: Page) -> None:
    bar(page).fill(f"a {{red, blue}} {{boat, house, bird}} {QUICK}")
    bar(page).press("Enter")
    page.get_by_role("dialog", name="Make 6 jobs?").get_by_role("button", name="Make 6 jobs").click()
    expect(page.locator("#jobs .job")).to_have_count(7, timeout=AT_ONCE_MS)
