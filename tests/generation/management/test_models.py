"""`manage.py models`, as somebody at a terminal sees it."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from generation.jobs import presence
from generation.models import Checkpoint, Worker
from tests.factories import queued_job
from tests.generation.model_folders import write_model_folder, write_single_file

pytestmark = pytest.mark.django_db


def models(*arguments: str) -> str:
    said = StringIO()
    call_command("models", *arguments, stdout=said, stderr=said)
    return said.getvalue()


@pytest.fixture
def folder(tmp_path):
    return write_model_folder(tmp_path / "dreams", readme="---\nlicense: openrail\n---\n")


def test_add_says_what_it_found_and_how_people_use_it(checkpoint, folder):
    said = models("add", str(folder))
    assert "Dreams: 128 px, 0 MB of weights in 3 files." in said
    assert "License: openrail." in said
    assert "--model dreams" in said
    assert not Checkpoint.objects.get(name="dreams").is_default


def test_add_takes_a_name_a_title_and_the_default(checkpoint, tmp_path):
    folder = write_model_folder(tmp_path / "dreams")
    said = models("add", str(folder), "--name", "night", "--title", "Night & day", "--default")
    assert "names no license" in said
    row = Checkpoint.objects.get(is_default=True)
    assert (row.name, row.title) == ("night", "Night & day")


def test_add_takes_a_single_file_and_what_configures_it(settings, checkpoint, folder, tmp_path):
    settings.DATA_DIR = tmp_path / "var"
    file = write_single_file(tmp_path / "night.safetensors", folder)
    said = models("add", str(file), "--like", str(folder))
    assert "Night: 128 px, 0 MB of weights in 1 file." in said
    assert "--model night" in said


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda folder: (folder / "vae" / "model.bin").write_bytes(b""), "is a pickle"),
        (lambda folder: (folder / "model_index.json").unlink(), "model_index.json is missing"),
        (lambda folder: (folder / "vae" / "model.safetensors").unlink(), "The vae of dreams has no weights"),
    ],
)
def test_add_refuses_a_folder_in_one_sentence(folder, spoil, sentence):
    spoil(folder)
    with pytest.raises(CommandError, match=sentence):
        models("add", str(folder))
    assert not Checkpoint.objects.exists()


def test_list_is_an_aligned_table_that_tells_who_serves_what(checkpoint, folder):
    Worker.objects.all().delete()
    presence.announce_worker("host-a", ["starter", "dreams"])
    presence.announce_worker("host-b", ["starter"])
    models("add", str(folder), "--title", "Dreams of a boat")
    header, *lines = models("list").splitlines()
    assert header.split() == ["NAME", "TITLE", "NATIVE", "MB", "LICENSE", "DEFAULT", "WORKERS"]
    workers = header.index("WORKERS")
    assert [line[workers:] for line in lines] == ["host-a, host-b", "host-a"]
    assert [line[header.index("DEFAULT") :].split()[0] for line in lines] == ["yes", "host-a"]
    assert [line[header.index("TITLE") : header.index("NATIVE")].strip() for line in lines] == [
        "Starter",
        "Dreams of a boat",
    ]
    assert "128 px" in lines[0]
    assert "openrail" in lines[1]


def test_list_says_that_no_worker_serves_a_model(checkpoint):
    Worker.objects.all().delete()
    assert models("list").splitlines()[1].endswith("none")


def test_default_and_remove(checkpoint, folder):
    models("add", str(folder))
    assert "New pictures are made with dreams" in models("default", "dreams")
    assert f"Removed starter. Its files stay where they are: {checkpoint.source}." in models("remove", "starter")
    assert len(models("list").splitlines()) == 2


def test_default_says_when_the_environment_will_overrule_it(checkpoint, folder, settings):
    assert "MJWEB_CHECKPOINT" not in models("default", "starter")
    settings.MJWEB_CHECKPOINT, settings.MJWEB_CHECKPOINT_IS_NAMED = "acme/night", True
    assert "from the next start on it is acme/night again" in models("default", "starter")
    assert "from the next start on it is acme/night again" in models("add", str(folder), "--default")


def test_remove_refuses_in_a_sentence(alice, checkpoint, folder):
    models("add", str(folder))
    with pytest.raises(CommandError, match="starter is the default model"):
        models("remove", "starter")
    queued_job(alice, model="dreams")
    with pytest.raises(CommandError, match="1 job waits for it"):
        models("remove", "dreams")
    with pytest.raises(CommandError, match="dreem is no model of this server; the nearest is dreams"):
        models("remove", "dreem")


def test_verify_says_which_file_changed_and_fails(checkpoint, folder):
    models("add", str(folder))
    assert models("verify", "dreams") == "dreams: all 3 files are as they were.\n"
    (folder / "unet" / "model.safetensors").write_bytes(b"weights of the UNET")
    said = StringIO()
    with pytest.raises(CommandError, match="Not every model is as it was"):
        call_command("models", "verify", "dreams", stdout=said, stderr=said)
    assert "dreams: unet/model.safetensors has changed." in said.getvalue()


def test_verify_without_a_name_reads_every_model(folder):
    models("add", str(folder))
    models("add", str(folder), "--name", "twin")
    assert models("verify").splitlines() == [
        "dreams: all 3 files are as they were.",
        "twin: all 3 files are as they were.",
    ]
