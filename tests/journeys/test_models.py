"""A server with several models: choosing one with the keyboard, and what stays chosen."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.runs import Product
from tests.shop import Shop

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def product(shop: Shop) -> Product:
    """The other journeys have one model. Its worker keeps one loaded: here the one that is chosen below."""
    shop.alice.wait(shop.alice.imagine("a red boat --quality .25", model="dreams"))
    return shop.product


def test_a_model_is_chosen_by_keyboard_and_stays_chosen(guest):
    page = guest.sign_up("ida")
    page.get_by_label("Prompt").fill("a red boat --quality .25")
    choice = page.get_by_role("combobox", name="Model")
    expect(choice).to_have_value("starter")
    expect(page.locator("#prompt-plan")).to_contain_text("128 × 128")  # noqa: RUF001 - the sign between two sizes
    choice.focus()
    with page.expect_response("**/create/model/") as answer, page.expect_response("**/prompts/check/"):
        page.keyboard.press("ArrowDown")
    assert answer.value.status == 204
    expect(choice).to_have_value("dreams")
    expect(page.locator("#prompt-plan")).to_contain_text("64 × 64")  # noqa: RUF001
    expect(choice).to_be_focused()
    page.get_by_label("Prompt").press("Enter")
    card = page.locator("#jobs .job").first
    expect(card).to_have_attribute("data-state", "succeeded")
    expect(card.locator(".job__meta")).to_contain_text("Dreams")
    page.reload()
    expect(page.get_by_role("combobox", name="Model")).to_have_value("dreams")


def test_words_that_name_a_model_win_and_the_choice_comes_back_after_them(guest):
    page = guest.sign_up("jon")
    prompt, choice = page.get_by_label("Prompt"), page.get_by_role("combobox", name="Model")
    prompt.fill("a red boat --model dreams")
    expect(choice).to_have_value("dreams")
    expect(choice).to_be_disabled()
    prompt.fill("a red boat --model dreems")
    page.get_by_role("button", name="Use dreams").click()
    expect(prompt).to_have_value("a red boat --model dreams")
    prompt.fill("a red boat")
    expect(choice).to_have_value("starter")
    expect(choice).to_be_enabled()


def test_on_a_phone_the_choice_is_as_large_as_a_finger(phone):
    page = phone.sign_up("kim")
    page.get_by_label("Prompt").tap()
    page.get_by_label("Prompt").fill("a red boat")
    choice = page.get_by_role("combobox", name="Model")
    choice.scroll_into_view_if_needed()
    box = choice.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    choice.select_option("dreams")
    expect(choice).to_have_value("dreams")
