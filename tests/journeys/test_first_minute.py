"""What people do in their first minutes, on the product as `make run` starts it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.journey

LIGHTHOUSE = "a red lighthouse by the sea at sunset, watercolor"
SLOWLY = f"{LIGHTHOUSE} --quality 2"  # long enough for a second preview on any machine
LONG = "a red boat on the lake --q 2"
AT_ONCE_MS = 5_000  # on a machine that also runs the other tests; `bench/latency.py` measures it
CORNER = {"x": 4, "y": 4}  # of a picture: its tools lie in another one
MADE_MS = 60_000

# Notes everything that the newest card goes through from now on: nothing is missed between two looks.
WATCH = """() => {
  window.seen = { states: [], steps: [], percents: [], previews: [], drawn: false };
  const put = (list, value) => value != null && list.at(-1) !== value && list.push(value);
  const look = () => {
    const card = document.querySelector("#jobs .job");
    if (!card) return;
    const number = (name, pattern) => card.querySelector(`[data-live="${name}"]`)?.textContent.match(pattern)?.[1];
    const picture = card.querySelector(".sheet__live img:last-of-type");
    put(seen.states, card.dataset.state);
    put(seen.steps, number("sentence", /Step (\\d+) of/));
    put(seen.percents, number("percent", /(\\d+) %/));
    put(seen.previews, picture?.src);
    seen.drawn ||= picture?.naturalWidth > 0;
  };
  const all = { subtree: true, childList: true, attributes: true, characterData: true };
  new MutationObserver(look).observe(document.getElementById("jobs"), all);
}"""

DRAWN = "card => [...card.querySelectorAll('.sheet img')].every(img => img.complete && img.naturalWidth > 0)"


def bar(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Prompt")


def newest(page: Page) -> Locator:
    return page.locator("#jobs .job").first


def imagine(page: Page, words: str, *, key: str = "Enter") -> Locator:
    """The card of these words: it is there as soon as they are sent."""
    before = page.locator("#jobs .job").count()
    bar(page).fill(words)
    bar(page).press(key)
    expect(page.locator("#jobs .job")).to_have_count(before + 1, timeout=AT_ONCE_MS)
    return page.locator(f"#{newest(page).get_attribute('id')}")


def finished(card: Locator, pictures: int = 4) -> Locator:
    expect(card).to_have_attribute("data-state", "succeeded", timeout=MADE_MS)
    expect(card.locator(".sheet img")).to_have_count(pictures)
    card.scroll_into_view_if_needed()
    card.page.wait_for_function(DRAWN, arg=card.element_handle())
    return card


def step(card: Locator) -> int:
    found = re.search(r"Step (\d+) of", card.locator("[data-live=sentence]").inner_text())
    return int(found[1]) if found else 0


def mid_grid(card: Locator) -> int:
    """Waits until the card is some way into its grid; the step it shows then."""
    expect(card).to_have_attribute("data-state", "running", timeout=MADE_MS)
    expect(card.locator("[data-live=sentence]")).to_have_text(re.compile(r"Step ([2-9]|\d\d) of"), timeout=MADE_MS)
    return step(card)


def busy(page: Page, jobs: int = 2) -> Locator:
    """Work for a few seconds: the first of several cards that are made at the same time."""
    card = imagine(page, LONG, key="Control+Enter")
    for _ in range(jobs - 1):
        imagine(page, LONG, key="Control+Enter")
    bar(page).fill("")
    return card


def let_go(page: Page) -> None:
    """Cancels what is still being made, so that nobody after this one waits for it."""
    page.locator(".sheet__stop").evaluate_all("all => all.forEach((button) => button.click())")
    expect(page.locator(".sheet__stop")).to_have_count(0)


def picture_id(address: str) -> str:
    found = re.search(r"[0-9a-f-]{36}", address)
    assert found, address
    return found[0]


def test_one_persons_picture_becomes_another_persons_remix(guest, guests):
    page = guest.sign_up("ada")
    page.evaluate(WATCH)
    card = imagine(page, SLOWLY)
    expect(card.get_by_text(LIGHTHOUSE)).to_be_visible()
    expect(card.locator(".sheet > ul > li")).to_have_count(4)
    expect(page.locator("#alive")).to_be_visible()
    finished(card)
    seen = page.evaluate("seen")
    steps, percents = [list(map(int, seen[name])) for name in ("steps", "percents")]
    assert seen["states"][-1] == "succeeded"
    assert "running" in seen["states"]
    assert len(steps) >= 3
    assert steps == sorted(steps)
    assert percents == sorted(percents)
    assert 0 < percents[-1] <= 100
    assert seen["drawn"]
    assert len(set(seen["previews"])) >= 2
    expect(page.locator("#alive")).to_be_hidden()
    expect(bar(page)).to_have_value("")

    card.hover()
    card.get_by_role("group", name="Upscale").get_by_role("button", name="Upscale picture 2").click()
    larger = page.locator("#jobs .job[data-pictures='1']")
    expect(larger).to_be_visible(timeout=AT_ONCE_MS)
    finished(larger, pictures=1).locator(".sheet a").click()
    expect(page.locator(".facts")).to_contain_text("256 × 256 px")  # noqa: RUF001 - the sign between two sizes
    expect(page.locator(".lineage [aria-current]")).to_contain_text("Upscale 2×, picture 2")  # noqa: RUF001

    page.get_by_role("group", name="Vary").get_by_role("button", name="Strong").click()
    page.locator(".toast").get_by_role("link", name="Show").click()
    page.wait_for_url("**/create/")
    varied = finished(newest(page))
    expect(varied.locator(".job__meta")).to_contain_text("varied")
    source = picture_id(card.locator(".sheet a").first.get_attribute("href"))

    other = guests()
    there = other.sign_up("grace")
    other.open("/")
    tile = there.locator(f"#image-{source}")
    expect(tile.get_by_role("img", name=LIGHTHOUSE)).to_be_visible()
    tile.get_by_role("link").first.click()
    expect(there.locator(".who")).to_contain_text("ada")
    there.get_by_role("link", name="Remix").click()
    expect(bar(there)).to_have_value(SLOWLY)
    expect(there.locator("#remix")).to_contain_text("ada’s picture")  # noqa: RUF001
    remix = finished(imagine(there, LIGHTHOUSE.replace("red", "blue")))
    remix.locator(".sheet a").first.click(position=CORNER)
    lineage = there.get_by_role("navigation", name="Lineage")
    expect(lineage.locator("ins").first).to_contain_text("blue")
    lineage.locator(f"a[href*='{source}']").click()
    expect(there.locator(".who")).to_contain_text("ada")
    expect(lineage.get_by_role("link", name="This picture")).to_be_visible()


def test_a_reload_in_mid_grid_shows_how_far_it_is_and_goes_on(guest):
    page = guest.sign_up("joan")
    card = busy(page)
    before = mid_grid(card)
    page.reload()
    expect(page.locator("#jobs .job")).to_have_count(2)
    assert card.get_attribute("data-state") != "queued"
    assert card.get_attribute("data-state") != "running" or step(card) >= before
    expect(card.locator(".sheet__live img, .sheet li img").first).to_be_visible()
    finished(card)


def test_a_lost_line_in_mid_grid_is_told_and_made_up_for(guest):
    line = {"up": True, "sockets": []}

    def through(socket):
        if not line["up"]:
            return socket.close()
        socket.connect_to_server()
        return line["sockets"].append(socket)

    guest.page.route_web_socket("**/ws/", through)
    page = guest.sign_up("mary")
    card = busy(page)
    mid_grid(card)
    line["up"] = False
    line["sockets"][-1].close()
    expect(page.get_by_text("No connection. Your jobs go on")).to_be_visible(timeout=MADE_MS)
    assert card.get_attribute("data-state") == "running"
    line["up"] = True
    page.evaluate("dispatchEvent(new Event('online'))")
    finished(card)
    expect(page.get_by_text("No connection. Your jobs go on")).to_be_hidden()


def test_a_canceled_card_goes_away_and_makes_no_picture(guest):
    page = guest.sign_up("edith")
    card = imagine(page, LONG)
    mid_grid(card)
    card.get_by_role("button", name="Cancel this job").click()
    expect(card).to_have_count(0, timeout=AT_ONCE_MS)
    expect(page.locator("#polite")).to_have_text("Canceled", timeout=5 * AT_ONCE_MS)
    expect(bar(page)).to_be_focused()
    expect(page.locator("#alive")).to_be_hidden()
    page.reload()
    expect(page.get_by_text("Nothing made yet")).to_be_visible()


def test_a_wrong_parameter_is_marked_where_it_stands_and_mended_with_a_press(guest):
    page = guest.sign_up("hedy")
    bar(page).fill("a red boat --stylise 250")
    mark = page.locator(".imagine__ink mark[data-kind=error]")
    expect(mark).to_have_text(re.compile(r"^--stylise"))
    note = page.locator("#prompt-note")
    expect(note).to_contain_text("--stylise is not a parameter. Did you mean --stylize?")
    expect(bar(page)).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("button", name="Imagine")).to_have_attribute("aria-disabled", "true")

    bar(page).press("Enter")
    expect(bar(page)).to_have_value("a red boat --stylise 250")
    expect(page.locator("#jobs .job")).to_have_count(0)
    assert page.evaluate("getSelection().toString()").startswith("--stylise")
    assert page.evaluate("document.activeElement.id") == "prompt"

    note.get_by_role("button").click()
    expect(bar(page)).to_have_value("a red boat --stylize 250")
    expect(mark).to_have_count(0)
    bar(page).press("Enter")
    expect(newest(page)).to_be_visible(timeout=AT_ONCE_MS)
    let_go(page)


def test_the_ink_lies_exactly_under_the_words(guest):
    page = guest.sign_up("lise")
    compare = """() => {
      const [field, ink] = [document.querySelector("#prompt"), document.querySelector(".imagine__ink")];
      const told = (part) => {
        const box = part.getBoundingClientRect();
        const style = getComputedStyle(part);
        const named = ["font", "letterSpacing", "wordSpacing", "padding", "whiteSpaceCollapse", "textWrapMode",
          "overflowWrap", "wordBreak", "lineHeight", "textIndent", "tabSize", "textTransform", "direction"];
        return [box.x, box.y, box.width, box.height, part.scrollHeight, part.scrollTop, ...named.map((n) => style[n])];
      };
      return [told(field), told(ink)];
    }"""
    for words in ("", "a boat --ar 3:2", f"{LIGHTHOUSE}, " * 9 + "--ar 3:2", "boats\n" * 20 + "--s 100 --ar 16:9"):
        bar(page).fill(words)
        page.wait_for_timeout(250)
        field, ink = page.evaluate(compare)
        assert field == ink


def test_what_the_words_say_stands_below_them_and_moves_nothing(guest):
    page = guest.sign_up("mileva")
    said, whole = page.locator("#prompt-said"), page.locator("#imagine")
    bar(page).press_sequentially("a boat")
    expect(said).to_contain_text("tokens 2 of")
    height = whole.bounding_box()["height"]
    bar(page).press_sequentially("::2 rain::1 --chaos 10 --weird 20 --tile")
    expect(said).to_contain_text("tile")
    assert whole.bounding_box()["height"] == height
    said.get_by_role("button", name="chaos 10").click()
    page.keyboard.type("30")
    expect(bar(page)).to_have_value("a boat::2 rain::1 --chaos 30 --weird 20 --tile")
    expect(said).to_contain_text("chaos 30")
    said.get_by_role("button", name="tile").click()
    expect(said).not_to_contain_text("tile")
    assert whole.bounding_box()["height"] == height


def test_all_of_it_with_keys_alone(guest):
    page = guest.sign_up("radia")
    page.keyboard.type("a green tree in the meadow, pastel")
    page.keyboard.press("Enter")
    expect(newest(page)).to_be_visible(timeout=AT_ONCE_MS)
    finished(newest(page))
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(newest(page)).to_be_focused()
    page.keyboard.press("u")
    page.keyboard.press("1")
    expect(page.locator("#jobs .job")).to_have_count(2, timeout=AT_ONCE_MS)
    page.keyboard.press("v")
    page.keyboard.press("2")
    expect(page.locator("#jobs .job")).to_have_count(3, timeout=AT_ONCE_MS)
    page.keyboard.press("k")
    expect(page.locator("#jobs .job").nth(1)).to_be_focused()
    finished(page.locator("#jobs .job").nth(0))
    finished(page.locator("#jobs .job").nth(1), pictures=1)
    page.keyboard.press("j")
    page.keyboard.press("p")
    expect(bar(page)).to_have_value("a green tree in the meadow, pastel")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(newest(page)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/images/**")
    first = page.url
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda url: "/images/" in url and url != first)
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(first)
    page.keyboard.press("Escape")
    page.wait_for_url("**/create/")
    expect(page.locator("#jobs .job")).to_have_count(3)
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("e")
    expect(page).to_have_title(re.compile(r"Explore · mjweb$"))


def test_the_main_way_on_a_phone(phone):
    page = phone.sign_up("katherine")
    bar(page).tap()
    bar(page).press_sequentially("a purple castle in the mountains")
    page.get_by_role("button", name="Imagine").tap()
    card = newest(page)
    expect(card).to_be_visible(timeout=AT_ONCE_MS)
    expect(page.locator("#imagine")).not_to_have_attribute("data-open", "")
    finished(card)
    card.locator(".sheet a").nth(1).tap()
    page.get_by_role("toolbar").get_by_role("button", name="Upscale").tap()
    page.locator(".toast").get_by_role("link", name="Show").tap()
    page.wait_for_url("**/create/")
    finished(newest(page), pictures=1).locator(".sheet a").tap()
    page.get_by_role("toolbar").get_by_role("link", name="Remix").tap()
    expect(bar(page)).to_have_value("a purple castle in the mountains")
    expect(page.locator("#remix")).to_be_visible()
    for path in ("/create/", "/", "/my/images/", "/help/"):
        phone.open(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
