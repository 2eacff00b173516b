"""Somebody changes the language, makes pictures in it, and changes back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.test_first_minute import AT_ONCE_MS, MADE_MS, finished, newest

pytestmark = pytest.mark.journey

LIGHTHOUSE = "a red lighthouse by the sea --quality 2"


def test_the_whole_product_speaks_chinese_and_english_again(guests):
    guest = guests()
    page = guest.sign_up("yuki")
    page.get_by_role("textbox", name="Prompt").fill("half a thought")
    page.get_by_role("button", name="yuki").click()
    page.get_by_role("group", name="Language").or_(page.get_by_role("form", name="Language")).get_by_role(
        "button", name="简体中文"
    ).click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    bar = page.get_by_role("textbox", name="提示词")
    expect(bar).to_have_value("half a thought")

    bar.fill(LIGHTHOUSE)
    bar.press("Enter")
    card = newest(page)
    expect(card).to_have_attribute("data-state", "running", timeout=MADE_MS)
    expect(card.locator("[data-live=sentence]")).to_contain_text("第", timeout=MADE_MS)
    expect(page.locator(".day b").first).to_have_text("今天")
    finished(page.locator(f"#{card.get_attribute('id')}"))
    expect(page.locator("#polite")).to_contain_text("图片", timeout=5_000)
    expect(page.locator("#polite")).to_contain_text("四张图片已完成")

    bar.fill("a boat --stylize 9000")
    bar.press("Enter")
    expect(page.locator("#prompt-note")).to_contain_text("--stylize")
    expect(page.locator("#prompt-note")).not_to_contain_text("goes")

    guest.open("/")
    expect(page.get_by_role("heading", name="探索", level=1)).to_be_visible()
    page.get_by_role("button", name="yuki").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en", timeout=AT_ONCE_MS)
    expect(page.get_by_role("heading", name="Explore", level=1)).to_be_visible()


def test_a_browser_that_asks_for_chinese_gets_it_at_once(guests):
    guest = guests(locale="zh-CN")
    page = guest.open("/accounts/signup/")
    expect(page.get_by_role("heading", name="注册")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Sign up")).to_be_visible()
