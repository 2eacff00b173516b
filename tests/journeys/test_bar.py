"""The imagine bar: keys, suggestions, settings, several jobs, and every other page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.test_bar_pictures import picture, zones
from tests.journeys.test_first_minute import AT_ONCE_MS, bar, imagine, let_go
from tests.journeys.test_pages import accessible

pytestmark = pytest.mark.journey

QUICK = "--quality .25"
ANSWERED_MS = 15_000
SHEET_HEIGHT = 0.83
"""Of a screen, at most."""


def suggestions(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Suggestions")


def panel(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Settings")


def open_panel(page: Page) -> Locator:
    page.get_by_role("button", name="Settings").click()
    expect(panel(page).get_by_role("slider", name="Stylize")).to_be_visible()
    return panel(page)


def test_earlier_prompts_come_back_and_suggestions_are_taken_with_keys(guest):
    page = guest.sign_up("frances")
    imagine(page, f"a black cat {QUICK}", key="Control+Enter")
    expect(bar(page)).to_have_value(f"a black cat {QUICK}")
    bar(page).fill("")
    imagine(page, f"a white dog {QUICK}")
    expect(bar(page)).to_have_value("")
    page.reload()
    bar(page).press_sequentially("a green")
    bar(page).press("Home")
    for key, words in [
        ("ArrowUp", f"a white dog {QUICK}"), ("ArrowUp", f"a black cat {QUICK}"), ("ArrowUp", f"a black cat {QUICK}"),
        ("ArrowDown", f"a white dog {QUICK}"), ("ArrowDown", "a green"),
    ]:  # fmt: skip
        bar(page).press(key)
        expect(bar(page)).to_have_value(words)

    bar(page).press("Shift+Enter")
    bar(page).press_sequentially("hill --tile --sty")
    expect(suggestions(page).get_by_role("option").first).to_contain_text("--stylize")
    expect(bar(page)).to_have_attribute("aria-activedescendant", "completion-0")
    bar(page).press("ArrowDown")
    bar(page).press("Enter")
    expect(bar(page)).to_have_value("a green\nhill --tile --style ")
    bar(page).press_sequentially("waterc")
    expect(suggestions(page).get_by_role("option")).to_have_count(1)
    bar(page).press("Tab")
    expect(bar(page)).to_have_value("a green\nhill --tile --style watercolor ")
    bar(page).press_sequentially("--ar 3:2 --ch")
    expect(suggestions(page)).to_be_visible()
    bar(page).press("Escape")
    expect(suggestions(page)).to_be_hidden()
    expect(bar(page)).to_be_focused()
    bar(page).press_sequentially("aos 10")
    expect(suggestions(page)).to_be_hidden()
    expect(page.locator("#jobs .job")).to_have_count(2)
    let_go(page)


def test_the_panel_and_the_words_say_the_same_and_what_is_kept_counts(guest):
    page = guest.sign_up("margaret")
    bar(page).fill("a boat --s 250")
    settings = open_panel(page)
    stylize, chaos = (settings.get_by_role("slider", name=name) for name in ("Stylize", "Chaos"))
    expect(stylize).to_have_value("250")
    settings.get_by_role("radio", name="3:2").check(force=True)
    expect(bar(page)).to_have_value("a boat --s 250 --ar 3:2")
    expect(settings).to_contain_text("160 × 96 px")  # noqa: RUF001 - the sign between two sizes
    chaos.press("ArrowRight")
    expect(bar(page)).to_have_value("a boat --s 250 --ar 3:2 --chaos 1")
    settings.get_by_role("radio", name="Only you").check(force=True)
    settings.get_by_role("switch", name="Seamless tile").check()
    expect(bar(page)).to_have_value("a boat --s 250 --ar 3:2 --chaos 1 --stealth --tile")
    settings.get_by_role("switch", name="Seamless tile").uncheck()
    settings.get_by_role("radio", name="Everyone").check(force=True)
    chaos.press("Home")
    expect(bar(page)).to_have_value("a boat --s 250 --ar 3:2")
    bar(page).fill("a boat --ar 16:9 --steps 9 --ar 16:9")
    expect(settings.get_by_role("radio", name="16:9")).to_be_checked()
    expect(settings.get_by_role("slider", name="Steps")).to_have_value("9")
    settings.get_by_role("radio", name="Draft").check(force=True)
    expect(bar(page)).to_have_value("a boat --ar 16:9 --ar 16:9 --draft")
    bar(page).fill("a boat --ar {3:2, 2:3}")
    expect(settings.get_by_role("radio", name="3:2")).to_be_disabled()

    bar(page).fill("a boat --ar 3:2 --chaos 20")
    settings.get_by_label("Save the parameters under a name").fill("mine")
    settings.get_by_role("button", name="Save as a set").click()
    expect(settings.get_by_role("list", name="My sets")).to_contain_text("--ar 3:2 --chaos 20")
    settings.get_by_role("button", name="Save as my defaults").click()
    expect(settings).to_contain_text("Your defaults: --ar 3:2 --chaos 20")
    bar(page).fill("a tree --ar 1:1")
    expect(page.locator("#prompt-plan")).to_contain_text("1:1")
    bar(page).fill("a tree")
    expect(page.locator("#prompt-plan")).to_contain_text("3:2")
    expect(chaos).to_have_value("20")
    chaos.press("Home")
    expect(bar(page)).to_have_value("a tree --chaos 0")
    settings.get_by_role("button", name="Reset to my defaults").click()
    expect(bar(page)).to_have_value("a tree")
    settings.get_by_role("button", name="--mine", exact=True).click()
    expect(bar(page)).to_have_value("a tree --mine")
    settings.get_by_label("Suffix").fill("--wat")
    settings.get_by_role("button", name="Save", exact=True).click()
    expect(settings).to_contain_text("--wat is not a parameter")
    page.keyboard.press("Escape")
    expect(settings).to_be_hidden()
    expect(page.get_by_role("button", name="Settings")).to_be_focused()
    guest.complaints = [said for said in guest.complaints if "422" not in said]


def test_several_jobs_are_asked_about_and_seen_together(guest):
    page = guest.sign_up("barbara2")
    bar(page).fill(f"a {{red, blue}} {{boat, house}} {QUICK}")
    bar(page).press("Enter")
    question = page.get_by_role("dialog", name="Make 4 jobs?")
    expect(question).to_contain_text("16 pictures")
    page.keyboard.press("Escape")
    expect(question).to_be_hidden()
    expect(page.locator("#jobs .job")).to_have_count(0)
    expect(bar(page)).to_be_focused()
    bar(page).press("Enter")
    expect(question.get_by_role("button", name="Make 4 jobs")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#jobs .job")).to_have_count(4, timeout=AT_ONCE_MS)
    page.get_by_role("link", name="Contact sheet").first.click()
    page.wait_for_url("**/groups/**")
    sheet = page.get_by_role("region", name="Pictures by what was varied")
    expect(sheet.get_by_role("columnheader")).to_have_text(["boat", "house"])
    expect(sheet.get_by_role("rowheader")).to_have_text(["red", "blue"])
    expect(sheet.get_by_role("img")).to_have_count(16, timeout=60_000)
    sheet.get_by_role("link").first.click()
    page.wait_for_url("**/images/**")


def test_from_any_page_what_is_imagined_appears_on_create(guest, phone):
    page = guest.sign_up("sister")
    guest.open("/")
    bar(page).fill(f"a yellow boat {QUICK}")
    guest.open("/help/")
    expect(bar(page)).to_have_value(f"a yellow boat {QUICK}")
    bar(page).fill("a yellow boat --wat")
    bar(page).press("Enter")
    expect(page.locator("#prompt-note")).to_contain_text("--wat is not a parameter")
    bar(page).fill(f"a yellow boat {QUICK}")
    bar(page).press("Enter")
    page.wait_for_url("**/create/")
    expect(page.locator("#jobs .job")).to_have_count(1)
    expect(bar(page)).to_have_value("")
    page.get_by_role("button", name="sister").click()
    page.get_by_role("link", name="Settings").click()
    expect(panel(page)).to_be_visible()

    small = phone.sign_up("mobile")
    bar(small).tap()
    bar(small).fill("a boat")
    open_panel(small)
    box = panel(small).bounding_box()
    assert box is not None
    assert box["width"] == 390
    assert box["height"] <= SHEET_HEIGHT * 844
    panel(small).get_by_role("radio", name="2:3").check(force=True)
    expect(bar(small)).to_have_value("a boat --ar 2:3")
    panel(small).get_by_role("button", name="Close").tap()
    expect(panel(small)).to_be_hidden()
    assert small.evaluate("document.documentElement.scrollWidth") <= 390


def test_styles_shorter_prompts_and_words_for_a_picture_are_a_press_away(guest):
    page = guest.sign_up("hilda")
    bar(page).fill("a red lighthouse by the sea at sunset")
    page.get_by_role("button", name="Styles").click()
    styles = page.get_by_role("dialog", name="Styles")
    styles.get_by_role("button", name="Watercolor").first.click()
    expect(styles).to_be_hidden()
    expect(bar(page)).to_have_value(re.compile(r"^a red lighthouse by the sea at sunset --style \w*watercolor"))
    page.get_by_role("button", name="Shorten").click()
    shorten = page.get_by_role("dialog", name="Shorten")
    expect(shorten.locator("[data-share]").first).to_be_visible(timeout=ANSWERED_MS)
    shorter = shorten.locator("[data-use]").last
    words = shorter.get_attribute("data-use")
    shorter.click()
    expect(bar(page)).to_have_value(words)
    page.get_by_role("button", name="Describe").click()
    describe = page.get_by_role("dialog", name="Describe a picture")
    describe.get_by_label("A picture").set_input_files([picture("white")])
    expect(describe.locator("[data-use]")).to_have_count(4, timeout=ANSWERED_MS)
    chosen = describe.locator("[data-use]").first
    words = chosen.get_attribute("data-use")
    chosen.click()
    expect(bar(page)).to_have_value(words)


def test_what_the_bar_opens_can_be_used_by_everybody(guests):
    guest = guests(reduced_motion="reduce", bypass_csp=True)  # axe writes styles, which the policy forbids
    page = guest.sign_up("helen")
    page.locator("#picture-file").set_input_files([picture()])
    expect(zones(page)).to_have_count(1)
    bar(page).press_sequentially("a boat --sty")
    expect(suggestions(page)).to_be_visible()
    accessible(page)
    bar(page).fill("a {red, blue} boat --quality .25")
    open_panel(page)
    accessible(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Add pictures").click()
    accessible(page)
    page.keyboard.press("Escape")
    for opened in ("Styles", "Describe"):
        page.get_by_role("button", name=opened, exact=True).click()
        expect(page.get_by_role("dialog", name=opened).locator("input").first).to_be_visible()
        accessible(page)
        page.keyboard.press("Escape")
    bar(page).press("Enter")
    expect(page.get_by_role("dialog", name="Make 2 jobs?")).to_be_visible()
    accessible(page)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Contact sheet").first.click()
    expect(page.get_by_role("heading", name="blue", exact=True)).to_be_visible()
    accessible(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    guest.open("/create/")
    let_go(page)
