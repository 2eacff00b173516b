"""The bridge between an engine's events and the job's rows.

The engine here only replays events: the test is about the bridge.
"""

import base64
import io
import json
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.core.files.storage import default_storage
from PIL import Image as Pillow

from generation.contracts import AdapterUse, Progressed, Raster, RenderCanceled, Rendered, RenderFailed, RenderRequest
from generation.jobs import records, services
from generation.jobs.adapters import add_adapter
from generation.jobs.uploads import keep_upload
from generation.models import Job, JobState
from generation.workers.bridge import Bridge, preview_url
from tests.factories import claimed, finished_job, queued_job
from tests.generation.adapter_files import write_lora
from tests.generation.workers.judges import the_judge

PICTURE = Raster(128, 128, bytes(range(256)) * 192)
SMALL = Raster(16, 16, bytes(768))


class ReplayedEngine:
    """Plays the given scenes when a request comes in, and answers a cancel as the engine does."""

    def __init__(self, *scenes: Callable[[RenderRequest], object]) -> None:
        self.scenes = scenes
        self.request: RenderRequest | None = None
        self.canceled = threading.Event()

    def submit(self, request, listener):
        self.request, self.listener = request, listener
        for scene in self.scenes:
            listener(scene(request))

    def cancel(self, request_id):
        self.canceled.set()
        self.listener(RenderCanceled(request_id=request_id))


def progressed(request):
    return Progressed(request_id=request.request_id, step=1, steps=25, preview=(SMALL,) * 4)


def rendered(request):
    return Rendered(request_id=request.request_id, pictures=(PICTURE,) * len(request.plan.seeds), engine_ms=321)


def read(name: str) -> bytes:
    with default_storage.open(name) as file:
        return file.read()


def run(claim, engine, *, draining=False):
    Bridge(claim, engine, the_judge(), is_draining=lambda: draining).run()


def test_a_rendered_job_has_its_pictures_files_and_numbers(alice, checkpoint):
    job = queued_job(alice, "a boat --seed 3 --no fog")
    run(claimed(job), ReplayedEngine(progressed, rendered))
    job.refresh_from_db()
    assert (job.state, job.engine_ms) == (JobState.SUCCEEDED, 321)
    image = job.images.get(index=2)
    assert (image.seed, image.width_px) == (4, 128)
    with Pillow.open(io.BytesIO(read(image.original_name))) as png:
        assert png.convert("RGB").tobytes() == PICTURE.rgb
        assert "Negative prompt: fog" in png.text["parameters"]
        assert "Seed: 4" in png.text["parameters"]
        assert json.loads(png.text["mjweb"])["plan"]["seeds"] == [3, 4, 5, 6]
    for side_px in (320, 640):
        assert Pillow.open(io.BytesIO(read(image.rendition_name(side_px)))).format == "WEBP"


def test_progress_is_written_and_shown_with_a_preview(alice, checkpoint, monkeypatch):
    engine, shown = ReplayedEngine(progressed), []

    def show(snapshot, owner_id):
        shown.append(snapshot)
        if len(shown) == 1:
            engine.listener(rendered(engine.request))

    monkeypatch.setattr(records, "publish", show)
    run(claimed(queued_job(alice)), engine)
    assert (shown[0].state, shown[0].step, shown[0].steps) == ("running", 1, 25)
    assert shown[0].preview.startswith("data:image/webp;base64,")
    assert shown[1].state == "finishing"
    assert shown[1].version > shown[0].version


@pytest.mark.parametrize(("pictures", "size"), [(1, (16, 16)), (4, (32, 32)), (6, (48, 32)), (9, (48, 48))])
def test_a_preview_lays_the_pictures_out_as_squarely_as_it_can(pictures, size):
    url = preview_url(Progressed(request_id="r", step=1, steps=2, preview=(SMALL,) * pictures))
    with Pillow.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))) as preview:
        assert preview.size == size


def test_progress_that_piled_up_is_skipped_but_its_preview_is_not(alice, checkpoint, monkeypatch):
    later = [lambda r, n=n: Progressed(request_id=r.request_id, step=n, steps=25) for n in (2, 3)]
    engine, shown, job = ReplayedEngine(progressed, *later), [], queued_job(alice)

    def show(snapshot, owner_id):
        shown.append(snapshot)
        if len(shown) == 1:
            engine.listener(rendered(engine.request))

    monkeypatch.setattr(records, "publish", show)
    run(claimed(job), engine)
    assert [(s.state, s.step, bool(s.preview)) for s in shown[:1]] == [("running", 3, True)]


def test_a_failed_request_fails_its_job_with_the_engines_sentence(alice, checkpoint):
    job = queued_job(alice)
    run(
        claimed(job),
        ReplayedEngine(lambda r: RenderFailed(request_id=r.request_id, code="out_of_memory", sentence="Too large.")),
    )
    job.refresh_from_db()
    assert (job.state, job.error_code, job.error_sentence) == (JobState.FAILED, "out_of_memory", "Too large.")


def test_a_cancel_reaches_the_engine_and_no_picture_is_written(alice, checkpoint):
    job = queued_job(alice)

    def canceled_meanwhile(request):
        services.cancel_job(alice, job.pk)
        return progressed(request)

    engine = ReplayedEngine(canceled_meanwhile)
    run(claimed(job), engine)
    assert engine.canceled.is_set()
    job.refresh_from_db()
    assert job.state == JobState.CANCELED
    assert not job.images.exists()


def test_silence_of_the_engine_renews_the_lease(alice, checkpoint, settings, monkeypatch):
    job, engine, leases = queued_job(alice), ReplayedEngine(), []
    claim = claimed(job)
    settings.MJWEB_LEASE_S = 0.3
    Job.objects.filter(pk=job.pk).update(lease_until=None)
    renew = records.renew_lease

    def once(held):
        is_ours = renew(held)
        leases.append(Job.objects.get(pk=job.pk).lease_until)
        engine.listener(RenderFailed(request_id="r", code="x", sentence="y"))
        return is_ours

    monkeypatch.setattr(records, "renew_lease", once)
    run(claim, engine)
    assert leases != []
    assert None not in leases


def test_a_stopping_worker_gives_the_job_back(alice, checkpoint):
    job = queued_job(alice)
    engine = ReplayedEngine(progressed)
    run(claimed(job), engine, draining=True)
    job.refresh_from_db()
    assert (job.state, job.attempt) == (JobState.QUEUED, 0)


def test_an_error_in_the_worker_ends_as_the_jobs_own_failure(alice, checkpoint, monkeypatch):
    def full_disk(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("generation.workers.bridge.store_pictures", full_disk)
    job = queued_job(alice)
    run(claimed(job), ReplayedEngine(rendered))
    job.refresh_from_db()
    assert (job.state, job.error_code) == (JobState.FAILED, "worker_error")


def test_an_upscale_starts_from_the_pixels_of_its_source(alice, checkpoint):
    image = finished_job(alice).images.get(index=1)
    engine = ReplayedEngine(rendered)
    run(claimed(services.upscale_image(alice, image.pk)), engine)
    with Pillow.open(io.BytesIO(read(image.original_name))) as source:
        assert engine.request.sources[0].rgb == source.convert("RGB").tobytes()


def test_the_engine_gets_every_picture_that_a_prompt_names_in_the_plans_order(alice, checkpoint):
    image = finished_job(alice).images.get(index=1)
    out = io.BytesIO()
    Pillow.new("RGB", (30, 20), (0, 0, 250)).save(out, "PNG")
    upload = keep_upload(alice, out.getvalue())
    engine = ReplayedEngine(rendered)
    run(claimed(services.submit_prompt(alice, f"upload:{upload.pk} a boat --sref image:{image.pk}")), engine)
    first, second = engine.request.sources
    assert (first.width_px, first.height_px, first.rgb[:3]) == (30, 20, bytes((0, 0, 250)))
    assert (second.width_px, len(engine.request.plan.source_uses)) == (image.width_px, 2)


@pytest.mark.parametrize("is_deleted", [True, False])
def test_a_job_whose_picture_is_gone_fails_with_that_sentence(alice, checkpoint, is_deleted):
    image = finished_job(alice).images.get(index=1)
    job = services.vary_image(alice, image.pk)
    if is_deleted:
        image.delete()
    else:
        default_storage.delete(image.original_name)
    engine = ReplayedEngine()
    engine.listener = [].append  # nothing is ever submitted
    run(claimed(job), engine)
    job.refresh_from_db()
    assert (job.state, job.error_code) == (JobState.FAILED, "picture_gone")


@pytest.mark.parametrize(
    ("given", "expected"), [("a::2 b::1 --seed 1", "a :2 AND b :1"), ("a boat --seed 1", "a boat")]
)
def test_the_parameters_text_begins_with_the_words(alice, checkpoint, given, expected):
    job = queued_job(alice, given)
    run(claimed(job), ReplayedEngine(rendered))
    image = job.images.get(index=1)
    with Pillow.open(io.BytesIO(read(image.original_name))) as png:
        assert png.text["parameters"].splitlines()[0] == expected


def test_an_engine_is_told_where_the_adapters_of_a_plan_lie(alice, checkpoint, tmp_path):
    ink = add_adapter(str(write_lora(tmp_path / "ink.safetensors")))
    job, engine = queued_job(alice), ReplayedEngine(rendered)
    job.plan = replace(job.plan, adapters=(AdapterUse("ink", 0.5),))
    job.save()
    run(claimed(job), engine)
    assert [file.path for file in engine.request.adapters] == [ink.source]


def test_a_job_that_names_an_adapter_nobody_knows_fails_with_that_sentence(alice, checkpoint):
    job = queued_job(alice)
    job.plan = replace(job.plan, adapters=(AdapterUse("gone"),))
    job.save()
    engine = ReplayedEngine()
    engine.listener = [].append  # nothing is ever submitted
    run(claimed(job), engine)
    job.refresh_from_db()
    assert (job.state, job.error_code) == (JobState.FAILED, "unknown_adapter")
    assert "no adapter “gone”" in job.error_sentence
