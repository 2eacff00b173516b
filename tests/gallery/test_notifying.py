"""What people are told of each other: grouped, never of themselves, in the page, over the socket and by mail."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from uuid import uuid4

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from gallery import signals
from gallery.models import Comment, Decision, Digest, Follow, Notification, NotificationKind, NotificationSettings
from gallery.selectors.notifications import notifications_of, told, unread_count
from gallery.services import digests, notifying, standing
from gallery.services.commenting import post_comment
from gallery.services.liking import like_picture
from gallery.services.notifying import choose_notifications, tell
from gallery.services.publishing import publish_missed
from generation.models import Image
from mjweb.accounts.models import User
from tests.factories import finished_job

LIKED, FOLLOWED = NotificationKind.LIKED, NotificationKind.FOLLOWED
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday


@pytest.fixture
def carol(db) -> User:
    return User.objects.create_user("carol", "carol@example.com", "paper clip moon")


@pytest.fixture
def image(alice, checkpoint) -> Image:
    image = finished_job(alice, "a red lighthouse").images.get(index=1)
    publish_missed()
    return image


@pytest.fixture
def published(monkeypatch) -> list[tuple[int, int]]:
    """What open pages hear: whose, and how much is unread."""
    heard: list[tuple[int, int]] = []
    monkeypatch.setattr(notifying, "publish", lambda event, *, owner_id: heard.append((owner_id, event.unread)))
    return heard


def sentences(person: User) -> list[str]:
    return [told(line) for line in notifications_of(person).rows]


# --- from signals to lines


def test_what_people_do_is_told_to_whom_it_concerns(
    alice, bob, carol, image, published, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        like_picture(bob, image.pk)
        first = post_comment(bob, image.pk, "hello @carol")
        standing.follow_person(carol, "alice")
    with django_capture_on_commit_callbacks(execute=True):
        post_comment(alice, image.pk, "thank you", answered=first.pk)
    assert set(sentences(alice)) == {
        "bob liked your picture.",
        "bob commented on your picture.",
        "carol followed you.",
    }
    assert sentences(bob) == ["alice answered your comment."]
    assert sentences(carol) == ["bob mentioned you in a comment."]
    assert {owner for owner, _ in published} == {alice.pk, bob.pk, carol.pk}
    assert published[-1] == (bob.pk, 1)


def test_whoever_is_named_in_an_answer_hears_of_it_once(
    alice, bob, carol, image, published, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        first = post_comment(bob, image.pk, "hello")
    Notification.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        post_comment(carol, image.pk, "@bob @alice see", answered=first.pk)
    assert (sentences(alice), sentences(bob)) == (
        ["carol commented on your picture."],
        ["carol answered your comment."],
    )


def test_a_public_remix_is_told_and_a_private_one_is_not(alice, bob, image, published):
    remix = finished_job(bob, "a blue lighthouse").images.get(index=1)
    signals.remixed.send(sender=Image, image=remix, source=image)
    Image.objects.filter(job=remix.job_id, index=2).update(visibility="private")
    secret = Image.objects.get(job=remix.job_id, index=2)
    signals.remixed.send(sender=Image, image=secret, source=image)
    line = Notification.objects.get(recipient=alice)
    assert (told(line), line.target) == ("Somebody remixed your picture.", str(remix.pk))
    assert sentences(alice) == ["bob remixed your picture."]


def test_decisions_are_told_one_by_one_in_the_name_of_the_house(alice, bob, published):
    for _ in range(2):
        decision = Decision(pk=uuid4(), person=alice, moderator=bob)
        signals.decided.send(sender=Decision, decision=decision)
    assert sentences(alice) == ["The moderators decided about something of yours."] * 2


def test_nobody_is_told_of_themselves_or_by_people_whom_they_muted_or_blocked(alice, bob, carol, image, published):
    standing.mute_person(alice, "bob")
    standing.block_person(carol, "alice")
    for person in (alice, bob, carol):
        tell(alice, LIKED, person=person, image=image)
    assert not Notification.objects.exists()
    assert published == []


# --- lines that grow


def test_the_same_thing_by_many_is_one_line_until_it_is_read(alice, bob, carol, image, published):
    people = [bob, carol, *(User.objects.create_user(f"fan{letter}") for letter in "abc")]
    for count, person in enumerate(people, 1):
        tell(alice, LIKED, person=person, image=image)
        assert Notification.objects.get().people_count == count
    assert sentences(alice) == ["fanc and 4 others liked your picture."]
    notifying.mark_read(alice)
    tell(alice, LIKED, person=User.objects.create_user("fand"), image=image)
    assert sentences(alice) == ["fand liked your picture.", "fanc and 4 others liked your picture."]
    assert unread_count(alice) == 1


@pytest.mark.parametrize(("people", "sentence"), [(1, "a-one followed you."), (2, "b-two and a-one followed you.")])
def test_few_people_are_all_named(alice, people, sentence, published):
    for name in ("a-one", "b-two")[:people]:
        tell(alice, FOLLOWED, person=User.objects.create_user(name))
    assert sentences(alice) == [sentence]


def test_taking_a_like_back_and_giving_it_anew_is_no_news(alice, bob, image, published):
    tell(alice, LIKED, person=bob, image=image)
    notifying.mark_read(alice)
    tell(alice, LIKED, person=bob, image=image)
    assert unread_count(alice) == 0
    assert Notification.objects.count() == 1


def test_what_is_about_a_picture_that_one_may_no_longer_see_is_not_told(alice, bob, image, published):
    tell(bob, NotificationKind.MENTIONED, person=alice, image=image, target=str(uuid4()))
    assert unread_count(bob) == 1
    Image.objects.filter(pk=image.pk).update(visibility="private")
    assert (unread_count(bob), sentences(bob)) == (0, [])
    Image.objects.filter(pk=image.pk).update(visibility="public", withheld_at=timezone.now())
    assert (unread_count(bob), sentences(bob)) == (0, [])


def test_choices_decide_where_a_kind_is_told(alice, bob, carol, image, published):
    kinds = [kind.value for kind in NotificationKind]
    choose_notifications(alice, in_page=[kind for kind in kinds if kind != LIKED], by_mail=[LIKED], digest=Digest.DAILY)
    tell(alice, LIKED, person=bob, image=image)
    tell(alice, FOLLOWED, person=bob)
    assert sentences(alice) == ["bob followed you."]
    assert set(Notification.objects.filter(by_mail=True).values_list("kind", flat=True)) == {LIKED}
    choose_notifications(alice, in_page=[], by_mail=[], digest=Digest.NEVER)
    tell(alice, NotificationKind.COMMENTED, person=carol, image=image)
    assert Notification.objects.count() == 2


def test_old_lines_are_swept_and_new_ones_stay(alice, bob, carol, published):
    tell(alice, FOLLOWED, person=bob)
    Notification.objects.update(updated_at=timezone.now() - timedelta(days=91), read_at=timezone.now())
    tell(alice, FOLLOWED, person=carol)
    assert notifying.sweep_notifications() == 1
    assert sentences(alice) == ["carol followed you."]


def test_a_page_costs_the_same_queries_with_many_lines_and_many_people(
    alice, bob, carol, image, published, django_assert_num_queries
):
    for kind in (LIKED, NotificationKind.COMMENTED, FOLLOWED):
        for person in (bob, carol):
            tell(alice, kind, person=person, image=None if kind == FOLLOWED else image)
    with django_assert_num_queries(2):
        assert len(sentences(alice)) == 3


# --- pages


def test_the_page_shows_what_is_unread_and_a_press_reads_it_all(
    client, alice, bob, image, published, django_capture_on_commit_callbacks
):
    tell(alice, LIKED, person=bob, image=image)
    client.force_login(alice)
    page = client.get(reverse("notifications"))
    assert "bob liked your picture." in page.text
    assert re.search(r'id="unread" data-count="1">1</i>', page.text)
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(reverse("notifications-read"), follow=True)
    assert 'class="unread"' not in page.text
    assert published[-1] == (alice.pk, 0)
    assert 'data-count="0" hidden' in page.text


def test_a_line_leads_to_what_it_tells_and_is_read_then(client, alice, bob, carol, image, published):
    comment = post_comment(bob, image.pk, "hello")
    remix = finished_job(bob, "a blue lighthouse").images.get(index=1)
    expected = {
        NotificationKind.LIKED: reverse("image", args=[image.pk]),
        NotificationKind.COMMENTED: reverse("comment", args=[comment.pk]),
        NotificationKind.REMIXED: reverse("image", args=[remix.pk]),
        NotificationKind.FOLLOWED: reverse("people", args=["bob"]),
    }
    tell(alice, LIKED, person=bob, image=image)
    tell(alice, NotificationKind.COMMENTED, person=bob, image=image, target=str(comment.pk))
    tell(alice, NotificationKind.REMIXED, person=bob, image=image, target=str(remix.pk))
    tell(alice, FOLLOWED, person=bob)
    client.force_login(alice)
    for line in Notification.objects.all():
        answer = client.get(reverse("notification", args=[line.pk]))
        assert (answer.status_code, answer["Location"]) == (HTTPStatus.FOUND, expected[NotificationKind(line.kind)])
    assert unread_count(alice) == 0
    tell(alice, FOLLOWED, person=carol)
    client.force_login(bob)
    others = Notification.objects.get(read_at=None)
    assert client.get(reverse("notification", args=[others.pk])).status_code == HTTPStatus.NOT_FOUND
    assert unread_count(alice) == 1


def test_an_empty_page_says_what_will_stand_there(client, alice):
    client.force_login(alice)
    assert "Nothing to tell" in client.get(reverse("notifications")).text


def test_choices_are_kept_by_the_form(client, alice):
    client.force_login(alice)
    page = client.get(reverse("notifications-choices"))
    assert page.text.count(" checked") >= 2 * len(NotificationKind)
    client.post(reverse("notifications-choices"), {"in_page": ["liked"], "by_mail": ["followed"], "digest": "weekly"})
    kept = NotificationSettings.objects.get(person=alice)
    assert "liked" not in kept.not_in_page
    assert "followed" in kept.not_in_page
    assert kept.digest == Digest.WEEKLY


@pytest.mark.parametrize("typed", [{"digest": "hourly"}, {"digest": "daily", "in_page": ["lies"]}])
def test_choices_that_there_are_not_are_refused(client, alice, typed):
    client.force_login(alice)
    answer = client.post(reverse("notifications-choices"), typed, headers={"Accept": "application/json"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not NotificationSettings.objects.exists()


# --- mail


@pytest.fixture
def clock(monkeypatch):
    """Sets what time it is."""

    def at(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    at(NOON)
    return at


def wants(person: User, digest: Digest) -> None:
    kinds = [kind.value for kind in NotificationKind]
    choose_notifications(person, in_page=kinds, by_mail=kinds, digest=digest)


def test_unread_lines_come_by_mail_once_a_day(alice, bob, carol, image, published, clock, settings):
    settings.MJWEB_PUBLIC_URL = "https://pictures.example.org"
    wants(alice, Digest.DAILY)
    wants(bob, Digest.NEVER)
    tell(alice, LIKED, person=bob, image=image)
    tell(bob, FOLLOWED, person=alice)
    assert [digests.send_digests(), digests.send_digests()] == [1, 0]
    sent = mail.outbox[0]
    assert (len(mail.outbox), sent.to, sent.subject) == (1, ["alice@example.com"], "mjweb: 1 unread notification")
    assert "- bob liked your picture." in sent.body
    assert "https://pictures.example.org/notifications/" in sent.body
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    clock(NOON + timedelta(days=1))
    assert digests.send_digests() == 1  # still unread, and not older than the day before
    clock(NOON + timedelta(days=2))
    assert digests.send_digests() == 0
    tell(alice, FOLLOWED, person=carol)
    clock(NOON + timedelta(days=3))
    assert digests.send_digests() == 1
    assert "carol followed you." in mail.outbox[-1].body
    assert "bob" not in mail.outbox[-1].body


def test_a_week_begins_on_monday(alice, bob, published, clock):
    wants(alice, Digest.WEEKLY)
    tell(alice, FOLLOWED, person=bob)
    assert digests.send_digests() == 1
    for days, sent in ((1, 0), (4, 0), (5, 1), (6, 0)):  # Thursday, Sunday, Monday, Tuesday
        clock(NOON + timedelta(days=days))
        assert digests.send_digests() == sent


def test_what_is_read_or_not_wished_by_mail_is_left_out(alice, bob, image, published, clock):
    kinds = [kind.value for kind in NotificationKind]
    choose_notifications(alice, in_page=kinds, by_mail=[FOLLOWED], digest=Digest.DAILY)
    tell(alice, LIKED, person=bob, image=image)
    tell(alice, FOLLOWED, person=bob)
    notifying.mark_read(alice, [Notification.objects.get(kind=FOLLOWED).pk])
    assert digests.send_digests() == 0
    assert mail.outbox == []


def test_a_mail_server_that_refuses_gives_the_day_back(alice, bob, published, clock, monkeypatch):
    wants(alice, Digest.DAILY)
    tell(alice, FOLLOWED, person=bob)

    def refuse(*_args, **_kwargs):
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", refuse)
        assert digests.send_digests() == 0
    assert digests.send_digests() == 1


def test_long_mails_end_with_how_many_more_there_are(alice, bob, published, clock):
    wants(alice, Digest.DAILY)
    for at in range(digests.MOST_LINES + 3):
        decision = Decision(pk=uuid4(), person=alice, moderator=bob)
        signals.decided.send(sender=Decision, decision=decision)
        assert Notification.objects.count() == at + 1
    digests.send_digests()
    assert mail.outbox[0].body.count("- The moderators") == digests.MOST_LINES
    assert "and 3 more." in mail.outbox[0].body


def test_people_read_their_mail_in_the_language_in_which_they_chose(alice, bob, published, clock):
    wants(alice, Digest.DAILY)
    NotificationSettings.objects.update(language="zh-hans")
    tell(alice, FOLLOWED, person=bob)
    assert digests.send_digests() == 1


def test_one_press_ends_the_mails_without_signing_in(client, alice, bob, published, clock):
    wants(alice, Digest.DAILY)
    tell(alice, FOLLOWED, person=bob)
    digests.send_digests()
    address = re.search(r"<https?://[^/]+(/[^>]+)>", mail.outbox[0].extra_headers["List-Unsubscribe"])[1]
    assert "No more mails of what others do?" in client.get(address).text
    assert NotificationSettings.objects.get().digest == Digest.DAILY
    strict = type(client)(enforce_csrf_checks=True)
    answer = strict.post(address, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == HTTPStatus.OK
    assert NotificationSettings.objects.get().digest == Digest.NEVER
    assert client.post(address.replace("/end/", "/end/x")).status_code == HTTPStatus.NOT_FOUND


def test_a_follow_that_was_there_already_is_not_told_again(alice, bob, published, django_capture_on_commit_callbacks):
    Follow.objects.create(follower=bob, followed=alice)
    with django_capture_on_commit_callbacks(execute=True):
        standing.follow_person(bob, "alice")
    assert not Notification.objects.exists()


def test_a_deleted_comment_leaves_a_line_that_leads_nowhere_wrong(client, alice, bob, image, published):
    comment = post_comment(bob, image.pk, "hello")
    tell(alice, NotificationKind.COMMENTED, person=bob, image=image, target=str(comment.pk))
    Comment.objects.all().delete()
    client.force_login(alice)
    answer = client.get(reverse("notification", args=[Notification.objects.get().pk]), follow=True)
    assert answer.status_code == HTTPStatus.OK
