"""The registry: what comes in, what goes, which one is the default."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone

from generation.errors import (
    CheckpointInUseError,
    CheckpointInvalidError,
    CheckpointRemovedError,
    CheckpointTakenError,
    UnknownModelError,
)
from generation.jobs import checkpoints, services
from generation.jobs.action_plans import offers
from generation.jobs.checkpoints import (
    add_checkpoint,
    changes_of,
    describe_checkpoint,
    register_configured,
    remove_checkpoint,
    set_default_checkpoint,
    usable_checkpoint,
)
from generation.jobs.sources import local_folder
from generation.models import Checkpoint, Job, JobState
from generation.starter import WEIGHTS_DIR
from generation.workers.shelf import copies_here
from tests.factories import finished_job, queued_job
from tests.generation.model_folders import write_model_folder, write_single_file

pytestmark = pytest.mark.django_db
STARTER = str(WEIGHTS_DIR)


@pytest.fixture
def folder(tmp_path):
    return write_model_folder(tmp_path / "Dreams", readme="---\nlicense: openrail\n---\n")


@pytest.fixture
def dreams(checkpoint, folder):
    """A second model beside the starter."""
    return add_checkpoint(str(folder))


def defaults() -> list[str]:
    return list(Checkpoint.objects.filter(is_default=True).values_list("name", flat=True))


class TestAdd:
    @pytest.mark.usefixtures("dreams")
    def test_it_stores_what_the_folder_holds(self, folder):
        row = Checkpoint.objects.get(name="Dreams")
        assert (row.source, row.title, row.license, row.is_default) == (str(folder), "Dreams", "openrail", False)
        assert row.size_bytes == sum(file.stat().st_size for file in folder.rglob("*.safetensors"))
        assert all(len(file["sha256"]) == 64 for file in row.weight_files)
        assert row.hashed_at

    def test_the_first_one_becomes_the_default(self, folder):
        assert add_checkpoint(str(folder)).is_default

    @pytest.mark.usefixtures("checkpoint")
    def test_it_takes_the_place_of_the_default_when_asked(self, folder):
        add_checkpoint(str(folder), makes_default=True)
        assert defaults() == ["Dreams"]

    @pytest.mark.usefixtures("checkpoint")
    def test_it_goes_by_the_name_and_title_that_it_is_given(self, folder):
        row = add_checkpoint(str(folder), name="night", title="Night and day")
        assert (row.name, row.card.name, row.title) == ("night", "night", "Night and day")

    def test_a_single_file_is_configured_by_a_model_that_there_is_and_served_like_a_folder(
        self, settings, dreams, tmp_path
    ):
        settings.DATA_DIR = tmp_path / "var"
        file = write_single_file(tmp_path / "night.v2.safetensors", Path(dreams.source), **{"modelspec.license": "mit"})
        row = add_checkpoint(str(file))
        assert (row.name, row.source, row.license, row.card.native_px) == ("night.v2", str(file), "mit", 128)
        assert [each["path"] for each in row.weight_files] == ["checkpoint.safetensors"]
        assert copies_here()["night.v2"].folder == local_folder(str(file))
        file.write_bytes(b"half")
        assert "night.v2" not in copies_here()
        assert changes_of(row) == ["checkpoint.safetensors has changed."]

    def test_a_single_file_is_configured_by_the_model_that_is_named(self, settings, dreams, tmp_path):
        settings.DATA_DIR = tmp_path / "var"
        file = write_single_file(tmp_path / "night.safetensors", Path(dreams.source))
        assert add_checkpoint(str(file), like="DREAMS").name == "night"
        with pytest.raises(CheckpointInvalidError, match="what --like names is no checkpoint"):
            add_checkpoint(str(file), like=str(tmp_path))

    @pytest.mark.parametrize("name", ["my dreams", "-dreams", "dreams.", "a--b", "a/b", "d" * 121])
    def test_a_name_that_nobody_could_type_is_refused(self, folder, name):
        with pytest.raises(CheckpointInvalidError, match="A model cannot be called"):
            add_checkpoint(str(folder), name=name)

    @pytest.mark.parametrize(
        ("called", "name"), [("My  Dreams!", "My-Dreams"), ("dreams - final", "dreams-final"), ("v1.5_a", "v1.5_a")]
    )
    def test_a_folder_of_any_name_gives_one_that_can_be_typed(self, called, name):
        assert describe_checkpoint(WEIGHTS_DIR, source=f"/models/{called}").name == name

    def test_the_same_source_again_is_read_anew(self, dreams, folder):
        (folder / "unet" / "model.safetensors").write_bytes(b"better weights")
        assert changes_of(dreams)
        assert add_checkpoint(str(folder)).pk == dreams.pk
        assert changes_of(Checkpoint.objects.get(pk=dreams.pk)) == []

    @pytest.mark.parametrize("name", ["Dreams", "dreams"])
    @pytest.mark.usefixtures("dreams")
    def test_a_name_that_is_taken_is_refused_whatever_its_case(self, tmp_path, name):
        other = write_model_folder(tmp_path / "other")
        with pytest.raises(CheckpointTakenError, match="There is already a model Dreams"):
            add_checkpoint(str(other), name=name)

    def test_nothing_is_kept_of_a_folder_that_is_refused(self, folder):
        (folder / "model.ckpt").write_bytes(b"")
        with pytest.raises(CheckpointInvalidError, match="is a pickle"):
            add_checkpoint(str(folder))
        assert not Checkpoint.objects.exists()


@pytest.mark.usefixtures("dreams")
class TestDefault:
    def test_new_jobs_use_it(self, alice):
        set_default_checkpoint("dreams")
        assert defaults() == ["Dreams"]
        assert queued_job(alice).plan.checkpoint == "Dreams"

    def test_an_unknown_name_is_answered_with_the_nearest(self):
        with pytest.raises(UnknownModelError, match=r"^dreems is no model of this server; the nearest is Dreams\.$"):
            set_default_checkpoint("dreems")


@pytest.mark.usefixtures("dreams")
class TestRemove:
    def test_no_new_job_may_name_it(self, alice):
        remove_checkpoint("Dreams")
        with pytest.raises(UnknownModelError):
            usable_checkpoint("Dreams")
        with pytest.raises(UnknownModelError):
            services.submit_prompt(alice, "a boat", model="Dreams")

    def test_the_default_stays(self):
        with pytest.raises(CheckpointInUseError, match="starter is the default model"):
            remove_checkpoint("starter")
        assert usable_checkpoint("starter")

    def test_a_model_with_waiting_jobs_stays(self, alice):
        job = queued_job(alice, model="Dreams")
        with pytest.raises(CheckpointInUseError, match="Dreams is in use: 1 job waits for it or is being made"):
            remove_checkpoint("Dreams")
        services.cancel_job(alice, job.pk)
        remove_checkpoint("Dreams")

    def test_finished_jobs_keep_their_plans_and_say_why_nothing_follows_from_them(self, alice):
        job = finished_job(alice, model="Dreams")
        remove_checkpoint("Dreams")
        image = Job.objects.get(pk=job.pk).images.select_related("job__checkpoint").first()
        assert image.job.plan.checkpoint == image.job.checkpoint.card.name == "Dreams"
        assert {one.refusal for one in offers(image)} == {"The model Dreams was removed from this server."}
        for follow in (
            lambda: services.reroll_job(alice, job.pk),
            lambda: services.vary_image(alice, image.pk),
            lambda: services.upscale_image(alice, image.pk),
        ):
            with pytest.raises(CheckpointRemovedError, match="The model Dreams was removed from this server"):
                follow()
        assert Job.objects.count() == 1

    def test_it_comes_back_when_it_is_added_again(self, alice, dreams, folder):
        remove_checkpoint("Dreams")
        assert add_checkpoint(str(folder)).pk == dreams.pk
        assert queued_job(alice, model="Dreams").state == JobState.QUEUED


@pytest.mark.django_db(transaction=True)
def test_a_job_that_comes_while_its_model_is_being_removed_is_refused(alice, dreams):
    removing, refused = Event(), []

    def submit() -> None:
        removing.wait()
        try:
            services.submit_prompt(alice, "a boat", model="Dreams")
        except (CheckpointRemovedError, UnknownModelError) as error:
            refused.append(error)
        finally:
            connection.close()

    thread = Thread(target=submit)
    thread.start()
    with transaction.atomic():
        remove_checkpoint("Dreams")
        removing.set()
        time.sleep(0.3)  # the other one has read the list of models by now, and waits for the row
    thread.join()
    assert isinstance(refused[0], CheckpointRemovedError)
    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_removal_waits_for_a_job_that_is_being_submitted_and_sees_it(alice, dreams):
    refused = []

    def remove() -> None:
        try:
            remove_checkpoint("Dreams")
        except CheckpointInUseError as error:
            refused.append(error)
        finally:
            connection.close()

    thread = Thread(target=remove)
    with transaction.atomic():
        services.submit_prompt(alice, "a boat", model="Dreams")
        thread.start()
        time.sleep(0.3)  # it stands before the row by now
    thread.join()
    assert refused
    assert usable_checkpoint("Dreams")


class TestConfigured:
    def test_the_model_that_ships_fills_an_empty_place_and_no_other(self, folder):
        assert register_configured(STARTER, is_named=False).name == "starter"
        add_checkpoint(str(folder), makes_default=True)
        assert register_configured(STARTER, is_named=False).name == "Dreams"
        assert defaults() == ["Dreams"]

    def test_the_model_that_ships_does_not_come_back_once_it_was_removed(self, folder):
        register_configured(STARTER, is_named=False)
        add_checkpoint(str(folder), makes_default=True)
        remove_checkpoint("starter")
        assert register_configured(STARTER, is_named=False).name == "Dreams"
        with pytest.raises(UnknownModelError):
            usable_checkpoint("starter")

    def test_the_one_that_the_environment_names_is_the_default_at_every_start(self, folder):
        register_configured(STARTER, is_named=False)
        register_configured(str(folder), is_named=True)
        set_default_checkpoint("starter")
        assert register_configured(str(folder), is_named=True).name == "Dreams"
        assert defaults() == ["Dreams"]

    def test_a_title_that_somebody_gave_it_stays(self, folder):
        add_checkpoint(str(folder), title="Night and day")
        assert register_configured(str(folder), is_named=True).title == "Night and day"

    def test_another_folder_of_the_same_name_is_read(self, folder, tmp_path):
        register_configured(str(folder), is_named=True)
        other = write_model_folder(tmp_path / "elsewhere" / "Dreams")
        (other / "unet" / "model.safetensors").write_bytes(b"WEIGHTS OF THE UNET")
        os.utime(other / "unet" / "model.safetensors", (0, 0))
        row = register_configured(str(other), is_named=True)
        assert (row.source, changes_of(row)) == (str(other), [])

    def test_weights_are_read_once_until_they_are_written_again(self, folder, monkeypatch):
        read, weight_files = [], checkpoints.weights.weight_files
        monkeypatch.setattr(checkpoints.weights, "weight_files", lambda f: read.append(f) or weight_files(f))
        for _ in range(2):
            register_configured(str(folder), is_named=True)
        assert len(read) == 1
        (folder / "unet" / "model.safetensors").write_bytes(b"weights of the UNET")
        later = time.time() + 60
        os.utime(folder / "unet" / "model.safetensors", (later, later))
        row = register_configured(str(folder), is_named=True)
        assert len(read) == 2
        assert changes_of(row) == []

    def test_a_hub_is_not_asked_again_for_what_is_here(self, settings, tmp_path, monkeypatch):
        settings.DATA_DIR = tmp_path / "var"
        asked = []

        def download(hub_id, *, local_dir, **_):
            asked.append(hub_id)
            return str(write_model_folder(local_dir))

        monkeypatch.setattr("huggingface_hub.snapshot_download", download)
        rows = [register_configured("acme/night", is_named=True) for _ in range(2)]
        assert [(row.name, row.source) for row in rows] == [("night", "acme/night")] * 2
        assert asked == ["acme/night"]


def test_a_model_whose_folder_is_elsewhere_cannot_be_verified(dreams, folder):
    folder.rename(folder.with_name("moved"))
    with pytest.raises(CheckpointInvalidError, match="The folder of Dreams is not on this machine"):
        changes_of(dreams)


def test_a_row_from_before_weights_were_written_down_is_completed(folder):
    card = describe_checkpoint(folder, source=str(folder))
    old = checkpoints.register_checkpoint(card, source=str(folder))
    assert (old.size_bytes, old.hashed_at) == (0, None)
    new = register_configured(str(folder), is_named=True)
    assert new.pk == old.pk
    assert new.size_bytes > 0
    assert timezone.now() - new.hashed_at < timedelta(minutes=1)
