"""Reports, decisions and appeals for programs; every answer is held against the schema."""

import pytest

from gallery.models import Report, Strike
from gallery.services.moderating import decide
from tests.factories import finished_job
from tests.gallery.order import moderator, picture_target, ruling
from tests.generation.api.api_client import ApiClient

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"


@pytest.fixture
def mona(db):
    return moderator()


@pytest.fixture
def image(alice, checkpoint, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = finished_job(alice)
    return job.images.get(index=1)


def test_from_report_to_appeal(alice, bob, mona, image):
    body = {"kind": "picture", "target": str(image.pk), "reason": "violence", "text": "Blood."}
    sent = ApiClient(bob).post(f"{ROOT}/reports", body)
    assert (sent.status_code, sent.json()["reason"]) == (201, "violence")
    moderators = ApiClient(mona)
    [case] = moderators.get(f"{ROOT}/moderation/queue").json()["results"]
    assert (case["kind"], case["target"], case["person"]) == ("picture", str(image.pk), "alice")
    decided = moderators.post(
        f"{ROOT}/moderation/picture/{image.pk}", {"deed": "withhold", "consequence": "strike", "reason": "Too much."}
    )
    assert decided.status_code == 201
    assert Strike.objects.get().person == alice
    owner = ApiClient(alice)
    assert owner.get(f"{ROOT}/images/{image.pk}").json()["is_withheld"] is True
    assert ApiClient(bob).get(f"{ROOT}/images/{image.pk}").status_code == 404
    [decision] = owner.get(f"{ROOT}/decisions").json()["results"]
    assert decision["may_be_appealed"] is True
    appeal = f"{ROOT}/decisions/{decision['id']}/appeal"
    assert owner.post(appeal, {"text": "A tomato."}).json()["may_be_appealed"] is False
    again = owner.post(appeal, {"text": "Really."})
    assert (again.status_code, again.json()["code"]) == (409, "decision_taken")


def test_what_is_refused(alice, bob, mona, image):
    asked = ApiClient(bob)
    nowhere = asked.post(f"{ROOT}/reports", {"kind": "picture", "target": "nonsense", "reason": "spam"})
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "case_not_found")
    own = ApiClient(alice).post(f"{ROOT}/reports", {"kind": "person", "target": "alice", "reason": "spam"})
    assert (own.status_code, own.json()["code"]) == (422, "report_refused")
    assert asked.get(f"{ROOT}/moderation/queue").status_code == 404
    assert asked.post(f"{ROOT}/moderation/picture/{image.pk}", {"deed": "keep", "reason": "So."}).status_code == 404
    wrong = ApiClient(mona).post(
        f"{ROOT}/moderation/picture/{image.pk}", {"deed": "keep", "consequence": "suspend", "reason": "So."}
    )
    assert (wrong.status_code, wrong.json()["code"]) == (422, "decision_refused")
    assert not Report.objects.exists()


def test_a_suspended_person_is_refused_everywhere_with_until_and_reason(alice, mona, image):
    decide(mona, picture_target(image), ruling(consequence="suspend", days=2, reason="Spam."))
    program = ApiClient(alice)
    for address, body in (
        (f"{ROOT}/jobs", {"prompt": "a boat"}),
        (f"{ROOT}/images/{image.pk}/actions", {"action": "vary", "strength": "strong"}),
        (f"{ROOT}/images/organize", {"action": "like", "images": [str(image.pk)]}),
        (f"{ROOT}/publications/{image.pk}/comments", {"text": "Words"}),
    ):
        refused = program.post_unchecked(address, body)
        assert refused.status_code == 403, (address, refused.content)
        assert refused.json()["code"] == "suspended"
        assert refused.json()["until"]
        assert refused.json()["reason"] == "Spam."
    assert program.get(f"{ROOT}/images/{image.pk}").status_code == 200
