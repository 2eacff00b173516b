"""Rules before any GPU second: what is blocked, what gets a level or a note, and what that costs."""

import pytest

from generation.contracts import PromptPart
from generation.errors import ActionNotPossibleError
from generation.jobs import records
from generation.jobs.moderation import Judged, judge, rules_in_force
from generation.jobs.moderation_defaults import install_defaults
from generation.jobs.services import submit_prompt, submit_prompts
from generation.models import Image, JobState, PictureLabel, Rule
from tests.factories import finished_job, queued_job

pytestmark = pytest.mark.django_db


@pytest.fixture
def no_rules(db):
    Rule.objects.all().delete()


@pytest.fixture
def defaults(no_rules):
    install_defaults(Rule, PictureLabel)


def verdict(text: str, kept_out: str = ""):
    return judge(Judged.read(text, kept_out), rules_in_force())


def test_a_blocked_prompt_is_a_job_that_says_why_and_costs_nothing(alice, checkpoint, no_rules):
    Rule.objects.create(name="Bananas", patterns="banana*", note="No fruit here.")
    job = submit_prompt(alice, "three bananas on a table")
    assert (job.state, job.error_code, job.error_sentence) == (JobState.BLOCKED, "blocked_by_rule", "No fruit here.")
    assert job.finished_at
    assert records.claim_job("worker", checkpoints=[job.checkpoint.name]) is None
    job.refresh_from_db()
    assert (job.state, job.prompt, job.engine_ms) == (JobState.BLOCKED, "three bananas on a table", 0)


def test_of_a_permutation_only_what_the_rule_means_is_blocked(alice, checkpoint, no_rules):
    Rule.objects.create(name="Bananas", patterns="banana")
    jobs = submit_prompts(alice, "a {banana, pear} on a table")
    assert [job.state for job in jobs] == [JobState.BLOCKED, JobState.QUEUED]
    assert "“Bananas”" in jobs[0].error_sentence


def test_blocked_jobs_take_no_place_in_the_line(alice, checkpoint, no_rules, settings):
    settings.MJWEB_MAX_WAITING_JOBS = 1
    Rule.objects.create(name="Bananas", patterns="banana")
    for _ in range(3):
        assert submit_prompt(alice, "a banana").state == JobState.BLOCKED
    assert submit_prompt(alice, "a pear").state == JobState.QUEUED


def test_a_warning_is_a_note_and_a_level_comes_to_the_pictures(alice, checkpoint, no_rules):
    Rule.objects.create(name="Hot", patterns="fire", action="warn", note="Careful.")
    Rule.objects.create(name="Red", patterns="red", action="level-1")
    Rule.objects.create(name="Very red", patterns="crimson", action="level-2")
    job = finished_job(alice, "a red fire")
    assert [note["sentence"] for note in job.notes if note["code"] == "warned_by_rule"] == ["Careful."]
    assert job.level == 1
    assert set(Image.objects.filter(job=job).values_list("level", flat=True)) == {1}
    assert queued_job(alice, "crimson and red").level == 2


def test_a_rule_that_is_off_says_nothing(alice, checkpoint, no_rules):
    Rule.objects.create(name="Bananas", patterns="banana", is_active=False)
    assert submit_prompt(alice, "a banana").state == JobState.QUEUED


def test_contexts(no_rules):
    Rule.objects.create(name="Guns", patterns="gun", with_any="school\nchurch", unless="water gun\ntoy")
    assert verdict("a gun in a school").blocked
    assert not verdict("a gun").blocked
    assert not verdict("a water gun in a school").blocked


def test_keeping_something_out_is_not_asking_for_it_but_no_clothes_is(no_rules):
    Rule.objects.create(name="Nude", patterns="nude\nno clothes")
    assert not verdict("a man", "nude, gore").rules
    assert verdict("a man", "hats, clothes").rules
    assert verdict("a man with no clothes").rules


def test_what_is_kept_out_is_read_from_the_plan(alice, checkpoint, no_rules):
    Rule.objects.create(name="Nude", patterns="no clothes")
    assert submit_prompt(alice, "a man --no clothes").state == JobState.BLOCKED


@pytest.mark.parametrize(
    "text",
    [
        "a nude child",
        "naked 13 year old",
        "l0li hentai",
        "sexy ѕchoolgirl",  # noqa: RUF001 - its first letter is Cyrillic
        "n a k e d kids",
        "裸体小女孩",
        "teenagers having sex",
    ],
)
def test_the_rule_that_is_always_on(defaults, text):
    held = verdict(text).blocked
    assert held is not None
    assert held.is_fixed
    assert held.strikes


@pytest.mark.parametrize(
    "text",
    [
        "a red lighthouse by the sea",
        "a child with a kite",
        "a kind man in a garden",
        "baby blue vase on a table",
        "children playing in a schoolyard",
        "海边的灯塔",
        "a boy and his dog, oil painting",
    ],
)
def test_what_everybody_paints_is_free(defaults, text):
    assert not verdict(text).rules


def test_nudity_of_adults_is_a_level_and_not_forbidden(defaults):
    said = verdict("a nude woman, oil painting")
    assert not said.blocked
    assert said.level == 1
    assert verdict("hentai").level == 2


def test_defaults_come_once_and_leave_what_was_changed(defaults):
    Rule.objects.filter(name="Gore").update(patterns="mud")
    install_defaults(Rule, PictureLabel)
    assert Rule.objects.get(name="Gore").patterns == "mud"
    assert Rule.objects.filter(name="Gore").count() == 1


def test_what_is_made_of_a_picture_is_at_least_of_its_level(alice, checkpoint, no_rules):
    image = finished_job(alice).images.first()
    Image.objects.filter(pk=image.pk).update(level=2)
    assert submit_prompt(alice, "a boat", remix_of=image.pk).level == 2
    assert submit_prompt(alice, f"image:{image.pk} a boat").level == 2
    assert submit_prompt(alice, "a boat").level == 0


def test_nothing_is_made_of_a_withheld_picture(alice, checkpoint, no_rules):
    image = finished_job(alice).images.first()
    Image.objects.filter(pk=image.pk).update(withheld_at=image.created_at)
    with pytest.raises(ActionNotPossibleError, match="withheld"):
        submit_prompt(alice, "a boat", remix_of=image.pk)


def test_judged_is_what_the_engine_would_be_given(alice, checkpoint, no_rules):
    Rule.objects.create(name="Bananas", patterns="banana")
    job = queued_job(alice, "a tree:: a pear::2")
    assert job.plan.parts[1] == PromptPart("a pear", 2)
    assert submit_prompt(alice, "a tree:: a banana::2").state == JobState.BLOCKED
