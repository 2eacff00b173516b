"""Somebody of each kind, and things of Alice, for tests of who may do what."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gallery.models import Appeal, Block, Comment, Decision, Follow, Notification, NotificationKind, Report
from generation.jobs import questions
from generation.jobs.collecting import create_collection, keep_search
from generation.jobs.services import submit_prompts
from generation.jobs.uploads import keep_upload
from generation.models import OptionSet, Rule
from mjweb.accounts.models import User
from tests.architecture.permissions import PEOPLE
from tests.factories import finished_job
from tests.gallery.order import moderator
from tests.generation.api.test_uploads import picture


@pytest.fixture
def clients(alice) -> dict[str, Client]:
    """Somebody of each kind, signed in; Alice is the owner of everything."""
    people = {"owner": alice, "moderator": moderator()}
    people["admin"] = User.objects.create_superuser("root", "root@example.com", "correct horse")
    for name in ("stranger", "follower", "blocked"):
        people[name] = User.objects.create_user(name, f"{name}@example.com", "correct horse")
    Follow.objects.create(follower=people["follower"], followed=alice)
    Block.objects.create(person=alice, blocked=people["blocked"])
    clients = {name: Client() for name in PEOPLE}
    for name, person in people.items():
        clients[name].force_login(person)
    return clients


@pytest.fixture
def things(alice, checkpoint, django_capture_on_commit_callbacks) -> dict[str, Any]:
    """Values for the parameters of addresses, all of them Alice's."""
    with django_capture_on_commit_callbacks(execute=True):
        job = finished_job(alice, "a lighthouse --ar 3:2")
    image = job.images.get(index=1)
    [in_group, _] = submit_prompts(alice, "a {red, blue} boat")
    comment = Comment.objects.create(publication=image.publication, author=alice, text="Mine")
    decision = Decision.objects.create(kind="person", person=alice, deed="keep", consequence="strike", reason="So.")
    Report.objects.create(image=image, reason="spam")
    appealed = Decision.objects.create(kind="person", person=alice, deed="keep", consequence="strike", reason="So.")
    Appeal.objects.create(decision=appealed, text="No.")
    asked = questions.Question(kind="describe", file=image.original_name, model=checkpoint.name)
    questions.give_answer("nobody", asked, {"prompts": ["a lighthouse"], "shown": []}, "clip-of-this-test")
    return {
        "image_id": image.pk, "side_px": 320, "job_id": job.pk, "group_id": in_group.group_id,
        "moderation-answer": {"decision_id": appealed.pk},
        "comment_id": comment.pk, "decision_id": decision.pk, "kind": "picture", "key": str(image.pk),
        "collection_id": create_collection(alice, "Mine").pk, "search_id": keep_search(alice, "mine", "is:liked").pk,
        "upload_id": keep_upload(alice, picture()).pk, "username": "alice", "token": "nonsense",
        "name": OptionSet.objects.create(owner=alice, name="mine", value="--ar 3:2").name,
        "notification_id": Notification.objects.create(
            recipient=alice, kind=NotificationKind.values[0], image=image, group_key="liked", updated_at=timezone.now()
        ).pk,
        "rule_id": Rule.objects.create(name="A rule of this test", patterns="zzz").pk,
    }  # fmt: skip
