"""Keeping order, from the report of one person to the appeal of another, at four browsers."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE
from tests.journeys.test_first_minute import CORNER, finished, imagine
from tests.journeys.test_pages import accessible

pytestmark = pytest.mark.journey

KEEPER = (
    "from django.contrib.auth.models import Group; from mjweb.accounts.models import User; "
    "User.objects.get(username='{name}').groups.add(Group.objects.get(name='Moderators'))"
)


def test_from_a_report_to_a_granted_appeal(product, guests):
    at_ease = {"reduced_motion": "reduce", "bypass_csp": True}
    owner, keeper, other = (guests(**at_ease) for _ in range(3))
    reporter = guests(**at_ease, **PHONE)
    for guest, name in ((keeper, "kemal"), (other, "oskar"), (owner, "olga"), (reporter, "rita")):
        guest.sign_up(name)
    for name in ("kemal", "oskar"):
        product.manage("shell", "-c", KEEPER.format(name=name))

    page = owner.page
    card = finished(imagine(page, "a red balloon over the sea --q .25"))
    card.locator(".sheet a").first.click(position=CORNER)
    page.wait_for_url("**/images/**")
    address = re.sub(r"^https?://[^/]+", "", page.url)

    page = reporter.open(address)
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Report").click()
    expect(page.get_by_role("heading", name="Report this picture")).to_be_visible()
    accessible(page)
    page.get_by_label("Gore or glorified violence").check()
    page.get_by_label("Anything else").fill("It is too red.")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()

    page = keeper.open("/moderation/")
    accessible(page)
    case = page.get_by_role("article").filter(has_text="It is too red.")
    page.keyboard.press("j")
    expect(page.locator("[data-case]:focus")).to_have_count(1)
    case.get_by_label("Take it out of sight").check()
    case.get_by_label("A strike").check()
    case.get_by_label("Reason").fill("Too red for this gallery.")
    case.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("taken out of sight · a strike")).to_be_visible()
    expect(page.locator("[data-case]:focus")).to_contain_text("Decided.")

    page = other.open(address)
    expect(page.get_by_text("There is no such picture")).to_be_visible()
    other.complaints = [one for one in other.complaints if "404" not in one]

    page = owner.open(address)
    page.get_by_text("This picture is withheld").get_by_role("link", name="Decisions about you").click()
    expect(page.get_by_label("Why is this wrong?")).to_be_visible()
    accessible(page)
    page.get_by_label("Why is this wrong?").fill("It is a balloon.")
    page.get_by_role("button", name="Appeal").click()
    expect(page.get_by_text("A moderator will answer.")).to_be_visible()

    page = other.open("/moderation/appeals/")
    accessible(page)
    appeal = page.get_by_role("article").filter(has_text="It is a balloon.")
    appeal.get_by_label("Answer").fill("So it is.")
    appeal.get_by_role("button", name="Grant and undo").click()
    expect(page.get_by_text("It is a balloon.")).to_have_count(0)
    other.open(address)
    expect(other.page.get_by_text("There is no such picture")).to_have_count(0)
    page = owner.open("/my/decisions/")
    expect(page.get_by_text("Your appeal was granted.")).to_be_visible()


def test_a_blocked_prompt_and_the_pages_of_whoever_runs_the_server(product, guests):
    guest = guests(reduced_motion="reduce", bypass_csp=True)
    guest.sign_up("ruth")
    product.manage(
        "shell", "-c", "from mjweb.accounts.models import User; User.objects.filter(username='ruth').update("
        "is_superuser=True, is_staff=True)",
    )  # fmt: skip
    page = guest.open("/moderation/rules/new/")
    accessible(page)
    page.get_by_label("Name", exact=True).fill("Zeppelins")
    page.get_by_label("Looks for").fill("zeppelin*")
    page.get_by_label("What people are told").fill("No zeppelins today.")
    page.get_by_role("button", name="Save").click()
    page.get_by_label("Words of a prompt").fill("two Z.e.p.p.e.l.i.n over a sea")
    page.get_by_role("button", name="Try").click()
    expect(page.locator("#tried")).to_contain_text("Zeppelins")
    accessible(page)

    page = guest.open("/create/")
    imagine(page, "a zeppelin in the sky")
    blocked = page.locator("article").filter(has_text="No zeppelins today.")
    expect(blocked.get_by_text("This prompt was not run.")).to_be_visible()
    expect(blocked.get_by_text("It cost nothing.")).to_be_visible()
    blocked.get_by_role("link", name="Edit prompt").click()
    expect(page.get_by_role("textbox", name="Prompt").first).to_have_value(re.compile("a zeppelin in the sky"))

    for address in ("/moderation/dashboard/", "/moderation/trail/", "/moderation/decisions/", "/my/level/"):
        accessible(guest.open(address))
    page = guest.open("/my/level/")
    page.get_by_label("Sensitive", exact=True).check()
    page.get_by_label("I am of age").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Sensitive", exact=True)).to_be_checked()
    product.manage("shell", "-c", "from generation.models import Rule; Rule.objects.filter(name='Zeppelins').delete()")
