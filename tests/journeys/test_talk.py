"""People talk about a picture, share it, and keep its words."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.test_first_minute import CORNER, finished, imagine, picture_id
from tests.journeys.test_pages import accessible

pytestmark = pytest.mark.journey

WORDS = "a green lighthouse on the beach, woodcut --q .25"


def talk(page: Page) -> Locator:
    """The comments, which come when they are looked at."""
    page.locator("#talk").scroll_into_view_if_needed()
    expect(page.locator("#talk-form")).to_be_visible()
    return page.locator("#talk")


def post(page: Page, words: str) -> Locator:
    talk(page).get_by_label("Your comment").fill(words)
    page.get_by_role("button", name="Post", exact=True).click()
    comment = page.locator("#talk-fresh .comment").last
    expect(comment).to_contain_text(words.partition(" ")[0])
    expect(page.locator("#talk-text")).to_have_value("")
    expect(page.locator("#talk-said")).to_have_text("Your comment is posted.")
    return comment


def test_two_people_talk_about_a_picture(guests):
    ada = guests(reduced_motion="reduce", bypass_csp=True)
    page = ada.sign_up("tamsin")
    finished(imagine(page, WORDS)).locator(".sheet a").first.click(position=CORNER)
    page.wait_for_url("**/images/**")
    address = f"/images/{picture_id(page.url)}/"

    bert = guests(reduced_motion="reduce")
    there = bert.sign_up("wilfred")
    bert.open(address)
    post(there, "@tamsin the light! https://example.com/a")
    expect(there.locator("#talk-count")).to_have_text("1")
    expect(there.locator("#talk").get_by_role("link", name="@tamsin")).to_have_attribute("href", "/people/tamsin/")

    # With the keyboard alone: to the answer, into its field, and sent.
    ada.open(address)
    talk(page).get_by_role("link", name="Answer", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your answer to wilfred")).to_be_focused()
    page.keyboard.type("Thank you.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#talk .talk__list .talk__list .comment")).to_contain_text("Thank you.")
    expect(page.locator("#talk-said")).to_be_focused()
    accessible(page)

    # What was typed stays when it is refused.
    talk(page).get_by_label("Your comment").fill("\u2060 \u2060")
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.locator(".toast.bad")).to_contain_text("Write something first.")
    expect(page.locator("#talk-text")).to_have_value("\u2060 \u2060")
    ada.complaints.clear()  # the browser notes every answer that refuses

    bert.open(address)
    first = talk(there).locator(".comment").first
    first.get_by_role("link", name="Edit").click()
    there.get_by_label("Edit your comment").fill("The light, and the sea!")
    there.get_by_role("button", name="Save").click()
    expect(first).to_contain_text("The light, and the sea!")
    expect(first).to_contain_text("edited")
    first.get_by_role("button", name="Delete").click()
    first.locator("form").get_by_role("button", name="Delete").click()
    expect(first).to_have_text("This comment was deleted.")
    expect(talk(there)).to_contain_text("Thank you.")
    expect(there.locator("#talk-count")).to_have_text("1")

    # Over a feed, the way to the comments is no step in the history.
    bert.open("/people/tamsin/")
    there.locator(f"#image-{picture_id(address)} a").first.click(position=CORNER)
    there.get_by_role("link", name="1 comment").click()
    expect(there.locator("#talk")).to_be_focused()
    expect(talk(there)).to_contain_text("Thank you.")
    there.keyboard.press("Escape")
    expect(there.get_by_role("dialog", name="Picture")).to_be_hidden()
    there.wait_for_url("**/people/tamsin/")


def test_a_picture_is_shared_with_its_words_and_without_them(guests):
    ada = guests()
    ada.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = ada.sign_up("winifred")
    finished(imagine(page, WORDS)).locator(".sheet a").first.click(position=CORNER)
    page.wait_for_url("**/images/**")
    address = f"/images/{picture_id(page.url)}/"
    page.get_by_role("button", name="Share").click()
    page.locator("#view-copy").get_by_role("button", name="Embed code").click()
    code = page.evaluate("navigator.clipboard.readText()")

    # Another page frames it: nobody has to sign in, and nothing is kept.
    visitor = guests()
    page_of_others = f'<!doctype html><title>Elsewhere</title><link rel="icon" href="data:,">{code}'
    visitor.page.route("**/elsewhere", lambda route: route.fulfill(body=page_of_others, content_type="text/html"))
    there = visitor.open("/elsewhere")
    frame = there.frame_locator("iframe")
    expect(frame.get_by_role("link", name=re.compile("green lighthouse")).last).to_be_visible()
    assert visitor.context.cookies() == []

    page.get_by_role("button", name="Keep them from others").click()
    expect(page.get_by_role("button", name="Show them to others")).to_be_visible()
    expect(page.get_by_text("Others see this picture without its words.")).to_be_visible()
    visitor.open(address)
    expect(there.get_by_text("winifred shows this picture without its words.")).to_be_visible()
    expect(there).to_have_title("Untitled · mjweb")
    expect(there.get_by_role("link", name="Remix", exact=True)).to_have_count(0)
    assert "woodcut" not in there.content()
    page.get_by_role("button", name="Show them to others").click()
    expect(page.get_by_role("button", name="Keep them from others")).to_be_visible()
    visitor.open(address)
    expect(there.get_by_role("link", name="Remix", exact=True)).to_be_visible()
