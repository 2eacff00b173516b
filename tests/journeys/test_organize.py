"""My images by hand: searched, chosen, collected, thrown away and brought back."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.test_first_minute import finished, imagine
from tests.journeys.test_pages import SPOKEN_MS, accessible

pytestmark = pytest.mark.journey


def tiles(page: Page) -> Locator:
    return page.locator("#pictures .tile:visible")


def check(page: Page, at: int) -> Locator:
    tiles(page).nth(at).hover()
    return tiles(page).nth(at).get_by_role("checkbox")


def bar(page: Page) -> Locator:
    return page.locator("#chosen")


def with_pictures(guest, name: str) -> Page:
    """Eight pictures, of a boat and of a cat."""
    page = guest.sign_up(name)
    cards = [imagine(page, f"{words} --q .25", key="Control+Enter") for words in ("a red boat", "a black cat")]
    for card in cards:
        finished(card)
    guest.open("/my/images/")
    expect(tiles(page)).to_have_count(8)
    return page


def test_pictures_are_chosen_collected_searched_and_thrown_away(guests):
    guest = guests(reduced_motion="reduce", bypass_csp=True)
    page = with_pictures(guest, "maria")

    # A check, then a range with Shift; the bar says how many.
    check(page, 1).click()
    expect(bar(page)).to_contain_text("1 selected")
    check(page, 4).click(modifiers=["Shift"])
    expect(bar(page)).to_contain_text("4 selected")
    accessible(page)

    # Into a new collection, which then stands on the shelf.
    bar(page).get_by_role("button", name="Collect").click()
    page.locator("#collect-menu").get_by_label("New collection").fill("Winter book")
    page.locator("#collect-menu").get_by_role("button", name="Collect").click()
    expect(page.locator(".toast").last).to_contain_text("4 pictures in Winter book.")
    shelf = page.get_by_role("navigation", name="Collections")
    expect(shelf.get_by_role("link", name="Winter book")).to_contain_text("4")

    # To the trash by its key, and back by the toast, each in its place.
    order = [tile.get_attribute("id") for tile in tiles(page).all()]
    page.keyboard.press("Delete")
    expect(tiles(page)).to_have_count(4)
    expect(bar(page)).to_be_hidden()
    expect(shelf.get_by_role("link", name="Trash")).to_contain_text("4")
    page.locator(".toast", has_text="4 pictures moved to the trash.").get_by_role("button", name="Undo").click()
    expect(tiles(page)).to_have_count(8)
    assert [tile.get_attribute("id") for tile in tiles(page).all()] == order
    expect(page.locator("#polite")).to_have_text("4 pictures restored.", timeout=SPOKEN_MS)

    # Like two, find them by typing, keep the search.
    check(page, 0).click()
    check(page, 7).click()
    bar(page).get_by_role("button", name="Like").click()
    expect(page.locator("[data-mark=liked]:visible")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(bar(page)).to_be_hidden()
    for liked in (3, 2):  # one more by its heart, and no longer
        tiles(page).nth(4).hover()
        tiles(page).nth(4).get_by_role("button", name="Like").click()
        expect(page.locator("#pictures [data-liked]")).to_have_count(liked)
    page.keyboard.press("/")
    page.keyboard.type("is:liked boat")
    page.keyboard.press("Enter")
    expect(tiles(page)).to_have_count(1)
    page.get_by_role("button", name="Save this search").click()
    page.locator("#search-save").get_by_label("Name").fill("Best boats")
    page.locator("#search-save").get_by_role("button", name="Save").click()
    expect(shelf.get_by_role("link", name="Best boats")).to_have_attribute("aria-current", "true")

    # A filter from a menu, a search with a mistake.
    page.get_by_role("button", name="Marks").click()
    accessible(page)
    page.get_by_role("link", name="In no collection").click()
    expect(page.get_by_role("searchbox")).to_have_value("is:liked boat -is:collected")
    page.get_by_role("searchbox").fill("modle:x")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_text("modle: is no filter. Did you mean model:?")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value("modle:x")
    accessible(page)
    guest.complaints = [said for said in guest.complaints if "422" not in said]
    rename_and_take_out(page, shelf)


def rename_and_take_out(page: Page, shelf: Locator) -> None:
    """The collection by its own page."""
    shelf.get_by_role("link", name="Winter book").click()
    expect(tiles(page)).to_have_count(4)
    page.get_by_role("button", name="Edit").click()
    accessible(page)
    page.locator("#collection-edit").get_by_label("Name").fill("Coast")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("heading", name="Coast")).to_be_visible()
    check(page, 0).click()
    bar(page).get_by_role("button", name="Take out").click()
    expect(tiles(page)).to_have_count(3)
    expect(shelf.get_by_role("link", name="Coast")).to_contain_text("3")


def test_without_a_mouse_and_as_files(guest, tmp_path: Path):
    page = with_pictures(guest, "gladys")
    tiles(page).first.locator("a").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+Space")
    expect(bar(page)).to_contain_text("3 selected")
    with page.expect_download() as downloaded:
        bar(page).get_by_role("button", name="Download").click()
    with zipfile.ZipFile(io.BytesIO(Path(downloaded.value.path()).read_bytes())) as opened:
        assert opened.testzip() is None
        assert all(re.fullmatch(r"mjweb-\d{4}-\d\d-\d\d-\d+-[1-4]\.png", name) for name in opened.namelist())
        assert len(opened.namelist()) == 3
    page.keyboard.press("Delete")
    expect(tiles(page)).to_have_count(5)
    expect(tiles(page).first.locator("a").first).to_be_focused()  # the next one that is left
    page.get_by_role("button", name="Undo").click()
    expect(tiles(page)).to_have_count(8)
    page.keyboard.press("Control+a")
    expect(bar(page)).to_contain_text("8 selected")
    bar(page).get_by_role("button", name="Make private").click()
    expect(page.locator("[data-mark=private]:visible")).to_have_count(8)
    page.keyboard.press("Escape")

    # A band over the last row of pictures, begun beside them; then sizes, which the next visit remembers.
    last = tiles(page).last.bounding_box()
    page.mouse.move(last["x"] + last["width"] + 60, last["y"] + last["height"] - 10)
    page.mouse.down()
    page.mouse.move(last["x"] + last["width"] / 2, last["y"] + 20, steps=4)
    page.mouse.up()
    expect(bar(page)).to_contain_text("1 selected")
    page.keyboard.press("Escape")
    page.get_by_label("Picture size").fill("5")
    big = tiles(page).first.bounding_box()["height"]
    page.reload()
    assert tiles(page).first.bounding_box()["height"] == pytest.approx(big, abs=2)
    assert big > 250


def test_a_finger_chooses_by_a_long_press(phone):
    page = with_pictures(phone, "mildred")
    tiles(page).nth(1).locator("a").first.dispatch_event("pointerdown", {"pointerType": "touch"})
    expect(bar(page)).to_contain_text("1 selected")
    page.evaluate("dispatchEvent(new PointerEvent('pointerup'))")
    tiles(page).nth(1).locator("a").first.dispatch_event("click")  # the one that ends the press: it opens nothing
    tiles(page).nth(2).locator("a").first.tap()
    expect(bar(page)).to_contain_text("2 selected")
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    bar(page).get_by_role("button", name="Hide").tap()
    expect(tiles(page)).to_have_count(6)
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
