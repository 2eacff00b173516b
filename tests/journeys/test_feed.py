"""The feed as people live with it: a first visit, two tabs, a lost line, failures, fast minutes, five thousand jobs."""

from __future__ import annotations

import base64
import json
import re
from typing import LiteralString
from urllib.parse import urljoin

import psycopg
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from mjweb.local.connections import recall_connections
from tests.generation.workers.watching import rows
from tests.journeys.conftest import PHONE, Guest
from tests.journeys.test_first_minute import AT_ONCE_MS, MADE_MS, bar, finished, imagine, let_go, newest, picture_id
from tests.runs import Product
from tests.shop import FAST_MINUTES, Shop

pytestmark = pytest.mark.journey

QUICK = "a red boat on the lake --q .25"
JOBS = 5_000
NEAR_THE_END = 4_850
DOWN_TO = 600
MOST_NODES = 15_000
MOST_CARDS = 200
MOST_MS_PER_JOB = 30

# As the rows of one finished grid, one every twenty minutes into the past.
MORE_JOBS: LiteralString = """
INSERT INTO generation_job
SELECT (jsonb_populate_record(job, jsonb_build_object(
         'id', (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || '70008000'
                || lpad(to_hex(n), 12, '0'))::uuid,
         'created_at', moment, 'finished_at', moment, 'prompt', 'boat number ' || n, 'idempotency_key', null))).*
  FROM generation_job AS job, generate_series(1, %s) AS n,
       LATERAL (SELECT job.created_at - n * interval '20 minutes') AS at (moment)
 WHERE job.id = %s
"""
# Private, or the sweep would fill Explore with them while others look for their own there.
MORE_IMAGES: LiteralString = """
INSERT INTO generation_image
SELECT (jsonb_populate_record(image, jsonb_build_object(
         'id', gen_random_uuid(), 'job_id', job.id, 'created_at', job.created_at, 'visibility', 'private'))).*
  FROM generation_image AS image, generation_job AS job
 WHERE image.job_id = %s AND job.prompt LIKE 'boat number %%' AND job.owner_id = image.owner_id
"""

# Scrolls down, as quickly as older jobs come, to this card or the very end; tells the most that the page ever held.
DOWNWARDS = """async (until) => {
  const most = { nodes: 0, cards: 0 };
  const jobs = document.getElementById("jobs");
  const rest = (ms) => new Promise((done) => setTimeout(done, ms));
  for (let still = 0; still < 100; ) {
    const before = document.documentElement.scrollHeight;
    scrollTo(0, before);
    await rest(60);
    most.nodes = Math.max(most.nodes, document.querySelectorAll("*").length);
    most.cards = Math.max(most.cards, jobs.querySelectorAll(".job").length);
    still = document.documentElement.scrollHeight === before ? still + 1 : 0;
    if (Number(jobs.lastElementChild.dataset.prompt?.match(/\\d+$/)) >= until) break;
    if (!document.querySelector("#more [data-more]") && still > 3) break;
  }
  return most;
}"""
# Goes up by less than a screen at a time: what was in sight must be where it was, moved by just that much.
UPWARDS = """async (steps) => {
  const rest = (ms) => new Promise((done) => setTimeout(done, ms));
  let worst = 0, blank = 0;
  for (let step = 0; step < steps; step += 1) {
    const card = [...document.querySelectorAll("#jobs .job")].find((one) => one.getBoundingClientRect().top > 0);
    if (!card) { blank += 1; scrollBy(0, -600); await rest(200); continue; }
    const from = card.getBoundingClientRect().top;
    scrollBy(0, -600);
    await rest(150);
    if (card.isConnected) worst = Math.max(worst, Math.abs(card.getBoundingClientRect().top - from - 600));
  }
  return { worst, blank };
}"""


def change(product: Product, query: LiteralString, *values: object) -> None:
    """Writes into the product's own database."""
    with psycopg.connect(recall_connections(product.data.root)["DATABASE_URL"]) as connection:
        connection.execute(query, values)


def post(page: Page, path: str, **form: str) -> None:
    """A press in some other place: a form of this person, without any of its pages open."""
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    page.request.post(urljoin(page.url, path), form=form, headers={"X-CSRFToken": token}, max_redirects=0)


def job_id(page: Page) -> str:
    return str(newest(page).get_attribute("data-job"))


def test_a_first_visit_is_one_press_from_pictures_and_every_key_is_listed(guest: Guest):
    page = guest.sign_up("joy")
    first = page.get_by_role("form", name="Ideas to begin with").get_by_role("button")
    expect(first).to_have_count(6)
    words = first.nth(1).inner_text()
    first.nth(1).click()
    expect(newest(page)).to_be_visible(timeout=AT_ONCE_MS)
    expect(first.first).to_be_hidden()
    expect(page.locator(".day")).to_have_text(re.compile(r"Today\s+1 job$"))
    finished(newest(page))
    assert newest(page).get_attribute("data-prompt") == words

    page.locator("body").click(position={"x": 5, "y": 5})
    page.keyboard.press("?")
    listed = page.get_by_role("dialog", name="Keyboard")
    expect(listed.get_by_role("button", name="Close")).to_be_focused()
    expect(listed).to_contain_text("Cancel the card in focus")
    page.keyboard.press("g")
    page.keyboard.press("h")  # they rest while the list is open
    page.wait_for_timeout(AT_ONCE_MS / 4)
    page.keyboard.press("Escape")
    expect(listed).to_be_hidden()
    page.keyboard.press("j")
    expect(newest(page)).to_be_focused()
    page.keyboard.press("r")
    expect(page.locator("#jobs .job")).to_have_count(2, timeout=AT_ONCE_MS)
    expect(page.locator(".day")).to_have_text(re.compile(r"Today\s+2 jobs$"))
    finished(newest(page))
    imagine(page, "a green dragon --q 4")  # long enough to be taken back
    page.locator("body").click(position={"x": 5, "y": 5})
    page.keyboard.press("j")
    expect(newest(page)).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("#jobs .job")).to_have_count(2, timeout=AT_ONCE_MS)
    expect(page.locator(".day")).to_have_text(re.compile(r"Today\s+2 jobs$"))
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url("**/help/")
    expect(page.locator("#keys")).to_contain_text("Cancel the card in focus")


def test_two_tabs_and_the_page_of_all_pictures_agree(guest: Guest):
    page = guest.sign_up("edna")
    other, pictures, elsewhere = (guest.context.new_page() for _ in range(3))
    other.goto(guest.url + "/create/")
    expect(other.get_by_text("Nothing made yet")).to_be_visible()
    pictures.goto(guest.url + "/my/images/")
    elsewhere.goto(guest.url + "/help/")

    card = imagine(page, QUICK)
    expect(other.locator("#jobs .job")).to_have_count(1, timeout=AT_ONCE_MS)
    finished(card)
    finished(newest(other))
    expect(pictures.locator("#pictures .tile")).to_have_count(4, timeout=MADE_MS)
    toast = elsewhere.locator(".toast")
    expect(toast).to_contain_text("Your pictures are ready.")
    expect(toast.get_by_role("link", name="Show")).to_have_attribute("href", "/create/")

    imagine(page, QUICK)
    expect(other.locator("#jobs .job")).to_have_count(2, timeout=AT_ONCE_MS)
    finished(newest(page))
    expect(pictures.locator("#pictures .tile")).to_have_count(8, timeout=MADE_MS)
    first = newest(page).locator(".sheet a").first.get_attribute("href")
    expect(pictures.locator("#pictures .tile a").first).to_have_attribute("href", str(first))

    newest(page).locator("li").nth(1).hover()
    newest(page).get_by_role("button", name="Make picture 2 private").click()
    expect(newest(other).get_by_role("button", name="Publish picture 2")).to_have_count(1)
    post(page, f"/images/{picture_id(str(first))}/trash/")
    expect(newest(page).locator(".sheet img")).to_have_count(3)
    expect(newest(other).locator(".sheet img")).to_have_count(3)
    expect(pictures.locator("#pictures .tile:visible")).to_have_count(7)

    slow = imagine(page, "a green boat on the lake --q 4", key="Enter")
    there = other.locator(f"#{slow.get_attribute('id')}")
    expect(there).to_be_visible(timeout=AT_ONCE_MS)
    there.get_by_role("button", name="Cancel this job").click()
    expect(slow).to_have_count(0, timeout=AT_ONCE_MS)
    expect(page.locator(".day")).to_have_text(re.compile(r"Today\s+2 jobs$"))


def test_what_was_made_while_the_line_was_down_is_there_when_it_is_back(guest: Guest):
    line = {"up": True, "sockets": []}

    def through(socket):
        if not line["up"]:
            return socket.close()
        socket.connect_to_server()
        return line["sockets"].append(socket)

    guest.page.route_web_socket("**/ws/", through)
    page = guest.sign_up("irene")
    kept = finished(imagine(page, QUICK))
    gone = imagine(page, "a green boat on the lake --q 4")
    line["up"] = False
    line["sockets"][-1].close()
    other = guest.context.new_page()
    other.goto(guest.url + "/create/")
    there = other.locator(f"#{gone.get_attribute('id')}")
    there.get_by_role("button", name="Cancel this job").click()
    expect(there).to_have_count(0)
    made = finished(imagine(other, QUICK))
    line["up"] = True
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(f"#{made.get_attribute('id')}")).to_have_attribute("data-state", "succeeded")
    expect(gone).to_have_count(0)
    expect(kept).to_be_visible()
    assert newest(page).get_attribute("id") == made.get_attribute("id")


def test_what_failed_is_tried_again_or_taken_back_into_the_bar(guest: Guest, product: Product):
    page = guest.sign_up("cecilia")
    finished(imagine(page, QUICK))
    failed = "UPDATE generation_job SET state = 'failed', error_sentence = %s WHERE id = %s"
    change(product, failed, "The GPU ran out of memory.", job_id(page))
    page.reload()
    card = page.locator(f"#{newest(page).get_attribute('id')}")
    expect(card).to_contain_text("The GPU ran out of memory. It cost nothing.")
    card.get_by_role("link", name="Edit prompt").click()
    expect(bar(page)).to_have_value(QUICK)
    bar(page).fill("")
    card.get_by_role("button", name="Try again").click()
    expect(page.locator("#jobs .job")).to_have_count(2, timeout=AT_ONCE_MS)
    finished(newest(page))
    card.get_by_role("button", name="Try again").click()  # pressed again it is the same job
    expect(page.locator("#jobs .job")).to_have_count(2)


def test_the_jobs_of_one_prompt_stay_together_under_it(guest: Guest):
    page = guest.sign_up("lina")
    imagine(page, QUICK)
    post(page, "/jobs/", prompt="a {red, blue} boat --q .25")
    expect(page.locator("#jobs .job")).to_have_count(3, timeout=AT_ONCE_MS)
    imagine(page, QUICK)
    order = "all => all.map((one) => one.matches('.job') ? 'job' : one.className)"
    together = ["day", "job", "row-end", "set", "job", "job", "row-end", "set-end", "job"]
    assert page.locator("#jobs > *").evaluate_all(order) == together
    heading = page.locator("#jobs .set")
    expect(heading).to_contain_text("a {red, blue} boat --q .25")
    expect(heading).to_contain_text("2 jobs")
    page.reload()
    expect(page.locator("#jobs .job")).to_have_count(4)
    assert page.locator("#jobs > *").evaluate_all(order) == together
    let_go(page)


def cursor_at(product: Product, prompt: str) -> str:
    """The address of the feed from this job on."""
    [row] = rows(product, "SELECT id, created_at FROM generation_job WHERE prompt = %s", prompt)
    key = json.dumps([row["created_at"].isoformat(), str(row["id"])]).encode()
    return "/create/?cursor=" + base64.urlsafe_b64encode(key).decode().rstrip("=")


def boat(card: Locator) -> int:
    return int(str(card.get_attribute("data-prompt")).rpartition(" ")[2])


def test_five_thousand_jobs_scroll_smoothly_and_the_page_stays_small(guest: Guest, product: Product):
    page = guest.sign_up("agnes")
    finished(imagine(page, QUICK))
    made = job_id(page)
    change(product, MORE_JOBS, JOBS, made)
    change(product, MORE_IMAGES, made)
    clock = page.context.new_cdp_session(page)
    clock.send("Performance.enable", {"timeDomain": "threadTicks"})  # of the processor: others use it too

    def busy_s() -> float:
        return next(
            one["value"] for one in clock.send("Performance.getMetrics")["metrics"] if one["name"] == "TaskDuration"
        )

    for path, begin, until in (
        (cursor_at(product, f"boat number {NEAR_THE_END}"), NEAR_THE_END, JOBS),
        ("/create/", 0, DOWN_TO),
    ):
        guest.open(path)
        before_s = busy_s()
        most = page.evaluate(DOWNWARDS, until)
        reached = boat(page.locator("#jobs .job").last)
        assert reached >= until
        assert most["cards"] <= MOST_CARDS, most
        assert most["nodes"] <= MOST_NODES, most
        assert 1000 * (busy_s() - before_s) / (reached - begin) <= MOST_MS_PER_JOB
    back = page.evaluate(UPWARDS, 25)
    assert back["worst"] <= 2, back
    assert back["blank"] == 0, back

    held = page.locator("#jobs .job").last.get_attribute("id")
    page.locator(f"#{held}").focus()
    page.evaluate("scrollTo(0, 0)")
    expect(page.locator(f"#job-{made}")).to_be_in_viewport()
    expect(page.locator(f"#{held}")).to_be_focused()  # what has the focus is never put away
    bar(page).fill("a blue boat on the lake --q .25")
    bar(page).press("Enter")  # what is far down may be put away now: the number of cards says nothing
    expect(newest(page)).to_contain_text("a blue boat on the lake")
    expect(page.locator("#jobs > :first-child")).to_contain_text("Today")
    finished(newest(page))
    page.locator("body").click(position={"x": 5, "y": 5})
    page.keyboard.press("j")
    for _ in range(60):  # every card on the way down is there
        page.keyboard.press("j")
    expect(page.locator("#jobs .job:focus")).to_contain_text("boat number 59")
    assert page.locator("#jobs .job").count() <= MOST_CARDS


def test_fast_minutes_are_told_and_what_comes_after_them(browser: Browser, shop: Shop):
    product = shop.product
    guest = Guest(browser.new_context(viewport={"width": 1280, "height": 800}), product.url)
    page = guest.sign_up("ottilie")
    line = page.locator(".lane-line")
    expect(line).to_contain_text(f"Fast: {FAST_MINUTES} of {FAST_MINUTES} min left, renews 1 ")
    finished(imagine(page, QUICK))
    used_ms = 60_000 * FAST_MINUTES - 1
    change(product, "UPDATE generation_job SET engine_ms = %s WHERE id = %s", used_ms, job_id(page))
    page.reload()
    expect(page.locator(".nav .lane")).to_contain_text(f"0.1 of {FAST_MINUTES} min")
    finished(imagine(page, "a green boat --q .25"))
    expect(line).to_contain_text("What you ask for now waits in the relaxed lane")  # without a reload
    expect(page.locator(".nav .lane")).to_contain_text("Used up until 1 ")
    card = imagine(page, QUICK)
    expect(card).to_contain_text("so this waits in the relaxed lane")
    finished(card)
    bar(page).fill("a {red, blue} boat")
    bar(page).press("Enter")
    page.get_by_role("button", name="Make 2 jobs").click()
    expect(page.locator("#prompt-note")).to_contain_text("the relaxed lane makes one job of a prompt. Ask for one.")
    page.set_viewport_size(PHONE["viewport"])
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
    guest.context.close()
    guest.complaints = [said for said in guest.complaints if "429" not in said and "htmx:" not in said]
    guest.is_content()
