"""From typed text to jobs: pictures that it names, notes, several jobs at once, what a person prefers."""

from __future__ import annotations

import io
from importlib import import_module
from threading import Barrier, Thread

import pytest
from django.db import connection
from PIL import Image as Pillow

from generation.contracts import AdapterUse, SourceUse
from generation.errors import (
    IdempotencyMismatchError,
    ImageNotFoundError,
    OptionSetNotFoundError,
    OptionSetRefusedError,
    PictureRefusedError,
    QueueFullError,
    UploadNotFoundError,
)
from generation.jobs import option_sets, pictures, preferences, records, services
from generation.jobs.adapters import add_adapter
from generation.jobs.uploads import keep_upload
from generation.models import Job, JobSource, Lane, PromptGroup, SourceRole, Upload
from generation.prompts.problems import PromptErrors
from tests.factories import claimed, finished_job
from tests.generation.adapter_files import write_lora

pytestmark = pytest.mark.django_db


def png(color: tuple[int, int, int] = (250, 0, 0), size: tuple[int, int] = (60, 40)) -> bytes:
    out = io.BytesIO()
    Pillow.new("RGB", size, color).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def elsewhere(monkeypatch):
    """What lies at addresses elsewhere; `asked` are those that were fetched."""

    class Elsewhere(dict):
        asked: list[str] = []

    found = Elsewhere()
    found.asked = []

    def fetch(address, deadline):
        found.asked.append(address)
        if address not in found:
            raise PictureRefusedError(f"{address} could not be reached.")
        return found[address]

    monkeypatch.setattr(pictures, "fetch", fetch)
    return found


def problem(owner, text: str, **options):
    with pytest.raises(PromptErrors) as refused:
        services.submit_prompts(owner, text, **options)
    assert not Job.objects.exists()
    [one] = refused.value.problems
    return one


# Pictures.


def test_every_kind_of_reference_becomes_a_source_in_the_plans_order(alice, bob, checkpoint, elsewhere):
    image = finished_job(bob).images.get(index=1)
    upload = keep_upload(alice, png())
    elsewhere["https://example.com/a.png"] = png((0, 0, 250))
    job = services.submit_prompt(
        alice, f"https://example.com/a.png image:{image.pk} a boat --iw 2 --sref upload:{upload.pk} --seed 7"
    )
    rows = list(job.sources.order_by("position"))
    assert [row.role for row in rows] == [SourceRole.IMAGE, SourceRole.IMAGE, SourceRole.STYLE]
    assert [row.image for row in rows] == [None, image, None]
    fetched = Upload.objects.get(origin="https://example.com/a.png")
    assert [row.upload for row in rows] == [fetched, None, upload]
    assert fetched.owner == alice
    assert len(job.plan.source_uses) == 3
    assert claimed(job).source_names == (fetched.original_name, image.original_name, upload.original_name)


def test_a_picture_is_fetched_once_however_often_it_is_named(alice, checkpoint, elsewhere):
    elsewhere["https://example.com/a.png"] = png()
    services.submit_prompts(alice, "https://example.com/a.png a {red, blue} boat --sref https://example.com/a.png")
    assert elsewhere.asked == ["https://example.com/a.png"]
    assert Upload.objects.count() == 1


def test_the_address_of_a_picture_of_this_server_is_that_picture(alice, checkpoint, elsewhere):
    image = finished_job(alice).images.get(index=1)
    for address in (f"http://localhost:8000/media/{image.pk}.png", f"http://testserver/images/{image.pk}/"):
        found = pictures.find_pictures(alice, [address])
        assert found[address].image == image
    assert elsewhere.asked == []


def test_other_peoples_private_pictures_and_uploads_do_not_exist(alice, bob, checkpoint):
    image = finished_job(bob, "a boat --stealth").images.get(index=1)
    upload = keep_upload(bob, png())
    before = Job.objects.count()
    for reference, error in ((f"image:{image.pk}", ImageNotFoundError), (f"upload:{upload.pk}", UploadNotFoundError)):
        with pytest.raises(error):
            services.submit_prompts(alice, f"{reference} a fox")
        with pytest.raises(error):
            services.submit_prompts(alice, f"a fox --sref {reference}")
    assert Job.objects.count() == before


def test_a_server_may_fetch_nothing(alice, checkpoint, settings, elsewhere):
    settings.MJWEB_FETCH_URLS = False
    with pytest.raises(PictureRefusedError, match="Upload"):
        services.submit_prompts(alice, "https://example.com/a.png a fox")
    assert elsewhere.asked == []


def test_a_dead_address_makes_no_job(alice, checkpoint, elsewhere):
    with pytest.raises(PictureRefusedError):
        services.submit_prompts(alice, "https://example.com/dead.png a {red, blue} fox")
    assert not Job.objects.exists()


def test_a_zoom_keeps_the_shape_of_its_picture(alice, checkpoint):
    upload = keep_upload(alice, png(size=(200, 100)))
    plan = services.submit_prompt(alice, f"upload:{upload.pk} a fox --zoom 2").plan
    assert plan.width_px > plan.height_px
    assert plan.repaint.placement is not None
    assert plan.source_uses == (SourceUse(start=1.0),)
    said = f"upload:{upload.pk} a fox --zoom 1"
    Job.objects.all().delete()
    found = problem(alice, said)
    assert said[found.start : found.end] == "--zoom 1"


def test_vary_upscale_and_reroll_have_their_sources(alice, checkpoint):
    upload = keep_upload(alice, png())
    job = finished_job(alice, f"upload:{upload.pk} a fox")
    image = job.images.get(index=1)
    for made in (services.vary_image(alice, image.pk), services.upscale_image(alice, image.pk)):
        assert [row.image for row in made.sources.all()] == [image]
    again = services.reroll_job(alice, job.pk)
    assert [(row.upload, row.role) for row in again.sources.all()] == [(upload, SourceRole.IMAGE)]


def test_a_deleted_picture_leaves_its_place_empty(alice, checkpoint):
    upload = keep_upload(alice, png())
    job = services.submit_prompt(alice, f"upload:{upload.pk} a fox")
    upload.delete()
    assert claimed(job).source_names == ("",)
    assert JobSource.objects.count() == 1


# What a model cannot do, and what is noted.


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("a fox --sampler flow_euler --ar 3:2", "--sampler flow_euler"),
        ("a fox --hires 4 --ar 3:1", "--hires 4"),
        ("a fox --lora nothing:.5", "--lora nothing:.5"),
    ],
)
def test_what_the_model_cannot_do_is_refused_where_it_stands(alice, checkpoint, text, wrong):
    found = problem(alice, text)
    assert text[found.start : found.end] == wrong
    assert found.sentence.endswith(".")


def test_a_lora_is_worn_by_its_weight(alice, checkpoint, tmp_path):
    add_adapter(str(write_lora(tmp_path / "ink.safetensors")))
    assert services.submit_prompt(alice, "a fox --lora INK:.5").plan.adapters == (AdapterUse("ink", 0.5),)


def test_what_changes_nothing_is_stored_with_the_job(alice, checkpoint):
    job = services.submit_prompt(alice, "a boat --v 7 --sameseed 3")
    job.refresh_from_db()
    assert [note["code"] for note in job.notes] == ["noted", "one_picture"]
    assert job.plan.seeds == (3,)
    assert services.submit_prompt(alice, "a boat").notes == []


def test_relax_is_the_relaxed_lane(alice, checkpoint):
    assert services.submit_prompt(alice, "a boat --relax").lane == Lane.RELAXED
    assert services.submit_prompt(alice, "a boat").lane == Lane.FAST


# Several at once.


def test_permutations_are_one_job_each_of_one_group_in_order(alice, checkpoint):
    jobs = services.submit_prompts(alice, "a {red, green} boat in the {fog, sun}")
    assert [job.prompt for job in jobs] == [
        "a red boat in the fog", "a red boat in the sun", "a green boat in the fog", "a green boat in the sun"
    ]  # fmt: skip
    group = PromptGroup.objects.get()
    assert group.prompt == "a {red, green} boat in the {fog, sun}"
    assert list(group.jobs.order_by("group_place")) == jobs
    assert len({job.plan.seeds for job in jobs}) == 4


def test_one_job_is_in_no_group(alice, checkpoint):
    assert services.submit_prompt(alice, "a boat").group is None
    assert services.submit_prompts(alice, "a boat --repeat 1")[0].group is None
    assert not PromptGroup.objects.exists()


def test_a_repeated_seed_goes_on_so_that_no_picture_comes_twice(alice, checkpoint):
    jobs = services.submit_prompts(alice, "a boat --seed 4294967290 --repeat 3")
    seeds = [seed for job in jobs for seed in job.plan.seeds]
    assert seeds == [(4294967290 + number) % 2**32 for number in range(12)]
    assert [len(job.notes) for job in jobs] == [0, 1, 1]
    assert all("repeat" not in job.prompt for job in jobs)


def test_too_many_are_refused_before_any_exists(alice, checkpoint, settings):
    settings.MJWEB_MAX_JOBS_PER_PROMPT = 5
    found = problem(alice, "a {red, green} {boat, fox} --repeat 2")
    assert (found.code, "8 jobs" in found.sentence) == ("too_many_jobs", True)
    assert problem(alice, "{a, b}" * 60).code == "too_many_jobs"


def test_all_find_room_in_line_or_none(alice, checkpoint, settings):
    settings.MJWEB_MAX_WAITING_JOBS = 4
    services.submit_prompt(alice, "a boat")
    with pytest.raises(QueueFullError, match="makes 4 jobs, and you have room for 3 of 4"):
        services.submit_prompts(alice, "a boat --repeat 4")
    assert Job.objects.count() == 1
    assert len(services.submit_prompts(alice, "a boat --repeat 3")) == 3


def test_a_child_that_cannot_be_made_keeps_the_others_from_being_made(alice, checkpoint):
    assert problem(alice, "a boat {--hires 2, --hires 4 --ar 3:1}").code == "not_with_this_model"


def test_the_relaxed_lane_takes_one_at_a_time(alice, checkpoint):
    assert problem(alice, "a {red, blue} boat --relax").code == "several_relaxed"
    preferences.keep_preferences(alice, defaults="--relax")
    assert problem(alice, "a {red, blue} boat").code == "several_relaxed"
    assert len(services.submit_prompts(alice, "a {red, blue} boat --fast")) == 2


def test_a_key_stands_for_all_of_them(alice, checkpoint, elsewhere):
    elsewhere["https://example.com/a.png"] = png()
    text = "https://example.com/a.png a {red, blue} boat"
    first = services.submit_prompts(alice, text, idempotency_key="k")
    assert services.submit_prompts(alice, text, idempotency_key="k") == first
    assert elsewhere.asked == ["https://example.com/a.png"]
    with pytest.raises(IdempotencyMismatchError):
        services.submit_prompts(alice, "a {red, green} boat", idempotency_key="k")
    assert Job.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_simultaneous_requests_with_one_key_make_one_group(alice, checkpoint):
    barrier, made = Barrier(4), []

    def press() -> None:
        barrier.wait()
        made.append([job.pk for job in services.submit_prompts(alice, "a boat --repeat 3", idempotency_key="same")])
        connection.close()

    threads = [Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert all(one == made[0] for one in made)
    assert (Job.objects.count(), PromptGroup.objects.count()) == (3, 1)


# What a person prefers.


def test_an_option_set_stands_for_its_value(alice, bob, checkpoint):
    option_sets.keep_option_set(alice, "Mine", "watercolor --ar 2:1")
    job = services.submit_prompt(alice, "a boat --mine")
    assert (job.plan.width_px > job.plan.height_px, "watercolor" in job.prompt) == (True, True)
    with pytest.raises(PromptErrors):
        services.submit_prompt(bob, "a boat --mine")


def test_precedence_is_prompt_then_set_then_suffix_then_account(alice, checkpoint):
    option_sets.keep_option_set(alice, "mine", "--stop 20 --chaos 20")
    preferences.keep_preferences(
        alice, suffix="--stop 30 --chaos 30 --weird 30", defaults="--weird 40 --tile --stop 40"
    )
    plan = services.submit_prompt(alice, "a boat --mine --stop 100").plan
    assert (plan.stages[0].stop, plan.chaos, plan.weird, plan.seamless) == (1.0, 20, 30, True)


def test_a_suffix_is_put_behind_every_permutation_once(alice, checkpoint):
    preferences.keep_preferences(alice, suffix="in fog --chaos 10")
    jobs = services.submit_prompts(alice, "a {red, blue} boat")
    assert [(job.prompt.count("in fog"), job.plan.chaos) for job in jobs] == [(1, 10), (1, 10)]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ar", "--chaos 5", "already"), ("AR", "--chaos 5", "already"), ("a b", "x", "name"), ("1a", "x", "name"),
        ("x" * 41, "y", "40"), ("self", "--self", "never ends"), ("mine", "x" * 1001, "1,000"),
    ],
)  # fmt: skip
def test_what_no_option_set_may_be(alice, name, value, said):
    with pytest.raises(OptionSetRefusedError, match=said):
        option_sets.keep_option_set(alice, name, value)


def test_option_sets_do_not_name_each_other_in_a_circle(alice):
    option_sets.keep_option_set(alice, "one", "--two")
    with pytest.raises(OptionSetRefusedError):
        option_sets.keep_option_set(alice, "two", "fog --one")


def test_an_empty_value_drops_a_set_and_there_is_an_end_to_them(alice, bob, monkeypatch):
    monkeypatch.setattr(option_sets, "MOST_SETS", 1)
    option_sets.keep_option_set(alice, "mine", "--ar 3:2")
    assert option_sets.keep_option_set(alice, "MINE", "--ar 2:3").value == "--ar 2:3"
    with pytest.raises(OptionSetRefusedError):
        option_sets.keep_option_set(alice, "other", "fog")
    with pytest.raises(OptionSetNotFoundError):
        option_sets.own_option_set(bob, "mine")
    assert option_sets.keep_option_set(alice, "mine", "  ") is None
    with pytest.raises(OptionSetNotFoundError):
        option_sets.drop_option_set(alice, "mine")


@pytest.mark.parametrize("wrong", [{"suffix": "--ar x"}, {"suffix": "{a, b}"}, {"defaults": "--nothing 5"}])
def test_preferences_with_which_nothing_could_be_read_are_refused(alice, wrong):
    with pytest.raises(PromptErrors):
        preferences.keep_preferences(alice, **wrong)
    assert preferences.preferences_of(alice).suffix == preferences.preferences_of(alice).defaults == ""


def test_sources_are_read_in_order_even_if_they_were_written_out_of_it(alice, checkpoint):
    upload, other = keep_upload(alice, png()), keep_upload(alice, png((0, 250, 0)))
    job = services.submit_prompt(alice, f"upload:{upload.pk} upload:{other.pk}")
    job.sources.filter(position=0).update(position=9)
    assert [row.upload for row in records.sources_of(job)] == [other, upload]


def test_jobs_of_before_get_the_source_that_their_plan_starts_from(alice, checkpoint):
    image = finished_job(alice).images.get(index=1)
    varied = services.vary_image(alice, image.pk)
    services.submit_prompt(alice, "a boat", remix_of=image.pk)
    JobSource.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(import_module("generation.migrations.0007_fill_job_sources").FILL)
    assert [(row.job, row.image, row.position) for row in JobSource.objects.all()] == [(varied, image, 0)]
