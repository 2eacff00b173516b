"""The moderators' pages, reports, appeals and levels as people and programs meet them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from gallery.models import Appeal, AuditEntry, Decision, Publication, Report
from gallery.services.moderating import decide
from generation.models import Image, Rule
from mjweb.accounts.models import User
from tests.factories import finished_job
from tests.gallery.order import moderator, picture_target, ruling

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def mona(db):
    return moderator()


@pytest.fixture
def root(db):
    return User.objects.create_superuser("root", "root@example.com", "correct horse")


@pytest.fixture
def image(alice, checkpoint, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = finished_job(alice)
    return job.images.get(index=1)


def case_of(image: Image, name: str = "moderation-case") -> str:
    return reverse(name, args=["picture", image.pk])


def test_a_report_is_sent_and_thanked_for(client, bob, image):
    client.force_login(bob)
    address = reverse("report", args=["picture", image.pk])
    assert "Report this picture" in client.get(address).text
    assert "Thank you" in client.post(address, {"reason": "spam", "text": "Again and again."}).text
    assert Report.objects.get().text == "Again and again."


def test_a_refused_report_keeps_what_was_typed(client, bob, image):
    client.force_login(bob)
    address = reverse("report", args=["picture", image.pk])
    refused = client.post(address, {"text": "Just so."})
    assert refused.status_code == 422
    assert "Choose a reason." in refused.text
    assert "Just so.</textarea>" in refused.text
    in_place = client.post(address, {"text": "Just so."}, headers=HTMX)
    assert in_place.status_code == 200
    assert "<html" not in in_place.text


def test_people_and_comments_can_be_reported_and_visitors_sign_in_first(client, alice, bob):
    address = reverse("report", args=["person", "alice"])
    assert client.get(address).url.startswith(reverse("account_login"))
    client.force_login(bob)
    assert "Report alice" in client.get(address).text
    assert client.get(reverse("report", args=["person", "nobody"])).status_code == 404


def test_the_queue_is_there_for_moderators_alone(client, alice, mona, image):
    assert client.get(reverse("moderation")).status_code == 302
    client.force_login(alice)
    for name in ("moderation", "moderation-appeals", "moderation-decisions", "moderation-rules"):
        assert client.get(reverse(name)).status_code == 404
    client.force_login(mona)
    assert "Nothing waits" in client.get(reverse("moderation")).text
    assert client.get(reverse("moderation-trail")).status_code == 404


def test_a_decision_takes_the_place_of_its_case(client, bob, mona, image):
    client.force_login(bob)
    client.post(reverse("report", args=["picture", image.pk]), {"reason": "violence", "text": "Blood."})
    client.force_login(mona)
    page = client.get(reverse("moderation")).text
    assert "“Blood.”" in page
    assert "a red lighthouse by the sea" in page
    values = {"deed": "withhold", "consequence": "strike", "reason": "Too much blood."}
    answer = client.post(case_of(image, "moderation-decide"), values, headers=HTMX)
    assert "Decided." in answer.text
    assert "taken out of sight · a strike" in answer.text
    decision = Decision.objects.get()
    undone = client.post(reverse("moderation-undo", args=[decision.pk]), headers=HTMX)
    assert "Undone." in undone.text
    image.refresh_from_db()
    assert image.withheld_at is None


def test_the_second_of_two_moderators_is_told_that_the_first_was_quicker(client, mona, image):
    client.force_login(mona)
    assert 'name="last" value=""' in client.get(case_of(image)).text
    first = decide(moderator("otto"), picture_target(image), ruling("withhold"))
    values = {"deed": "keep", "reason": "It is in order.", "last": ""}
    late = client.post(case_of(image, "moderation-decide"), values)
    assert (late.status_code, Decision.objects.count()) == (409, 1)
    assert "decided about this meanwhile" in late.text
    assert f'value="{first.pk}"' in late.text
    client.post(case_of(image, "moderation-decide"), {**values, "last": str(first.pk)})
    assert Decision.objects.count() == 2


def test_a_refused_decision_keeps_what_was_chosen(client, mona, image):
    client.force_login(mona)
    values = {"deed": "withhold", "consequence": "suspend", "days": "900", "reason": "Too much blood."}
    refused = client.post(case_of(image, "moderation-decide"), values)
    assert refused.status_code == 422
    assert "1 to 365 days" in refused.text
    assert "Too much blood.</textarea>" in refused.text
    assert 'value="900"' in refused.text
    assert not Decision.objects.exists()


def test_withheld_files_are_for_their_owner_and_moderators(client, alice, bob, mona, image):
    decide(mona, picture_target(image), ruling("withhold"))
    own = [reverse("image-original", args=[image.pk]), reverse("image-rendition", args=[image.pk, 640])]
    own += [reverse("image-download", args=[image.pk]), reverse("image", args=[image.pk])]
    seen = reverse("moderation-picture", args=[image.pk, 640])
    for user, mine, moderated in ((bob, 404, 404), (alice, 200, 404), (mona, 404, 200)):
        client.force_login(user)
        assert {client.get(address).status_code for address in own} == {mine}
        assert client.get(seen).status_code == moderated
    client.logout()
    assert {client.get(address).status_code for address in own} == {404}


def test_the_owner_is_told_and_appeals(client, alice, mona, image):
    otto = moderator("otto")
    decision = decide(mona, picture_target(image), ruling("withhold", reason="Too much blood."))
    client.force_login(alice)
    page = client.get(reverse("my-decisions")).text
    assert "Too much blood." in page
    assert "withheld" in client.get(reverse("image", args=[image.pk])).text
    assert client.post(reverse("my-appeal", args=[decision.pk]), {"text": " "}).status_code == 422
    assert client.post(reverse("my-appeal", args=[decision.pk]), {"text": "A tomato."}).status_code == 302
    client.force_login(mona)
    own = client.post(reverse("moderation-answer", args=[decision.pk]), {"granted": "0", "answer": "No, never."})
    assert own.status_code == 422
    assert "No, never.</textarea>" in own.text
    client.force_login(otto)
    assert "A tomato." in client.get(reverse("moderation-appeals")).text
    client.post(reverse("moderation-answer", args=[decision.pk]), {"granted": "1", "answer": "So it is."})
    assert Appeal.objects.get().is_granted
    client.force_login(alice)
    assert "Your appeal was granted." in client.get(reverse("my-decisions")).text
    assert client.post(reverse("my-appeal", args=[image.pk]), {"text": "x"}).status_code == 404


def test_whoever_is_suspended_reads_it_on_every_page(client, alice, mona, image):
    decide(mona, picture_target(image), ruling(consequence="suspend", days=2, reason="Spam."))
    client.force_login(alice)
    assert "Your account is suspended until" in client.get(reverse("explore")).text
    refused = client.post(reverse("job-submit"), {"prompt": "a boat"}, headers=HTMX)
    assert refused.status_code == 403
    assert "Your account is suspended until" in refused.text
    assert client.post(reverse("profile-edit"), {"about": "Rude words"}).status_code == 403
    assert client.get(reverse("export")).status_code == 200


def test_rules_are_tried_by_moderators_and_written_by_administrators(client, mona, root):
    rule = Rule.objects.create(name="Bananas", patterns="banana*")
    client.force_login(mona)
    assert "<b>Bananas</b>" in client.get(reverse("moderation-rules"), {"text": "two bananas"}).text
    assert "No rule holds." in client.get(reverse("moderation-rules"), {"text": "two pears"}, headers=HTMX).text
    assert client.get(reverse("moderation-rule", args=[rule.pk])).status_code == 404
    client.force_login(root)
    values = {"name": "Fruit", "patterns": "banana*\npear*", "action": "block", "is_active": "on"}
    assert client.post(reverse("moderation-rule", args=[rule.pk]), values).status_code == 302
    rule.refresh_from_db()
    assert (rule.name, rule.is_active, rule.strikes) == ("Fruit", True, False)
    assert AuditEntry.objects.get().before["name"] == "Bananas"
    refused = client.post(reverse("moderation-rule-new"), {**values, "patterns": ""})
    assert refused.status_code == 422
    assert "Another rule has this name." in refused.text
    assert client.post(reverse("moderation-rule-drop", args=[rule.pk])).status_code == 302
    assert client.get(reverse("moderation-rule", args=[rule.pk])).status_code == 404


def test_a_fixed_rule_is_widened_and_never_narrowed(client, root):
    rule = Rule.objects.create(name="Always", patterns="one\ntwo", with_any="three", is_fixed=True)
    client.force_login(root)
    address = reverse("moderation-rule", args=[rule.pk])
    kept = {"name": "Always", "patterns": "one\ntwo", "with_any": "three", "action": "block", "is_active": "on"}
    for less in ({"patterns": "one"}, {"with_any": ""}, {"unless": "four"}, {"action": "warn"}):
        assert client.post(address, {**kept, **less}).status_code == 422
    off = {name: value for name, value in kept.items() if name != "is_active"}
    assert client.post(address, off).status_code == 422
    assert client.post(address, {**kept, "patterns": "one\ntwo\nfour"}).status_code == 302
    assert client.post(reverse("moderation-rule-drop", args=[rule.pk])).status_code == 422


def test_levels_are_chosen_with_a_word_on_ones_age(client, bob, image, settings):
    client.force_login(bob)
    address = reverse("my-level")
    refused = client.post(address, {"level": "1"})
    assert refused.status_code == 422
    assert "of age" in refused.text
    assert client.post(address, {"level": "7", "of_age": "on"}).status_code == 422
    assert client.post(address, {"level": "1", "of_age": "on"}).status_code == 302
    bob.refresh_from_db()
    assert bob.browsing_level == 1
    settings.MJWEB_HIGHEST_LEVEL = 0
    assert client.post(address, {"level": "1", "of_age": "on"}).status_code == 422


def test_lists_keep_to_ones_level_and_a_page_asks_first(client, alice, bob, image):
    Image.objects.filter(pk=image.pk).update(level=1)
    page, feed = reverse("image", args=[image.pk]), reverse("explore")
    assert client.get(page).status_code == 404
    assert str(image.pk) not in client.get(feed).text
    assert client.get(reverse("image-rendition", args=[image.pk, 640])).status_code == 404
    client.force_login(bob)
    assert str(image.pk) not in client.get(feed).text
    assert "This picture is sensitive" in client.get(page).text
    assert "This picture is sensitive" not in client.get(page, {"show": "1"}).text
    User.objects.filter(pk=bob.pk).update(browsing_level=1)
    assert str(image.pk) in client.get(feed).text
    assert "This picture is sensitive" not in client.get(page).text
    client.force_login(alice)
    assert "This picture is sensitive" not in client.get(page).text
    assert str(image.pk) in client.get(feed).text


def test_unlisted_is_for_whoever_has_the_address(client, alice, bob, image):
    client.force_login(alice)
    client.post(reverse("image-unlist", args=[image.pk]))
    client.logout()
    assert client.get(reverse("image", args=[image.pk])).status_code == 200
    assert client.get(reverse("image-original", args=[image.pk])).status_code == 200
    assert str(image.pk) not in client.get(reverse("explore")).text
    sibling = image.job.images.get(index=2)
    assert str(image.pk) not in client.get(reverse("image", args=[sibling.pk])).text
    assert not Publication.objects.get(image=image).is_listed


def test_the_trail_filters(client, root, mona, image):
    decide(mona, picture_target(image), ruling("withhold"))
    client.force_login(root)
    trail = reverse("moderation-trail")
    assert "decide" in client.get(trail, {"who": "Mona", "days": "1", "about": "alice"}).text
    for wrong in ({"who": "otto"}, {"action": "undo"}, {"about": "bob"}):
        assert "No line" in client.get(trail, wrong).text


@pytest.mark.parametrize("span", ["day", "week", "month", "nonsense"])
def test_the_dashboard_draws_what_happened(client, root, image, span):
    image.job.__class__.objects.filter(pk=image.job_id).update(started_at=timezone.now())
    client.force_login(root)
    page = client.get(reverse("moderation-dashboard"), {"span": span}).text
    assert page.count('<svg class="chart"') == 6
    assert 'class="bar"' in page
    assert "style=" not in page.split("<main")[1]


def test_pages_take_a_fixed_number_of_queries(client, bob, mona, image, django_assert_max_num_queries):
    for one in image.job.images.all():
        Report.objects.create(reporter=bob, image=one, reason="spam")
    client.force_login(mona)
    with django_assert_max_num_queries(14):
        client.get(reverse("moderation"))
