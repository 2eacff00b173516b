"""Deleting an account: locked at once, everything of it goes, nothing of anybody else does."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.urls import reverse
from django.utils import timezone

from gallery.errors import LastAdministratorError, LeavingRefusedError
from gallery.models import Comment, Leaving, Notification, NotificationKind
from gallery.models.notification import Digest
from gallery.services import leaving, profiles, standing
from gallery.services.commenting import post_comment
from gallery.services.leaving import finish_leavings, leave
from gallery.services.liking import like_picture
from gallery.services.notifying import choose_notifications, tell
from gallery.services.publishing import publish_missed
from generation.jobs import emptying
from generation.models import Collection, CollectionItem, Image, Job, JobSource, JobState, LeftFile, OptionSet, Upload
from mjweb.accounts.models import ApiToken, User
from tests.factories import finished_job, queued_job

PASSWORD = "correct horse"


@pytest.fixture
def gone_at_once(monkeypatch):
    """Files may go however new they are."""
    monkeypatch.setattr(emptying, "IN_USE_S", 0)


@pytest.fixture
def grid(alice, checkpoint) -> list[Image]:
    images = list(finished_job(alice, "a red lighthouse").images.order_by("index"))
    publish_missed()
    return images


def rows_of(person_id: int) -> dict[str, int]:
    """How many rows of each table name this person, whatever the field is called."""
    found = {}
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey) and field.related_model is User and model is not User:
                count = model._base_manager.filter(**{field.attname: person_id}).count()
                found[f"{model.__name__}.{field.name}"] = count
    return found


def a_whole_life(alice: User, bob: User, grid: list[Image]) -> None:
    """Something of alice's in every table that people fill."""
    profiles.edit_profile(alice, about="hello", shows_likes=True)
    profiles.arrange_spotlight(alice, [grid[0].pk])
    profiles.choose_banner(alice, grid[0].pk)
    standing.follow_person(alice, "bob")
    standing.follow_person(bob, "alice")
    standing.mute_person(bob, "alice")
    like_picture(alice, grid[0].pk)
    kinds = [kind.value for kind in NotificationKind]
    choose_notifications(alice, in_page=kinds, by_mail=kinds, digest=Digest.DAILY)
    tell(alice, NotificationKind.FOLLOWED, person=bob)
    collection = Collection.objects.create(owner=alice, name="best")
    CollectionItem.objects.create(collection=collection, image=grid[0])
    OptionSet.objects.create(owner=alice, name="mine", value="--s 100")
    ApiToken.issue(owner=alice, name="test")
    default_storage.save(f"ab/{'ab' * 32}.png", ContentFile(b"upload"))
    Upload.objects.create(owner=alice, width_px=8, height_px=8, sha256="ab" * 32, size_bytes=6)


@pytest.mark.parametrize(
    ("password", "name", "parameter"),
    [("wrong", "alice", "password"), ("", "alice", "password"), (PASSWORD, "Alice", "name"), (PASSWORD, "", "name")],
)
def test_it_needs_the_password_and_the_name_as_it_stands(alice, password, name, parameter):
    with pytest.raises(LeavingRefusedError) as refused:
        leave(alice, password=password, name=name)
    assert refused.value.fields["parameter"] == parameter
    alice.refresh_from_db()
    assert alice.is_active


def test_the_last_administrator_stays(alice, bob):
    User.objects.filter(pk=alice.pk).update(is_superuser=True)
    alice.refresh_from_db()
    with pytest.raises(LastAdministratorError):
        leave(alice, password=PASSWORD, name="alice")
    User.objects.filter(pk=bob.pk).update(is_superuser=True)
    leave(alice, password=PASSWORD, name="alice")


def test_the_account_is_locked_and_hidden_before_anything_is_removed(client, alice, bob, grid):
    client.force_login(alice)
    token = ApiToken.issue(owner=alice, name="test")
    waiting = queued_job(alice)
    leave(alice, password=PASSWORD, name="alice")  # nothing after the commit has run yet
    assert client.get(reverse("my-images")).status_code == HTTPStatus.FOUND
    assert not client.login(username="alice", password=PASSWORD)
    answer = client.get(reverse("api-jobs"), headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == HTTPStatus.UNAUTHORIZED
    assert Job.objects.get(pk=waiting.pk).state == JobState.CANCELED
    client.force_login(bob)
    assert client.get(reverse("people", args=["alice"])).status_code == HTTPStatus.NOT_FOUND
    assert client.get(reverse("image", args=[grid[0].pk])).status_code == HTTPStatus.NOT_FOUND
    assert "alice" not in client.get(reverse("explore")).text


def test_no_row_and_no_file_is_left(alice, bob, grid, gone_at_once, django_capture_on_commit_callbacks):
    a_whole_life(alice, bob, grid)
    person_id, names = alice.pk, [image.original_name for image in grid]
    filled = {name for name, count in rows_of(person_id).items() if count}
    assert {"Profile.person", "Follow.follower", "Upload.owner", "Job.owner", "Notification.recipient"} <= filled
    with django_capture_on_commit_callbacks(execute=True):
        leave(alice, password=PASSWORD, name="alice")
    assert not any(rows_of(person_id).values())
    assert not User.objects.filter(pk=person_id).exists()
    assert not any(default_storage.exists(name) for name in (*names, f"ab/{'ab' * 32}.png"))


def test_content_that_somebody_else_has_too_keeps_its_file(
    alice, bob, grid, gone_at_once, django_capture_on_commit_callbacks
):
    Upload.objects.create(owner=bob, width_px=8, height_px=8, sha256=grid[0].sha256, size_bytes=6)
    with django_capture_on_commit_callbacks(execute=True):
        leave(alice, password=PASSWORD, name="alice")
    assert default_storage.exists(grid[0].original_name)
    assert not default_storage.exists(grid[1].original_name)


def test_files_that_are_too_new_go_by_the_sweep(alice, grid, django_capture_on_commit_callbacks, monkeypatch):
    with django_capture_on_commit_callbacks(execute=True):
        leave(alice, password=PASSWORD, name="alice")
    assert default_storage.exists(grid[0].original_name)
    assert emptying.remove_left_files() == 0
    LeftFile.objects.update(left_at=timezone.now() - timedelta(hours=3))
    monkeypatch.setattr(emptying, "IN_USE_S", 0)
    assert emptying.remove_left_files() == 4
    assert not default_storage.exists(grid[0].original_name)
    assert not LeftFile.objects.exists()


def test_what_others_made_of_it_stays_theirs(alice, bob, grid, django_capture_on_commit_callbacks):
    remix = finished_job(bob, "a blue lighthouse")
    Job.objects.filter(pk=remix.pk).update(source=grid[0])
    JobSource.objects.create(job=remix, position=0, image=grid[0])
    with django_capture_on_commit_callbacks(execute=True):
        leave(alice, password=PASSWORD, name="alice")
    remix.refresh_from_db()
    assert (remix.source, remix.images.count(), remix.sources.get().image) == (None, 4, None)


def test_comments_lose_their_words_and_keep_their_place(alice, bob, grid, client, django_capture_on_commit_callbacks):
    image = finished_job(bob).images.get(index=1)
    publish_missed()
    first = post_comment(alice, image.pk, "alices secret word")
    post_comment(bob, image.pk, "an answer", answered=first.pk)
    with django_capture_on_commit_callbacks(execute=True):
        leave(alice, password=PASSWORD, name="alice")
    kept = Comment.objects.get(pk=first.pk)
    assert (kept.text, kept.author, kept.is_gone) == ("", None, True)
    page = client.get(reverse("comments", args=[image.pk])).text
    assert "an answer" in page
    assert "secret" not in page


def test_what_others_were_told_no_longer_counts_them(alice, bob, grid, django_capture_on_commit_callbacks):
    carol = User.objects.create_user("carol", "carol@example.com", "paper clip moon")
    tell(bob, NotificationKind.FOLLOWED, person=alice)
    tell(bob, NotificationKind.FOLLOWED, person=carol)
    tell(carol, NotificationKind.FOLLOWED, person=alice)
    with django_capture_on_commit_callbacks(execute=True):
        leave(alice, password=PASSWORD, name="alice")
    assert Notification.objects.get().people_count == 1


def test_a_large_account_goes_batch_by_batch(alice, grid, monkeypatch, django_capture_on_commit_callbacks):
    finished_job(alice)
    monkeypatch.setattr(leaving, "BATCH", 3)
    with django_capture_on_commit_callbacks(execute=True):
        leave(alice, password=PASSWORD, name="alice")
    assert (Image.everything.count(), Leaving.objects.count()) == (5, 1)
    assert finish_leavings() == 1
    assert (Image.everything.count(), Leaving.objects.count(), User.objects.count()) == (0, 0, 0)
    assert finish_leavings() == 0


# --- the page


def test_the_page_keeps_the_name_says_what_is_wrong_and_signs_out_in_the_end(
    client, alice, grid, django_capture_on_commit_callbacks
):
    client.force_login(alice)
    address = reverse("account-delete")
    assert "It cannot be brought back." in client.get(address).text
    answer = client.post(address, {"name": "alice", "password": "wrong one"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "That is not your password." in answer.text
    assert 'value="alice"' in answer.text
    assert "wrong one" not in answer.text
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(address, {"name": "alice", "password": PASSWORD})
    assert answer["Location"] == reverse("explore")
    page = client.get(reverse("explore"))
    assert "Your account is deleted." in page.text
    assert "Sign in" in page.text
    assert not User.objects.exists()


def test_the_last_administrator_is_told_why(client, alice):
    User.objects.filter(pk=alice.pk).update(is_superuser=True)
    client.force_login(alice)
    answer = client.post(reverse("account-delete"), {"name": "alice", "password": PASSWORD})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "only administrator" in answer.text
