"""Two people who meet in the gallery: follow, like, be told at once, block; and a page of one's own."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PASSWORD
from tests.journeys.test_first_minute import AT_ONCE_MS, finished, imagine, picture_id

pytestmark = pytest.mark.journey

QUICK = "a red boat on the lake --q .25"


def made(page: Page) -> list[str]:
    """The ids of a grid's pictures."""
    links = finished(imagine(page, QUICK)).locator(".sheet a")
    return [picture_id(link.get_attribute("href")) for link in links.all()]


def unread(page: Page, count: str) -> None:
    expect(page.locator("#unread")).to_have_text(count, timeout=5 * AT_ONCE_MS)


def test_a_follow_and_a_like_are_told_at_once_and_a_block_ends_it(guest, guests):
    page = guest.sign_up("sybil")
    pictures = made(page)

    other = guests()
    there = other.sign_up("norma")
    other.open("/people/sybil/")
    there.get_by_role("button", name="Follow", exact=True).click()
    expect(there.get_by_role("button", name="Following")).to_be_focused()
    expect(there.locator("#followers-count")).to_have_text(re.compile(r"1\s+follower"))
    unread(page, "1")
    expect(page.locator("#polite")).to_have_text("1 unread notification", timeout=5 * AT_ONCE_MS)

    other.open("/?feed=following")
    tile = there.locator(f"#image-{pictures[0]}")
    tile.hover()
    tile.get_by_role("button", name=re.compile("Like")).press("Enter")
    unread(page, "2")
    page.locator("#unread").click()
    lines = page.locator(".notices a")
    expect(lines).to_have_text([re.compile("norma liked your picture"), re.compile("norma followed you")])
    tile = there.locator(f"#image-{pictures[1]}")
    tile.hover()
    tile.get_by_role("button", name=re.compile("Like")).press("Enter")
    expect(lines).to_have_count(3, timeout=5 * AT_ONCE_MS)  # the open page fetches it by itself

    page.get_by_role("link", name=re.compile("norma followed you")).click()
    expect(page.get_by_role("heading", name="norma")).to_be_visible()
    unread(page, "2")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("button", name="Block", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("norma is blocked.")
    expect(page.get_by_role("button", name="Unblock norma")).to_be_visible()
    expect(page.locator("#unread")).to_be_hidden()

    other.open("/?feed=new")
    expect(there.locator(".tile").or_(there.locator(".blank")).first).to_be_visible()
    expect(there.locator(f"#image-{pictures[0]}")).to_have_count(0)
    for address in ("/people/sybil/", f"/images/{pictures[0]}/", f"/media/{pictures[0]}-640.webp"):
        assert other.context.request.get(other.url + address).status == 404


def test_a_page_of_ones_own_is_written_ordered_taken_along_and_left(phone, guests):
    guests().sign_up("poppy")  # whoever comes first runs the server, and may not leave it alone
    page = phone.sign_up("flora")
    pictures = made(page)
    phone.open("/my/page/")
    page.get_by_label("About you").fill("I paint boats.")
    page.get_by_role("button", name="Keep").click()
    expect(page.locator(".profile__about")).to_have_text("I paint boats.")

    desk = guests(storage_state=phone.context.storage_state())
    there = desk.open("/my/page/")
    for at in range(3):
        there.locator(f"#add-{pictures[at]}").click()
        expect(there.locator("#spotlight .pick")).to_have_count(at + 1)
    picks = there.locator("#spotlight [data-place]")
    there.locator(f"#earlier-{pictures[2]}").press("Enter")
    expect(picks.nth(1)).to_have_value(pictures[2])
    expect(there.locator(f"#earlier-{pictures[2]}")).to_be_focused()
    there.locator("#spotlight .pick").nth(2).locator("img").drag_to(there.locator("#spotlight .pick").first)
    expect(picks.first).to_have_value(pictures[1])
    there.locator(f"#banner-{pictures[3]}").click()
    expect(there.get_by_role("button", name="No banner")).to_be_visible()
    phone.open("/people/flora/spotlight/")
    tiles = page.locator(".tile")
    expect(tiles).to_have_count(3)
    assert [tile.get_attribute("id") for tile in tiles.all()] == [f"image-{pictures[at]}" for at in (1, 0, 2)]
    expect(page.get_by_role("img", name="The banner of flora")).to_be_visible()

    desk.open("/my/export/")
    there.get_by_role("link", name="Download the ZIP").click()
    there.get_by_label("Password").fill(PASSWORD)
    with there.expect_download() as download:
        there.get_by_role("button", name="Go on").click()
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as archive:
        assert f"pictures/{pictures[0]}.png" in archive.namelist()

    desk.open("/my/export/")
    there.get_by_role("link", name="Delete your account").click()
    there.get_by_label("Your name").fill("flora")
    there.get_by_label("Your password").fill(PASSWORD)
    there.get_by_role("button", name="Delete it for good").click()
    expect(there.locator(".toast")).to_contain_text("Your account is deleted.")
    assert desk.context.request.get(desk.url + "/people/flora/").status == 404
    phone.open("/my/images/")
    expect(page).to_have_url(re.compile("/accounts/login/"))
