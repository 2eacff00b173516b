"""Report, decision, appeal: what each changes, what it refuses, what it brings back and what stays written."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from gallery.errors import (
    CaseNotFoundError,
    DecisionNotFoundError,
    DecisionRefusedError,
    DecisionTakenError,
    ReportRefusedError,
    TooManyReportsError,
)
from gallery.models import Appeal, AuditEntry, Comment, Publication, Report, Strike, TargetKind
from gallery.selectors.moderation import decisions_about, queue, target_of
from gallery.services.appealing import answer_appeal, appeal
from gallery.services.moderating import decide, undo_decision
from gallery.services.publishing import publish_image
from gallery.services.reporting import ask_for_missed, report, target_for
from gallery.signals import decided
from gallery.targets import Target
from generation.jobs.organizing import like_images
from generation.jobs.services import submit_prompt
from generation.models import Image, Rule
from mjweb.accounts.models import FOR_GOOD, User
from mjweb.accounts.suspension import SuspendedError, is_suspended
from tests.factories import finished_job
from tests.gallery.order import moderator, picture_target, ruling

pytestmark = pytest.mark.django_db


@pytest.fixture
def mona(db):
    return moderator()


@pytest.fixture
def image(alice, checkpoint, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = finished_job(alice)
    return job.images.get(index=1)


@pytest.fixture
def comment(image, bob):
    return Comment.objects.create(publication=image.publication, author=bob, text="Rude words")


def test_a_report_waits_in_the_queue_until_somebody_decides(bob, mona, image):
    report(bob, picture_target(image), "violence", "Blood.")
    [case] = queue().cases
    assert (case.target.thing, case.person.username) == (image, "alice")
    assert [(one.reporter, one.reason, one.text) for one in case.reports] == [(bob, "violence", "Blood.")]
    decision = decide(mona, picture_target(image), ruling())
    assert queue().cases == []
    assert Report.objects.get().decision == decision


def test_reports_of_one_thing_are_one_case_and_the_oldest_comes_first(bob, mona, image, comment):
    report(mona, Target(TargetKind.COMMENT, comment), "hate")
    report(bob, picture_target(image), "spam")
    report(mona, picture_target(image), "other", "Odd.")
    cases = queue().cases
    assert [(case.target.kind, len(case.reports)) for case in cases] == [("comment", 1), ("picture", 2)]


def test_one_report_per_person_and_thing(bob, image):
    report(bob, picture_target(image), "spam")
    again = report(bob, picture_target(image), "hate", "Really.")
    assert Report.objects.get() == again
    assert (again.reason, again.text) == ("hate", "Really.")


def test_what_cannot_be_reported(alice, bob, image):
    with pytest.raises(ReportRefusedError, match="your own"):
        report(alice, picture_target(image), "spam")
    with pytest.raises(ReportRefusedError, match="Choose a reason"):
        report(bob, picture_target(image), "boring")
    with pytest.raises(ReportRefusedError, match="1,000"):
        report(bob, picture_target(image), "spam", "x" * 1001)
    Image.objects.filter(pk=image.pk).update(visibility="private")
    for kind, key in (("picture", str(image.pk)), ("picture", "nonsense"), ("planet", "mars")):
        with pytest.raises(CaseNotFoundError):
            target_for(bob, kind, key)


def test_twenty_reports_within_an_hour(bob, image, settings, monkeypatch):
    monkeypatch.setattr("gallery.services.reporting.PER_HOUR", 1)
    report(bob, picture_target(image), "spam")
    with pytest.raises(TooManyReportsError):
        report(bob, picture_target(image.job.images.get(index=2)), "spam")
    report(bob, picture_target(image), "hate")  # the same one again is none more


def test_withheld_is_out_of_everybodys_sight_but_its_owners(alice, bob, mona, image):
    decide(mona, picture_target(image), ruling("withhold"))
    image.refresh_from_db()
    assert image.withheld_at
    assert not Publication.objects.get(image=image).is_listed
    assert image not in Image.objects.visible_to(bob)
    assert image in Image.objects.visible_to(alice)
    assert image not in Image.objects.listed_for(bob)


def test_publishing_a_withheld_picture_again_does_not_show_it(alice, bob, mona, image):
    decide(mona, picture_target(image), ruling("withhold"))
    Image.objects.filter(pk=image.pk).update(visibility="private")
    publish_image(alice, image.pk)
    assert not Publication.objects.get(image=image).is_listed
    assert image not in Image.objects.visible_to(bob)


def test_a_level_stays_when_its_owner_publishes_anew(alice, mona, image):
    decide(mona, picture_target(image), ruling("level", level=2))
    assert Publication.objects.get(image=image).level == 2
    Publication.objects.filter(image=image).delete()
    publish_image(alice, image.pk)
    assert Publication.objects.get(image=image).level == 2


def test_keeping_shows_what_the_check_withheld(mona, image):
    Image.objects.filter(pk=image.pk).update(withheld_at=timezone.now())
    assert ask_for_missed() == 1
    assert ask_for_missed() == 0
    [case] = queue().cases
    assert case.reports[0].reporter is None
    decide(mona, picture_target(image), ruling())
    image.refresh_from_db()
    assert image.withheld_at is None
    assert Publication.objects.get(image=image).is_listed


def test_a_comment_out_of_sight(mona, bob, comment):
    decide(mona, Target(TargetKind.COMMENT, comment), ruling("withhold", consequence="strike"))
    comment.refresh_from_db()
    assert comment.hidden_at
    assert comment.publication.comments_count == 0
    assert Strike.objects.get().person == bob


def test_undoing_brings_back_everything(alice, mona, image):
    decision = decide(mona, picture_target(image), ruling("withhold", consequence="suspend", days=3))
    alice.refresh_from_db()
    assert is_suspended(alice)
    undo_decision(mona, decision.pk, "A mistake.")
    image.refresh_from_db()
    alice.refresh_from_db()
    assert image.withheld_at is None
    assert not is_suspended(alice)
    with pytest.raises(DecisionTakenError):
        undo_decision(mona, decision.pk, "Again.")
    with pytest.raises(DecisionNotFoundError):
        undo_decision(mona, image.pk, "None.")


def test_undoing_leaves_what_was_decided_since(mona, image):
    first = decide(mona, picture_target(image), ruling("level", level=1))
    decide(mona, picture_target(image), ruling("level", level=2))
    undo_decision(mona, first.pk, "A mistake.")
    image.refresh_from_db()
    assert image.level == 2


def test_three_strikes_suspend_and_lifting_one_by_undoing_ends_it(alice, mona, image, settings):
    Strike.objects.create(person=alice, reason="old", created_at=timezone.now())
    Strike.objects.update(created_at=timezone.now() - timedelta(days=91))
    for _ in range(2):
        decide(mona, picture_target(image), ruling(consequence="strike"))
    alice.refresh_from_db()
    assert not is_suspended(alice)  # the one of 91 days ago counts no longer
    third = decide(mona, picture_target(image), ruling(consequence="strike"))
    alice.refresh_from_db()
    assert timedelta(days=6) < alice.suspended_until - timezone.now() < timedelta(days=8)
    undo_decision(mona, third.pk, "Too many.")
    alice.refresh_from_db()
    assert not is_suspended(alice)
    assert Strike.objects.filter(lifted_at=None).count() == 3


def test_a_suspended_person_may_look_and_not_act(alice, bob, mona, image):
    decide(mona, picture_target(image), ruling(consequence="suspend", days=2))
    alice.refresh_from_db()
    for act in (
        lambda: submit_prompt(alice, "a boat"),
        lambda: like_images(alice, [image.pk]),
        lambda: publish_image(alice, image.pk),
    ):
        with pytest.raises(SuspendedError, match="Because of the rules") as refused:
            act()
        assert refused.value.fields["until"]
    assert image in Image.objects.visible_to(alice)


def test_a_ban_ends_never_and_a_shorter_suspension_does_not_shorten_it(alice, mona, image):
    decide(mona, picture_target(image), ruling(consequence="ban"))
    decide(mona, picture_target(image), ruling(consequence="suspend", days=1))
    alice.refresh_from_db()
    assert alice.suspended_until == FOR_GOOD


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"deed": "eat"}, "Choose what to do"),
        ({"deed": "level"}, "Choose a level"),
        ({"deed": "level", "level": 7}, "Choose a level"),
        ({"consequence": "prison"}, "costs the person"),
        ({"consequence": "suspend"}, "1 to 365"),
        ({"consequence": "suspend", "days": 366}, "1 to 365"),
        ({"reason": " "}, "Give a reason"),
        ({"reason": "x" * 501}, "Give a reason"),
    ],
)
def test_a_ruling_that_says_nothing_is_refused(mona, image, wrong, sentence):
    with pytest.raises(DecisionRefusedError, match=sentence):
        decide(mona, picture_target(image), ruling(**wrong))
    assert AuditEntry.objects.count() == 0


def test_nobody_decides_about_themselves_and_moderators_not_about_administrators(mona, image, alice):
    own = Target(TargetKind.PERSON, mona)
    with pytest.raises(DecisionRefusedError, match="Somebody else"):
        decide(mona, own, ruling())
    User.objects.filter(pk=alice.pk).update(is_superuser=True)
    with pytest.raises(DecisionRefusedError, match="administrator"):
        decide(mona, picture_target(image), ruling(consequence="ban"))


def test_the_person_is_told_after_commit(mona, image, django_capture_on_commit_callbacks):
    told = []

    def listen(sender, *, decision, **kwargs):
        told.append(decision)

    decided.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            decision = decide(mona, picture_target(image), ruling("withhold"))
            assert told == []
    finally:
        decided.disconnect(listen)
    assert told == [decision]
    assert decisions_about(image.owner) == [decision]


def test_an_appeal_once_and_another_moderator_answers_it(alice, mona, image):
    otto = moderator("otto")
    decision = decide(mona, picture_target(image), ruling("withhold", consequence="strike"))
    appeal(alice, decision.pk, "It is a tomato.")
    decision.refresh_from_db()
    with pytest.raises(DecisionTakenError):
        appeal(alice, decision.pk, "Really.")
    with pytest.raises(DecisionRefusedError, match="Another moderator"):
        answer_appeal(mona, decision.pk, granted=False, answer="No.")
    answer_appeal(otto, decision.pk, granted=True, answer="So it is.")
    image.refresh_from_db()
    assert image.withheld_at is None
    assert Strike.objects.get().lifted_at
    with pytest.raises(DecisionTakenError):
        answer_appeal(otto, decision.pk, granted=False, answer="No.")


def test_the_only_moderator_answers_their_own(alice, mona, image):
    decision = decide(mona, picture_target(image), ruling("withhold"))
    appeal(alice, decision.pk, "It is a tomato.")
    answer_appeal(mona, decision.pk, granted=False, answer="It is not.")
    image.refresh_from_db()
    assert image.withheld_at
    assert Appeal.objects.get().is_granted is False


def test_appeals_that_are_refused(alice, bob, mona, image):
    kept, taken = decide(mona, picture_target(image), ruling()), decide(mona, picture_target(image), ruling("withhold"))
    with pytest.raises(DecisionTakenError):
        appeal(alice, kept.pk, "I want to say something.")
    with pytest.raises(DecisionNotFoundError):
        appeal(bob, taken.pk, "Not mine.")
    with pytest.raises(DecisionRefusedError):
        appeal(alice, taken.pk, "  ")
    with pytest.raises(DecisionNotFoundError):
        answer_appeal(mona, taken.pk, granted=True, answer="Nobody asked.")


def test_a_blocked_prompt_is_a_strike_only_where_its_rule_says_so(
    alice, checkpoint, django_capture_on_commit_callbacks
):
    Rule.objects.all().delete()
    Rule.objects.create(name="Mild", patterns="banana")
    Rule.objects.create(name="Hard", patterns="durian", strikes=True, note="No durian.")
    with django_capture_on_commit_callbacks(execute=True):
        submit_prompt(alice, "a banana")
    assert not Strike.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        job = submit_prompt(alice, "a durian")
    strike = Strike.objects.get()
    assert (strike.person, strike.job, strike.reason) == (alice, job, "No durian.")
    assert strike.decision.may_be_appealed


def test_everything_is_on_the_trail_and_stays_there(alice, mona, image):
    decision = decide(mona, picture_target(image), ruling("withhold"))
    appeal(alice, decision.pk, "It is a tomato.")
    answer_appeal(mona, decision.pk, granted=True, answer="So it is.")
    lines = list(AuditEntry.objects.order_by("id").values_list("actor_name", "action", "person_name"))
    assert lines == [
        ("mona", "decide", "alice"),
        ("alice", "appeal", "alice"),
        ("mona", "undo", "alice"),
        ("mona", "grant", "alice"),
    ]
    first = AuditEntry.objects.earliest("id")
    assert first.before["withheld_at"] is None
    assert first.after["withheld_at"]
    for query in ("UPDATE gallery_auditentry SET reason = ''", "DELETE FROM gallery_auditentry"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(query)
    mona.delete()
    assert AuditEntry.objects.earliest("id").actor_name == "mona"


def test_moderators_find_what_was_reported_whatever_became_of_it(bob, mona, image):
    with pytest.raises(CaseNotFoundError):
        target_of("picture", "nonsense")
    report(bob, picture_target(image), "spam")
    Image.objects.filter(pk=image.pk).update(visibility="private", trashed_at=timezone.now())
    assert target_of("picture", str(image.pk)).thing == image
    other = image.job.images.get(index=2)
    Image.objects.filter(pk=other.pk).update(visibility="private")
    with pytest.raises(CaseNotFoundError):
        target_of("picture", str(other.pk))
