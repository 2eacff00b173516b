"""Every page as a screen reader and a small screen meet it, and what a person is told when something gives way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from scripts.ensure_browser import find_axe
from tests.journeys.conftest import PASSWORD, PHONE
from tests.journeys.test_first_minute import CORNER, bar, finished, imagine, newest

pytestmark = pytest.mark.journey

AT_THE_DOOR = (
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/",
    "/?feed=top&within=day",
    "/styles/",
    "/help/",
)
INSIDE = (
    "/create/", "/my/images/", "/", "/?feed=likes", "/styles/watercolor/", "/help/", "/accounts/password/change/",
)  # fmt: skip
NARROWEST_PX = 320
SPOKEN_MS = 12_000  # one message in two seconds

# What must hold with or without axe: one h1, one main, a name on everything that can be pressed or filled.
BASICS = """() => {
  const shown = (part) => part.checkVisibility({ visibilityProperty: true, opacityProperty: false });
  const named = (part) => part.getAttribute("aria-label") || part.labels?.length || part.textContent.trim() ||
    part.title || part.querySelector("img[alt]:not([alt=''])");
  const pressable = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), textarea, select")];
  return {
    h1: document.querySelectorAll("h1").length,
    main: document.querySelectorAll("main").length,
    nameless: pressable.filter((part) => shown(part) && !named(part)).map((part) => part.outerHTML),
    silent: [...document.querySelectorAll("img:not([alt])")].map((part) => part.outerHTML),
    doubled: [...document.querySelectorAll("[id]")].map((part) => part.id).filter((id, at, all) => all.indexOf(id) !== at),
    language: document.documentElement.lang,
  };
}"""  # noqa: E501 - one statement of JavaScript

AXE = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await axe.run(document, { runOnly: tags, resultTypes: ["violations"], preload: false });
  document.documentElement.dataset.theme = "light";
  const light = await axe.run(document, { runOnly: { type: "rule", values: ["color-contrast"] }, preload: false });
  document.documentElement.dataset.theme = "dark";
  const told = (nodes) => nodes.map((node) => node.html.slice(0, 160)).join(" | ");
  return [...violations, ...light.violations].map(({ id, nodes }) => `${id}: ${told(nodes)}`);
}"""


def accessible(page: Page) -> None:
    assert page.evaluate(BASICS) == {
        "h1": 1, "main": 1, "nameless": [], "silent": [], "doubled": [], "language": "en",
    }, page.url  # fmt: skip
    if script := find_axe():
        page.evaluate(script.read_text())
        assert page.evaluate(AXE) == [], page.url


def test_every_page_can_be_used_by_everybody(guests):
    # Colors are measured at once, since nothing fades; axe writes styles, which the policy forbids everybody else.
    guest = guests(reduced_motion="reduce", bypass_csp=True)
    page = guest.sign_up("rosa")
    accessible(page)  # pages as they open: test_looks.py; here what a person does to them
    imagine(page, "a teal boat on the lake --q .25")
    finished(newest(page)).hover()
    guest.open("/create/")
    bar(page).fill("a boat --ar 3:2 --choas 10")
    expect(page.locator("#prompt-note")).to_contain_text("--choas")
    accessible(page)
    page.get_by_role("button", name="rosa").click()
    accessible(page)
    page.keyboard.press("Escape")
    newest(page).locator(".sheet a").first.click(position=CORNER)
    page.wait_for_url("**/images/**")
    accessible(page)
    page.set_viewport_size(PHONE["viewport"])
    accessible(page)
    accessible(guest.open("/create/"))
    page.set_viewport_size({"width": NARROWEST_PX, "height": 640})
    for path in INSIDE:
        guest.open(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST_PX, path


def test_a_wrong_sign_in_is_told_beside_the_field_and_the_name_is_kept(guest):
    page = guest.sign_up("barbara")
    page.get_by_role("button", name="barbara").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(guest.url + "/")
    guest.open("/my/images/")
    page.get_by_label("Name or email").fill("barbara")
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Password")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Name or email")).to_have_value("barbara")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/my/images/")


def test_the_end_of_a_session_is_told_and_the_words_are_kept(guest):
    page = guest.sign_up("dorothy")
    session = [cookie for cookie in guest.context.cookies() if cookie["name"] == "sessionid"]
    assert session
    guest.context.clear_cookies(name="sessionid")
    bar(page).fill("a white bird over the sea")
    expect(page.get_by_text("You were signed out. What you typed is kept.")).to_be_visible()
    bar(page).press("Enter")
    page.wait_for_url("**/accounts/login/**")
    page.get_by_label("Name or email").fill("dorothy")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/create/")
    expect(bar(page)).to_have_value("a white bird over the sea")


def test_a_lost_line_and_a_fault_of_the_server_are_sentences(guest):
    page = guest.sign_up("annie")
    card = finished(imagine(page, "a black cat, ink --q .25"))
    fault = "<!doctype html><html><body><h1>This did not work</h1></body></html>"
    page.route("**/reroll/", lambda route: route.fulfill(status=500, content_type="text/html", body=fault))
    card.get_by_role("button", name="Run again with a new seed").click()
    toast = page.locator(".toast")
    expect(toast).to_contain_text("The server did not answer as it should.")
    toast.get_by_role("button", name="Close").click()
    expect(toast).to_have_count(0)
    page.route("**/reroll/", lambda route: route.abort())
    card.get_by_role("button", name="Run again with a new seed").click()
    expect(toast).to_contain_text("No connection. Try again when the line is back.")
    page.route("**/jobs/", lambda route: route.abort())
    bar(page).fill("a black cat on the meadow")
    bar(page).press("Enter")
    expect(page.locator("#assertive")).to_contain_text("The words are kept", timeout=SPOKEN_MS)
    expect(bar(page)).to_have_value("a black cat on the meadow")
    page.unroute_all()
    guest.complaints = [said for said in guest.complaints if not re.search(r"500|ERR_FAILED|htmx:", said)]
