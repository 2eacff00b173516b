"""The editor under a mouse, with keys alone and under fingers; and what comes of it, with the real model."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image as Pillow
from playwright.sync_api import Locator, Page, expect

from tests.generation.workers.watching import program_of
from tests.journeys.conftest import DESKTOP, PASSWORD, PHONE
from tests.journeys.test_first_minute import MADE_MS, finished, imagine, newest, picture_id
from tests.journeys.test_pages import accessible

pytestmark = pytest.mark.journey

SMALL_SPOKEN_MS = 8_000
MASK_BOX = (32, 32, 96, 96)
FEATHER_PX = 4


# --- what comes of it


def pixels(program, address: str) -> np.ndarray:
    answer = program.http.get(address)
    assert answer.status_code == 200
    return np.asarray(Pillow.open(io.BytesIO(answer.content)).convert("RGB")).astype(int)


def mask_of(program, box: tuple[int, int, int, int]) -> str:
    out = io.BytesIO()
    mask = Pillow.new("L", (128, 128))
    mask.paste(255, box)
    mask.save(out, "PNG")
    answer = program.http.post("/uploads", files={"file": ("mask.png", out.getvalue())})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def edited(program, image: dict, **edit) -> dict:
    body = {"prompt": "a green tree --steps 6 --sameseed 5", **edit}
    answer = program.http.post(f"/images/{image['id']}/edit", json=body)
    assert answer.status_code == 202, answer.text
    return program.wait(answer.json()["id"])


def test_outside_of_mask_and_feather_not_a_bit_changes(product):
    with program_of(product, "masker") as program:
        first = program.wait(program.imagine("a red house in the mountains --quality .25 --sameseed 1"))["images"][0]
        before = pixels(program, first["url"])
        job = edited(program, first, mask=mask_of(program, MASK_BOX), feather=FEATHER_PX)
        after = pixels(program, job["images"][0]["url"])
        placed = edited(
            program,
            first,
            canvas={"width": 192, "height": 128, "left": 64, "top": 0, "picture_width": 128, "picture_height": 128},
            feather=FEATHER_PX,
        )
        around = pixels(program, placed["images"][0]["url"])
    left, top, right, bottom = MASK_BOX
    kept = np.ones((128, 128), dtype=bool)
    kept[top - 2 * FEATHER_PX : bottom + 2 * FEATHER_PX, left - 2 * FEATHER_PX : right + 2 * FEATHER_PX] = False
    assert (after[kept] == before[kept]).all()
    assert np.abs(after[top:bottom, left:right] - before[top:bottom, left:right]).mean() > 5
    assert around.shape == (128, 192, 3)
    assert (around[:, 64 + 2 * FEATHER_PX :] == before[:, 2 * FEATHER_PX :]).all()
    assert around[:, :56].std() > 5


# --- the page


def a_picture(guest, name: str) -> str:
    """Signs up and makes a picture; the address of its editor."""
    page = guest.sign_up(name)
    card = finished(imagine(page, "a red house in the mountains --q .25"))
    return f"/images/{picture_id(card.locator('.sheet a').first.get_attribute('href'))}/edit/"


def opened(guest, address: str) -> Page:
    page = guest.open(address)
    page.locator("[data-editor][data-ready]").wait_for()
    return page


def spot(page: Page, x: float, y: float) -> tuple[float, float]:
    """A point of the window, by shares of the picture as it fills the stage."""
    box = page.locator("#edit-canvas").bounding_box()
    side = min(box["width"], box["height"]) - 2 * min(24, box["width"] / 16)
    left, top = box["x"] + (box["width"] - side) / 2, box["y"] + (box["height"] - side) / 2
    return left + x * side, top + y * side


def drag(page: Page, *points: tuple[float, float]) -> None:
    page.mouse.move(*spot(page, *points[0]))
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*spot(page, *point), steps=4)
    page.mouse.up()


def share(page: Page) -> int:
    found = page.locator("#edit-share").inner_text()
    return int("".join(filter(str.isdigit, found)) or 0)


def prompt(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Prompt")


def tool(page: Page, name: str) -> Locator:
    return page.get_by_role("radio", name=name)


def press_imagine(page: Page) -> Locator:
    """The card of the edit, on Create."""
    page.get_by_role("button", name="Imagine").click()
    page.wait_for_url("**/create/")
    return newest(page)


def accessible_in_all_sizes(page: Page) -> None:
    for size in (PHONE["viewport"], DESKTOP):
        page.set_viewport_size(size)
        accessible(page)


def pressed(page: Page, force: float) -> int:
    """What a pen marks that is drawn over the picture with so much force, 0 to 1."""
    line = page.context.new_cdp_session(page)
    pen = {"pointerType": "pen", "force": force, "button": "left", "buttons": 1, "clickCount": 1}
    for kind, x in (("mousePressed", 0.2), ("mouseMoved", 0.5), ("mouseMoved", 0.8), ("mouseReleased", 0.8)):
        left, top = spot(page, x, 0.5)
        line.send("Input.dispatchMouseEvent", {"type": kind, "x": left, "y": top, **pen})
    marked = share(page)
    page.get_by_role("button", name="Clear").click()
    return marked


def test_a_part_is_drawn_with_the_mouse_and_painted_anew(guests):
    # Axe writes styles, which the policy forbids everybody else.
    guest = guests(bypass_csp=True, reduced_motion="reduce")
    address = a_picture(guest, "sonia")
    page = opened(guest, address)
    send = page.get_by_role("button", name="Imagine")
    expect(send).to_have_attribute("aria-disabled", "true")
    prompt(page).press("Enter")
    expect(page.locator("#edit-note")).to_contain_text("Nothing would change.")
    undo, redo = page.get_by_role("button", name="Undo"), page.get_by_role("button", name="Redo")
    expect(undo).to_be_disabled()

    drag(page, (0.3, 0.3), (0.7, 0.3))
    brushed = share(page)
    assert 3 < brushed < 20
    expect(page.locator("#polite")).to_contain_text(f"Mask covers {brushed} %", timeout=SMALL_SPOKEN_MS)
    tool(page, "Eraser").check(force=True)
    drag(page, (0.2, 0.3), (0.5, 0.3))
    assert 0 < share(page) < brushed
    undo.click()
    assert share(page) == brushed
    page.keyboard.press("Control+z")
    assert share(page) == 0
    page.keyboard.press("Control+Shift+z")
    redo.click()
    assert 0 < share(page) < brushed
    expect(redo).to_be_disabled()

    page.get_by_role("button", name="Clear").click()
    tool(page, "Lasso").check(force=True)
    drag(page, (0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.1))
    assert share(page) == pytest.approx(32, abs=2)
    page.get_by_role("button", name="Invert").click()
    assert share(page) == pytest.approx(68, abs=2)
    page.get_by_role("button", name="Clear").click()
    tool(page, "Rectangle").check(force=True)
    drag(page, (0.25, 0.25), (0.75, 0.75))
    assert share(page) == pytest.approx(25, abs=2)
    page.reload()
    page.locator("[data-editor][data-ready]").wait_for()
    assert share(page) == pytest.approx(25, abs=2)
    accessible_in_all_sizes(page)

    prompt(page).fill("a green tree --choas 3")
    send.click()
    expect(page.locator("#edit-note")).to_contain_text("--choas is not a parameter.")
    expect(prompt(page)).to_be_focused()
    expect(page.locator(".imagine__ink mark[data-kind=error]")).to_have_text("--choas")
    prompt(page).fill("a green tree --steps 6")
    card = finished(press_imagine(page))
    guest.open(card.locator(".sheet a").first.get_attribute("href"))
    lineage = page.get_by_role("navigation", name="Lineage")
    expect(lineage.locator("[aria-current] del")).to_contain_text("red house")
    expect(lineage.locator("[aria-current] ins")).to_contain_text("green tree")
    guest.complaints = [said for said in guest.complaints if "422" not in said]  # the refused words


def pull_corner(page: Page, by: int) -> None:
    """Draws the lower right corner of 64 px in the middle of a canvas of 192 x 128 by some of its pixels."""
    box = page.locator("#edit-canvas").bounding_box()
    scale = min((box["width"] - 48) / 192, (box["height"] - 48) / 128)
    x = box["x"] + box["width"] / 2 + 32 * scale
    y = box["y"] + box["height"] / 2 + 32 * scale
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by * scale, y + by * scale, steps=3)
    page.mouse.up()


def test_a_pen_presses_and_the_picture_lies_on_a_larger_canvas(guest):
    page = opened(guest, a_picture(guest, "emmy"))
    assert 0 < pressed(page, 0.1) < pressed(page, 1.0)
    page.get_by_role("button", name="3:2").click()
    expect(page.locator("#edit-size")).to_have_text("192 × 128 px")  # noqa: RUF001 - the sign between two sizes
    left = page.get_by_label("Picture left")
    expect(left).to_have_value("32")
    tool(page, "Move").check(force=True)
    box = page.locator("#edit-canvas").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] - box["width"], middle[1], steps=3)
    page.mouse.up()
    expect(left).to_have_value("0")
    page.keyboard.press("Control+z")
    expect(left).to_have_value("32")
    page.get_by_role("button", name="Zoom out 2×").click()  # noqa: RUF001
    expect(page.get_by_label("Picture size, %")).to_have_value("50")
    pull_corner(page, by=32)
    expect(page.get_by_label("Picture size, %")).to_have_value("75")
    expect(page.get_by_label("Picture top")).to_have_value("32")
    page.get_by_role("button", name="Picture alone").click()
    expect(page.locator("#edit-size")).to_have_text("128 × 128 px")  # noqa: RUF001
    page.get_by_label("Canvas width").fill("150")
    page.get_by_label("Canvas width").press("Tab")
    expect(page.locator("#edit-size")).to_have_text("160 × 128 px")  # noqa: RUF001
    prompt(page).fill("a red house in the mountains --steps 6")
    card = finished(press_imagine(page))
    expect(card.locator(".sheet img").first).to_have_js_property("naturalWidth", 160)


def test_an_edit_with_keys_alone(guest):
    page = opened(guest, a_picture(guest, "tilly"))
    canvas = page.locator("#edit-canvas")
    while not canvas.evaluate("canvas => canvas === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("r")
    expect(tool(page, "Rectangle")).to_be_checked()
    rectangle = page.get_by_role("group", name="Rectangle, in % of the picture")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("ArrowDown")
    expect(rectangle.get_by_label("Left")).to_have_value("18.75")
    expect(rectangle.get_by_label("Top")).to_have_value("25.78")
    page.keyboard.press("Enter")
    assert share(page) == 25
    page.keyboard.press("Delete")
    assert share(page) == 0
    while not rectangle.get_by_label("Width").evaluate("field => field === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.type("10")
    page.keyboard.press("Tab")
    page.keyboard.type("20")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert share(page) == 2
    page.keyboard.press("b")
    page.keyboard.press("]")
    expect(tool(page, "Brush")).to_be_checked()
    page.keyboard.press("m")
    half = page.get_by_role("button", name="Left half")
    half.focus()
    page.keyboard.press("Enter")
    assert share(page) == pytest.approx(50, abs=1)
    expect(page.locator("#polite")).to_contain_text("Mask covers 5", timeout=SMALL_SPOKEN_MS)
    prompt(page).focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("a green tree --steps 6")
    page.keyboard.press("Enter")
    page.wait_for_url("**/create/")
    finished(newest(page))


def test_fingers_draw_and_two_of_them_move_the_view(phone):
    page = opened(phone, a_picture(phone, "chien"))
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
    touch(page, [spot(page, 0.3, 0.4), spot(page, 0.7, 0.4)])
    drawn = share(page)
    assert drawn > 3
    zoom = page.locator("#edit-zoom").text_content()
    pinched(page)
    assert share(page) == drawn
    assert page.locator("#edit-zoom").text_content() != zoom
    page.get_by_role("button", name="Undo").tap()
    assert share(page) == 0
    page.get_by_role("button", name="Right half").tap()
    prompt(page).fill("a green tree --steps 6")
    phone.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Imagine").tap()
    expect(page.locator("#edit-note")).to_contain_text("You were signed out. Your edit is kept.")
    page.get_by_role("link", name="Sign in").tap()
    page.get_by_label("Name or email").fill("chien")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").tap()
    page.wait_for_url("**/edit/")
    page.locator("[data-editor][data-ready]").wait_for()
    assert share(page) == 50
    expect(prompt(page)).to_have_value("a green tree --steps 6")
    page.get_by_role("button", name="Imagine").tap()
    page.wait_for_url("**/create/")
    expect(newest(page)).to_have_attribute("data-state", "succeeded", timeout=MADE_MS)


def touch(page: Page, points: list[tuple[float, float]]) -> None:
    line = page.context.new_cdp_session(page)
    first, *others = points
    line.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at(*first)]})
    for point in others:
        line.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [at(*point)]})
    line.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def pinched(page: Page) -> None:
    """Two fingers come down one after the other and move apart."""
    line = page.context.new_cdp_session(page)
    (x, y), (far, _) = spot(page, 0.4, 0.5), spot(page, 0.6, 0.5)
    line.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at(x, y)]})
    line.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at(x, y), at(far, y, 1)]})
    for by in (10, 30):
        moved = [at(x - by, y), at(far + by, y, 1)]
        line.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": moved})
    line.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def at(x: float, y: float, finger: int = 0) -> dict[str, float]:
    return {"x": x, "y": y, "id": finger}
