"""Models in the administration."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.urls import reverse

from generation.jobs.adapters import add_adapter, remove_adapter
from generation.jobs.checkpoints import add_checkpoint, remove_checkpoint
from generation.models import Checkpoint
from mjweb.accounts.models import User
from tests.generation.adapter_files import write_lora
from tests.generation.model_folders import write_model_folder

LIST = "admin:generation_checkpoint_changelist"


@pytest.fixture
def dreams(checkpoint, tmp_path):
    return add_checkpoint(str(write_model_folder(tmp_path / "dreams", readme="---\nlicense: openrail\n---\n")))


@pytest.fixture
def administrator(client, db):
    client.force_login(User.objects.create_superuser("root", "root@example.com", "long enough"))
    return client


def make_default(client, *checkpoints) -> str:
    fields = {"action": "make_default", "_selected_action": [row.pk for row in checkpoints]}
    return client.post(reverse(LIST), fields, follow=True).text


def test_it_lists_models_with_size_and_license(administrator, dreams):
    text = administrator.get(reverse(LIST)).text
    assert "dreams" in text
    assert "openrail" in text
    assert "128 px" in text


def test_hashes_are_shown_and_nothing_can_be_typed(administrator, dreams):
    text = administrator.get(reverse("admin:generation_checkpoint_change", args=[dreams.pk])).text
    assert all(file["sha256"] in text for file in dreams.weight_files)
    assert 'name="source"' not in text
    assert 'name="is_default"' not in text


def test_the_action_makes_one_the_default(administrator, dreams):
    assert "New pictures are made with dreams" in make_default(administrator, dreams)
    assert Checkpoint.objects.get(is_default=True) == dreams


def test_two_cannot_be_the_default(administrator, checkpoint, dreams):
    assert "Choose one model" in make_default(administrator, checkpoint, dreams)
    assert Checkpoint.objects.get(is_default=True) == checkpoint


def test_removed_ones_are_not_there_and_none_is_added_or_deleted_here(administrator, dreams):
    remove_checkpoint("dreams")
    assert "dreams" not in administrator.get(reverse(LIST)).text
    assert administrator.get(reverse("admin:generation_checkpoint_add")).status_code == HTTPStatus.FORBIDDEN
    delete = reverse("admin:generation_checkpoint_delete", args=[Checkpoint.objects.get(name="starter").pk])
    assert administrator.post(delete, {"post": "yes"}).status_code == HTTPStatus.FORBIDDEN


def test_nobody_else_may_look(client, alice, dreams):
    client.force_login(alice)
    assert client.get(reverse(LIST)).status_code == HTTPStatus.FOUND


def test_adapters_are_shown_without_those_that_were_removed(administrator, tmp_path):
    ink = add_adapter(str(write_lora(tmp_path / "ink.safetensors", license="openrail")))
    shown = reverse("admin:generation_adapter_changelist")
    assert "openrail" in administrator.get(shown).text
    change = administrator.get(reverse("admin:generation_adapter_change", args=[ink.pk])).text
    assert ink.sha256 in change
    assert 'name="source"' not in change
    remove_adapter("ink")
    assert "openrail" not in administrator.get(shown).text
    assert administrator.get(reverse("admin:generation_adapter_add")).status_code == HTTPStatus.FORBIDDEN
