"""The administration is fit for work: every list is searched, filtered and opened in a fixed number of queries."""

import pytest
from django.contrib import admin
from django.urls import reverse

from gallery.models import AuditEntry, Decision, Report
from gallery.services.moderating import decide
from gallery.services.reporting import report
from generation.models import Image, Job, JobState, PictureLabel, Rule
from mjweb.accounts.models import ApiToken, User
from tests.factories import finished_job, queued_job
from tests.gallery.order import picture_target, ruling

pytestmark = pytest.mark.django_db
OURS = [model for model in admin.site._registry if model._meta.app_label in {"accounts", "gallery", "generation"}]


@pytest.fixture
def root(client, db):
    root = User.objects.create_superuser("root", "root@example.com", "correct horse")
    client.force_login(root)
    return root


@pytest.fixture
def full(root, alice, bob, checkpoint, django_capture_on_commit_callbacks):
    """Some of everything."""
    with django_capture_on_commit_callbacks(execute=True):
        job = finished_job(alice)
    for image in job.images.all():
        report(bob, picture_target(image), "spam")
        decide(root, picture_target(image), ruling("level", level=1, consequence="strike"))
    ApiToken.issue(owner=alice, name="mine")
    return job


def address(model, page: str = "changelist", *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.model_name)
def test_every_list_opens_and_searches_in_few_queries(client, full, model, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        assert client.get(address(model)).status_code == 200
    assert client.get(address(model), {"q": "alice"}).status_code in {200, 302}
    manager = getattr(model, "everything", model.objects)
    if row := manager.first():
        assert client.get(address(model, "change", row.pk)).status_code == 200


def test_rows_that_are_looked_at_are_changed_nowhere(client, full):
    for model in (Image, Report, Decision, AuditEntry, Job):
        assert client.get(address(model, "add")).status_code == 403
        row = model.objects.first()
        assert client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert AuditEntry.objects.count() == 4


def test_pictures_are_withheld_and_shown_again_as_decisions(client, full):
    images = list(full.images.all())
    values = {"action": "withhold", "_selected_action": [image.pk for image in images]}
    assert "4 decided." in client.post(address(Image), values, follow=True).text
    assert not Image.objects.filter(withheld_at=None).exists()
    client.post(address(Image), {**values, "action": "show_again"})
    assert Image.objects.filter(withheld_at=None).count() == 4
    assert AuditEntry.objects.filter(action="decide").count() == 12


def test_jobs_are_canceled(client, root, alice, checkpoint):
    waiting = queued_job(alice)
    values = {"action": "cancel", "_selected_action": [waiting.pk]}
    assert "1 canceled." in client.post(address(Job), values, follow=True).text
    waiting.refresh_from_db()
    assert waiting.state == JobState.CANCELED


def test_rules_are_written_through_their_service(client, root):
    Rule.objects.all().delete()
    values = {"name": "Fruit", "patterns": "pear", "action": "block", "is_active": "on"}
    assert client.post(address(Rule, "add"), values).status_code == 302
    rule = Rule.objects.get()
    assert "Another rule has this name." in client.post(address(Rule, "add"), values).text
    Rule.objects.update(is_fixed=True)
    assert "take nothing away" in client.post(address(Rule, "change", rule.pk), {**values, "patterns": "plum"}).text
    assert client.post(address(Rule, "delete", rule.pk), {"post": "yes"}).status_code == 403
    assert client.post(address(Rule, "change", rule.pk), {**values, "patterns": "pear\nplum"}).status_code == 302
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == ["rule", "rule"]


def test_labels_are_on_the_trail(client, root):
    PictureLabel.objects.all().delete()
    values = {"name": "Cats", "words": "a cat", "threshold": "0.5", "finding": "level-1", "is_active": "on"}
    assert client.post(address(PictureLabel, "add"), values).status_code == 302
    label = PictureLabel.objects.get()
    client.post(address(PictureLabel, "change", label.pk), {**values, "threshold": "0.9"})
    last = AuditEntry.objects.latest("id")
    assert (last.before["threshold"], last.after["threshold"]) == (0.5, 0.9)
    assert "between" in client.post(address(PictureLabel, "change", label.pk), {**values, "threshold": "2"}).text or (
        PictureLabel.objects.get().threshold == 0.9
    )
