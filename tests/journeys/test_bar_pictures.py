"""Pictures beside the words of the imagine bar: how they come, what they are for, what is sent, what stays."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image as Pillow
from playwright.sync_api import Locator, Page, expect

from tests.journeys.test_first_minute import AT_ONCE_MS, bar, finished, imagine, let_go, newest

pytestmark = pytest.mark.journey

QUICK = "--quality .25"
UPLOAD = "upload:01234567-89ab-cdef-0123-456789abcdef"
IMAGE = "image:11234567-89ab-cdef-0123-456789abcdef"
SPLIT_AND_JOINED = """async ([texts, words]) => {
  const { split, join } = await import("/static/js/parameters.js");
  const { put, without, isVaried } = await import("/static/js/parameters.js");
  const again = (text) => [split(text), join(split(text).words, split(text).pictures).text.trim()];
  return [texts.map(again), [
    put("a boat --s 250 --ar 1:1", "stylize s", "--stylize 300"), put("a boat", "ar", "--ar 3:2"),
    put("a boat --q 2 --ar 1:1", "steps", "--steps 30", "quality q draft"), put('say "--ar 2:1"', "ar", "--ar 3:2"),
    without("a boat --ar 3:2 --tile", "ar aspect"), without("a boat --tile --raw", "tile"),
  ], words.map((text) => isVaried(text, "ar"))];
}"""
# A file comes from the clipboard, or is let go over a part of the bar.
BRINGS = """async ([kind, place, color]) => {
  const canvas = new OffscreenCanvas(30, 20);
  const pen = canvas.getContext("2d");
  pen.fillStyle = color;
  pen.fillRect(0, 0, 30, 20);
  const data = new DataTransfer();
  data.items.add(new File([await canvas.convertToBlob()], `${kind}.png`, { type: "image/png" }));
  const how = { bubbles: true, cancelable: true, clipboardData: data, dataTransfer: data };
  const event = kind === "paste" ? new ClipboardEvent(kind, how) : new DragEvent(kind, how);
  document.querySelector(place).dispatchEvent(event);
}"""


def picture(color: str = "teal") -> dict[str, str | bytes]:
    """A file as a person would choose it."""
    out = io.BytesIO()
    Pillow.new("RGB", (90, 60), color).save(out, "PNG")
    return {"name": f"{color}.png", "mimeType": "image/png", "buffer": out.getvalue()}


def zones(page: Page) -> Locator:
    return page.get_by_role("list", name="Pictures beside the words").get_by_role("listitem")


def prompt_of(card: Locator) -> str:
    return card.get_attribute("data-prompt") or ""


def bring(page: Page, kind: str, place: str) -> None:
    before = zones(page).count()
    page.evaluate(BRINGS, [kind, place, "teal" if kind == "paste" else "orange"])
    expect(zones(page)).to_have_count(before + 1)
    expect(page.locator("[data-sending]")).to_have_count(0)


def drag(page: Page, what: Locator, onto: Locator) -> None:
    """With the mouse, as a person does: in more than one move."""
    source, target = what.bounding_box(), onto.bounding_box()
    assert source is not None
    assert target is not None
    page.mouse.move(source["x"] + 12, source["y"] + 12)  # beside the tools on the picture
    page.mouse.down()
    for by in (0, 20, 24):
        page.mouse.move(target["x"] + 40 + by, target["y"] + 12)
    page.mouse.up()


def newest_after(page: Page, key: str) -> Locator:
    """The card that a key makes."""
    before = page.locator("#jobs .job").count()
    bar(page).press(key)
    expect(page.locator("#jobs .job")).to_have_count(before + 1, timeout=AT_ONCE_MS)
    return page.locator(f"#{newest(page).get_attribute('id')}")


def image_id(card: Locator) -> str:
    found = re.search(r"[0-9a-f-]{36}", card.locator(".sheet a").first.get_attribute("href") or "")
    assert found
    return found[0]


def test_pictures_stand_beside_the_words_and_a_lock_keeps_them(guest):
    page = guest.sign_up("jocelyn")
    made = finished(imagine(page, f"a red house {QUICK}"))
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add pictures").click()
        page.get_by_role("button", name="Image prompt").click()
    chooser.value.set_files([picture()])
    expect(zones(page)).to_have_count(1)
    expect(zones(page).get_by_role("combobox")).to_have_value("image")
    page.wait_for_function("document.querySelector('#zones img').naturalWidth > 0")
    drag(page, made.locator(".sheet a").first, bar(page))
    expect(zones(page)).to_have_count(2)
    zones(page).nth(1).get_by_role("combobox").select_option("style")
    zones(page).nth(1).get_by_role("button", name="Keep this picture after Imagine").click()
    bar(page).press_sequentially(f"a boat {QUICK} --wat")
    mark = page.locator(".imagine__ink mark[data-kind=error]")
    expect(mark).to_have_text("--wat")
    bar(page).fill(f"a boat {QUICK}")
    card = newest_after(page, "Enter")
    assert re.fullmatch(rf"upload:\S+ a boat {QUICK} --sref image:\S+", prompt_of(card))
    expect(zones(page)).to_have_count(1)
    expect(zones(page).get_by_role("combobox")).to_have_value("style")
    expect(bar(page)).to_have_value("")
    page.reload()
    expect(zones(page)).to_have_count(1)
    zones(page).get_by_role("combobox").select_option("start")
    bar(page).fill(f"a green house {QUICK}")
    card = newest_after(page, "Enter")
    assert re.fullmatch(rf"image:\S+ a green house {QUICK} --strength \.6", prompt_of(card))
    zones(page).get_by_role("button", name="Remove this picture").click()
    expect(zones(page)).to_have_count(0)
    let_go(page)


def test_pictures_come_by_address_paste_and_drop_and_what_is_none_is_a_sentence(guest):
    page = guest.sign_up("andree")
    made = finished(imagine(page, f"a red house {QUICK}"))
    bar(page).fill("a blue house")
    guest.open(f"/create/?image={image_id(made)}&role=style")
    expect(zones(page).get_by_role("combobox")).to_have_value("style")
    expect(bar(page)).to_have_value("a blue house")
    broken = {"name": "torn.png", "mimeType": "image/png", "buffer": b"torn"}
    page.locator("#picture-file").set_input_files([broken])
    expect(page.locator("#zones-note")).to_contain_text("torn.png: This is no PNG, JPEG, WebP or GIF")
    expect(zones(page)).to_have_count(1)
    bring(page, "paste", "#prompt")
    bring(page, "drop", "[data-drop=start]")
    expect(zones(page)).to_have_count(3)
    expect(zones(page).nth(1).get_by_role("combobox")).to_have_value("image")
    expect(zones(page).nth(2).get_by_role("combobox")).to_have_value("start")
    expect(page.locator("#zones-note")).to_be_hidden()
    bar(page).press("Home")
    bar(page).press("ArrowUp")  # an earlier prompt without pictures
    expect(bar(page)).to_have_value(f"a red house {QUICK}")
    expect(zones(page)).to_have_count(0)
    bar(page).press("ArrowDown")
    expect(zones(page)).to_have_count(3)
    expect(zones(page).get_by_role("combobox").nth(0)).to_have_value("start")
    guest.complaints = [said for said in guest.complaints if "422" not in said]


def test_words_and_pictures_part_and_come_together_again(guest):
    texts = [
        f"{UPLOAD} {IMAGE} a boat --ar 3:2",
        f"{UPLOAD} a boat --strength .4",
        f"a boat --ar 3:2 --sref {UPLOAD}::2 {IMAGE}",
        f"a boat --sref {UPLOAD} 1234",
        UPLOAD,
        "a boat {image, upload} --chaos 3",
    ]
    page = guest.open("/accounts/login/")
    varied = ["a {--ar 3:2, --ar 1:1} b", "a b --ar {3:2, 1:1}", "a {b, c} --ar 3:2"]
    again, written, is_varied = page.evaluate(SPLIT_AND_JOINED, [texts, varied])
    assert [joined for _, joined in again] == texts
    parts = [(one["words"], [(picture["ref"], picture["role"]) for picture in one["pictures"]]) for one, _ in again]
    assert parts == [
        ("a boat --ar 3:2", [(UPLOAD, "image"), (IMAGE, "image")]),
        ("a boat --strength .4", [(UPLOAD, "start")]),
        ("a boat --ar 3:2", [(f"{UPLOAD}::2", "style"), (IMAGE, "style")]),
        ("a boat --sref 1234", [(UPLOAD, "style")]),
        ("", [(UPLOAD, "image")]),
        ("a boat {image, upload} --chaos 3", []),
    ]
    assert written == [
        "a boat --stylize 300 --ar 1:1",
        "a boat --ar 3:2",
        "a boat --ar 1:1 --steps 30",
        'say "--ar 2:1" --ar 3:2',
        "a boat --tile",
        "a boat --raw",
    ]
    assert is_varied == [True, True, False]
