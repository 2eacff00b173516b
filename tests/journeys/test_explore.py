"""Two people in the gallery: one shows pictures, the other likes one and finds it again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.test_first_minute import finished, imagine
from tests.journeys.test_pages import accessible

pytestmark = pytest.mark.journey

HEART = re.compile(r"Like \(\d+\)")
FIRST = "#pictures .tile >> nth=0"


def address(tile: Locator) -> str:
    return tile.locator("> a").get_attribute("href") or ""


def heart(page: Page, href: str) -> Locator:
    return page.locator(".tile", has=page.locator(f'> a[href="{href}"]')).get_by_role("button", name=HEART)


def test_a_like_on_explore_lifts_a_picture_and_keeps_it(guests):
    painter, visitor = guests(), guests()
    card = finished(imagine(painter.sign_up("georgia"), "a red fox in the snow --style watercolor --q .25"))
    grid = [link.get_attribute("href") or "" for link in card.locator(".sheet a").all()]
    href = grid[3]
    visitor.sign_up("alfred")
    page = visitor.open("/?feed=hot")
    pictures = page.locator("#pictures .tile")
    expect(heart(page, href)).to_be_attached()

    liked = heart(page, href)
    liked.focus()
    page.keyboard.press("Enter")
    expect(liked).to_have_attribute("aria-pressed", "true")
    expect(liked).to_have_accessible_name("Like (1)")
    expect(liked).to_be_focused()
    accessible(page)

    page.reload()
    expect(heart(page, href)).to_have_attribute("aria-pressed", "true")
    order = [address(tile) for tile in pictures.all()]
    assert min(grid, key=order.index) == href
    page.get_by_role("navigation", name="Feeds").get_by_role("link", name="Likes").click()
    expect(pictures).to_have_count(1)
    expect(page.locator(FIRST).locator("> a")).to_have_attribute("href", href)

    # What is done in the view over the feed is seen on the tile below it.
    page.locator(FIRST).locator("> a").click()
    view = page.locator(".viewer")
    view.get_by_role("button", name=HEART).click()
    expect(view.get_by_role("button", name=HEART)).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Escape")
    expect(heart(page, href)).to_have_attribute("aria-pressed", "false")
    page.reload()
    expect(page.get_by_role("heading", name="No likes yet")).to_be_visible()

    # The feeds of somebody who is not signed in ask for that, and bring them back.
    stranger = guests()
    page = stranger.open("/?feed=top&within=day")
    expect(page.get_by_role("navigation", name="Feeds").get_by_role("link", name="Likes")).to_have_count(0)
    page.locator(FIRST).hover()
    page.locator(FIRST).get_by_role("link", name=HEART).click()
    page.wait_for_url("**/accounts/login/?next=/")


def test_a_style_is_found_by_its_pictures_and_used(guest):
    page = guest.sign_up("emily")
    finished(imagine(page, "a blue boat on the lake --style watercolor --q .25"))
    page = guest.open("/?feed=new")
    page.get_by_role("navigation", name="Feeds").get_by_role("link", name="Styles").click()
    page.get_by_role("link", name="Watercolor watercolor", exact=True).click()
    expect(page.get_by_role("heading", name="Watercolor")).to_be_visible()
    expect(page.locator("#pictures .tile").nth(3)).to_be_attached()
    page.get_by_role("link", name="Use this style").click()
    expect(page.get_by_role("textbox", name="Prompt")).to_have_value(re.compile("--style watercolor"))
