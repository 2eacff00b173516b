"""Looking for pictures: by words, by what they show, by a picture; on the real product with its real CLIP."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from PIL import Image as Pillow
from playwright.sync_api import Page, expect

from mjweb.local.processes import wait_until
from tests.generation.workers.watching import program_of
from tests.journeys.test_pages import accessible
from tests.runs import ENDED, Program

pytestmark = pytest.mark.journey

LIGHTHOUSE = "a red lighthouse by the sea, watercolor --seed 5"
CAR = "a blue car in the city --ar 3:2 --seed 5"


def tiles(page: Page):
    return page.locator("#pictures .tile")


@pytest.fixture(scope="module")
def walter(product) -> Iterator[Program]:
    """The program of somebody who has shown two grids."""
    with program_of(product, "walter") as walter:
        yield walter


@pytest.fixture(scope="module")
def pictures(walter) -> dict[str, list[str]]:
    """The ids of his pictures, by their prompts."""
    jobs = {prompt: walter.imagine(prompt) for prompt in (LIGHTHOUSE, CAR)}
    assert wait_until(lambda: all(walter.job(job)["status"] in ENDED for job in jobs.values()), 90, every_s=0.2)
    return {prompt: [image["id"] for image in walter.job(job)["images"]] for prompt, job in jobs.items()}


def test_words_a_chip_a_picture_and_a_saved_search(guest, walter, pictures):
    png = walter.http.get(walter.http.get(f"/images/{pictures[CAR][0]}").json()["url"]).content

    page = guest.open("/")
    page.get_by_role("searchbox", name=re.compile("^Search everybody")).fill("lighthouse by:walter")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/search/\?q=lighthouse"))
    expect(tiles(page).first).to_have_attribute("id", re.compile("|".join(pictures[LIGHTHOUSE])))
    sign = tiles(page).first.locator(".tile__mark")
    expect(sign).to_have_attribute("title", "words: lighthouse · looks like your words")
    accessible(page)

    page.get_by_role("link", name="by:walter , search without it").click()
    expect(page).to_have_url(re.compile(r"\?q=lighthouse$"))
    page.get_by_role("button", name="Ratio").click()
    page.get_by_role("link", name="3:2").click()
    expect(page.get_by_role("link", name="ar:3:2 , search without it")).to_be_visible()

    page.goto(f"{guest.url}/search/?q=an+automobile+in+the+town+by:walter")  # words that its prompt has not
    expect(tiles(page).first).to_have_attribute("id", re.compile("|".join(pictures[CAR])))
    expect(tiles(page).first.locator(".tile__mark")).to_have_attribute("title", "looks like your words")

    tiles(page).first.hover()
    tiles(page).first.get_by_role("link", name="Find similar pictures").click()
    page.wait_for_url(re.compile(r"/search/\?similar="))
    expect(tiles(page).first).to_have_attribute("id", re.compile("|".join(pictures[CAR])))
    expect(page.get_by_role("link", name="similar to this picture , search without it")).to_be_visible()

    page = guest.sign_up("wilhelmina")
    page.goto(f"{guest.url}/search/?q=lighthouse+-car")
    page.get_by_role("button", name="Save this search").click()
    page.get_by_label("Name").fill("Coast")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Forget “Coast”")).to_be_visible()

    page.get_by_role("button", name="Search with a picture").click()
    file = {"name": "car.png", "mimeType": "image/png", "buffer": png}
    page.get_by_label(re.compile("PNG, JPEG")).set_input_files(file)
    page.get_by_role("button", name="Find similar pictures").last.click()
    page.wait_for_url(re.compile(r"similar=upload"))
    expect(tiles(page).first).to_have_attribute("id", f"image-{pictures[CAR][0]}")
    accessible(page)

    paste(page, png)
    page.wait_for_url(re.compile(r"similar=upload"))
    expect(tiles(page).first).to_have_attribute("id", f"image-{pictures[CAR][0]}")


def paste(page: Page, png: bytes) -> None:
    """A picture into the box, as the clipboard gives it."""
    page.evaluate(
        """(bytes) => {
          const held = new DataTransfer();
          held.items.add(new File([new Uint8Array(bytes)], "car.png", { type: "image/png" }));
          const event = new ClipboardEvent("paste", { clipboardData: held, bubbles: true, cancelable: true });
          document.querySelector("[data-search]").dispatchEvent(event);
        }""",
        list(png),
    )
    assert Pillow.open(io.BytesIO(png)).size


def test_on_a_phone_what_cannot_be_read_is_said_and_nothing_is_lost(phone, pictures):
    page = phone.open("/search/?q=lighthouse+in:book")
    expect(page.get_by_role("alert").first).to_contain_text("in: looks into your own collections.")
    box = page.get_by_role("searchbox")
    expect(box).to_have_value("lighthouse in:book")
    phone.complaints.clear()  # the browser says the 422 too
    accessible(page)
    box.fill("nothing-of-this-kind by:walter")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("nothing"))
    if tiles(page).count() == 0:
        expect(page.get_by_role("link", name="Search without “by:walter”")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
