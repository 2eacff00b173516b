"""What prompts mean, seen: the pictures of Help, and the styles as the imagine bar opens them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import SLOWEST_MS
from tests.journeys.test_pages import accessible

pytestmark = pytest.mark.journey

DRAWN = "images => images.length > 0 && images.every(img => img.complete && img.naturalWidth > 0)"
MOVED = """() => {
  window.moved = 0;
  const add = (list) => list.getEntries().forEach((entry) => (window.moved += entry.value));
  new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
}"""


def drawn(page: Page, where: str) -> None:
    """Waits until every picture there has come."""
    page.locator(where).scroll_into_view_if_needed()
    images = page.locator(f"{where} img")
    expect(images.first).to_be_visible()
    page.wait_for_function(
        f"() => ({DRAWN})([...document.querySelectorAll({where!r} + ' img')])",
    )


def test_help_shows_what_parameters_and_styles_do(guest):
    page = guest.open("/help/")
    page.evaluate(MOVED)
    drawn(page, "#chaos")
    captions = page.locator("#chaos figcaption")
    expect(captions).to_have_text(["--chaos 0", "--chaos 40", "--chaos 100"])
    drawn(page, "#ar")
    shapes = page.locator("#ar img").evaluate_all("all => all.map(({ width, height }) => width / height)")
    assert shapes == sorted(shapes)
    assert shapes[0] < 1 < shapes[-1]
    drawn(page, "#style-watercolor")
    expect(page.locator("#style-watercolor figcaption")).to_have_text(["before", "after"])
    assert page.evaluate("moved") == 0
    page.locator("#style-watercolor").get_by_role("link", name="Use watercolor").click()
    page.wait_for_url("**/accounts/login/**watercolor**")


def test_a_style_is_found_by_its_name(guests):
    guest = guests(reduced_motion="reduce", bypass_csp=True)  # axe writes styles
    page = guest.open("/help/")
    page.evaluate("htmx.ajax('GET', '/prompts/styles/', { target: '#keys', swap: 'innerHTML' })")
    expect(page.locator("[data-style]").first).to_be_visible(timeout=SLOWEST_MS)
    accessible(page)
    everything = page.locator("[data-style]").count()
    search = page.get_by_role("searchbox", name="Search styles")
    search.press_sequentially("watercol")
    expect(page.locator("#styles-said")).not_to_have_text(f"{everything} styles", timeout=SLOWEST_MS)
    watercolor = page.get_by_role("button", name="Watercolor", exact=True)
    expect(watercolor).to_have_attribute("data-style", "watercolor")
    assert page.locator("[data-style]").count() < everything / 10
    drawn(page, "#styles-found")
    expect(search).to_be_focused()
    expect(search).to_have_value("watercol")
    search.fill("upholstery")
    expect(page.locator("#styles-said")).to_have_text("Nothing matches “upholstery”", timeout=SLOWEST_MS)
    expect(page.locator("[data-style]")).to_have_count(0)
    search.press("Enter")  # searches, and does not leave the page
    expect(page.locator("#styles-said")).to_have_text("Nothing matches “upholstery”")
    assert page.url.endswith("/help/")
