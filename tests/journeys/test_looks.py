"""Every page in every look: dark, light, both with more contrast, at a desk and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from scripts.ensure_browser import find_axe
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.test_first_minute import finished, imagine, newest, picture_id
from tests.journeys.test_pages import AT_THE_DOOR, BASICS

pytestmark = pytest.mark.journey

# Colors are looked at in every look, what else shuts people out once per size.
AXE = """async () => {
  const root = document.documentElement;
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const rule = (name) => ({ type: "rule", values: [name] });
  const found = [];
  for (const [theme, contrast] of [["dark", "auto"], ["light", "auto"], ["dark", "more"], ["light", "more"]]) {
    Object.assign(root.dataset, { theme, contrast });
    const colors = rule(contrast === "more" ? "color-contrast-enhanced" : "color-contrast"); // 7:1, 4.5:1
    const runOnly = theme === "dark" && contrast === "auto" ? tags : colors;
    const { violations } = await axe.run(document, { runOnly, resultTypes: ["violations"], preload: false });
    for (const { id, nodes } of violations)
      found.push(`${theme} ${contrast} ${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
  }
  return found;
}"""


def sound(page: Page) -> list[str]:
    """What shuts people out of this page, at a desk and on a phone."""
    found = []
    page.evaluate(find_axe().read_text())
    for name, size in (("desk", DESKTOP), ("phone", PHONE["viewport"])):
        page.set_viewport_size(size)
        found += [f"{page.url} {name} {fault}" for fault in page.evaluate(AXE)]
    assert page.evaluate(BASICS)["nameless"] == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"], page.url
    return found


def addresses_inside(page: Page, name: str) -> list[str]:
    """Every page that a person has who made one grid and one set of two jobs."""
    imagine(page, "a teal boat on the lake --q .25")
    image = picture_id(finished(newest(page)).locator(".sheet a").first.get_attribute("href"))
    return [
        "/create/", "/my/images/", "/my/images/?q=is:trashed", "/my/images/?q=nothing", f"/people/{name}/",
        f"/images/{image}/", f"/images/{image}/edit/", "/help/", "/accounts/password/change/", "/accounts/logout/",
        f"/people/{name}/spotlight/", f"/people/{name}/followers/", "/my/page/", "/my/people/", "/my/export/",
        "/my/account/delete/", "/notifications/", "/notifications/choices/", "/nowhere/",
    ]  # fmt: skip


@pytest.mark.timeout(400)
def test_every_page_in_every_look_is_for_everybody(guests):
    if find_axe() is None:
        pytest.skip("NO AXE: the looks were not checked. `make test` installs it where npm is.")
    # Colors are measured at once, since nothing fades; axe writes styles, which the policy forbids everybody else.
    guest = guests(reduced_motion="reduce", bypass_csp=True)
    faults = [fault for path in AT_THE_DOOR for fault in sound(guest.open(path))]
    page = guest.sign_up("nettie")
    for path in addresses_inside(page, "nettie"):
        faults += sound(guest.open(path))
    guest.complaints = [said for said in guest.complaints if "404" not in said]  # /nowhere/
    assert faults == []


def test_contrast_is_chosen_or_wished_and_kept(guests):
    guest = guests()
    page = guest.open("/")
    ground = "getComputedStyle(document.body).backgroundColor"
    usual = page.evaluate(ground)
    switch = page.get_by_role("switch", name="High contrast")
    switch.check()
    strong = page.evaluate(ground)
    assert strong != usual
    page.reload()
    assert page.evaluate(ground) == strong
    expect(switch).to_be_checked()
    page.get_by_role("radio", name="Light").check(force=True)
    expect(page.locator("meta[name=theme-color][media=all]")).to_have_attribute("data-scheme", "light")
    page.get_by_role("radio", name="Dark").check(force=True)

    page.emulate_media(contrast="more")
    switch.uncheck()
    assert page.evaluate(ground) == usual
    page.reload()
    assert page.evaluate(ground) == usual
    switch.check()  # the same as the system's wish: from now on it is followed
    page.reload()
    assert page.evaluate(ground) == strong
    expect(switch).to_be_checked()
    page.emulate_media(contrast="no-preference")
    assert page.evaluate(ground) == usual


def test_forced_colors_leave_what_only_a_background_told(guests):
    page = guests(forced_colors="active").open("/")
    look = "(part, what) => getComputedStyle(part)[what]"
    shown = [label.evaluate(look, "backgroundColor") for label in page.locator("[data-theme-choice] span").all()]
    assert len(set(shown)) == 2  # the chosen one, and the others
    switch = page.get_by_role("switch", name="High contrast")
    knob = "part => getComputedStyle(part, '::after').backgroundColor"
    assert switch.evaluate(knob) != page.locator("body").evaluate(look, "backgroundColor")
    here = page.locator(".nav__link[aria-current]:visible")
    assert here.evaluate(look, "textDecorationLine") == "underline"


def test_a_second_tap_on_you_closes_the_menu(guests):
    phone = guests(**PHONE)
    phone.sign_up("wanda")
    you = phone.page.get_by_role("button", name="You")
    menu = phone.page.locator("#account-menu")
    you.tap()
    expect(menu).to_be_visible()
    you.tap()
    expect(menu).to_be_hidden()


def test_the_browser_takes_the_manifest(guest):
    page = guest.open("/")
    told = page.context.new_cdp_session(page).send("Page.getAppManifest")
    assert told["url"].endswith("/manifest.webmanifest")
    assert told["errors"] == []
