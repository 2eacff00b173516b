"""`manage.py adapters`, as somebody at a terminal sees it."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.generation.adapter_files import write_encoder, write_image_prompt, write_lora, write_word

pytestmark = pytest.mark.django_db


def adapters(*arguments: str) -> str:
    said = StringIO()
    call_command("adapters", *arguments, stdout=said, stderr=said)
    return said.getvalue()


def test_add_says_what_it_found(tmp_path):
    said = adapters("add", str(write_lora(tmp_path / "ink.safetensors", license="openrail")))
    assert "ink: a LoRA for Stable Diffusion 1.x and 2.x, 0.0 MB." in said
    assert "License: openrail." in said
    said = adapters("add", str(write_word(tmp_path / "cat.safetensors", towers=2)), "--name", "tom")
    assert "tom: a learned word for Stable Diffusion XL" in said
    assert "names no license" in said
    assert "<tom>" in said


def test_an_ip_adapter_is_added_with_its_encoder(tmp_path):
    file, encoder = write_image_prompt(tmp_path / "look.safetensors"), write_encoder(tmp_path / "eyes")
    with pytest.raises(CommandError, match="name it with --encoder"):
        adapters("add", str(file))
    said = adapters("add", str(file), "--encoder", str(encoder))
    assert "look: an IP-Adapter for Stable Diffusion 1.x and 2.x" in said
    assert "look: its file is as it was." in adapters("verify")


def test_list_and_remove(tmp_path):
    file = write_lora(tmp_path / "ink.safetensors")
    adapters("add", str(file), "--family", "flux", "--license", "mine")
    assert ["ink", "LoRA", "flux", "0.0", "mine", str(file)] in [line.split() for line in adapters("list").splitlines()]
    assert "Removed ink." in adapters("remove", "ink")
    assert "ink" not in adapters("list")
    with pytest.raises(CommandError, match="There is no adapter"):
        adapters("remove", "ink")


def test_verify_names_what_changed(tmp_path):
    file = write_lora(tmp_path / "ink.safetensors")
    adapters("add", str(file))
    assert "ink: its file is as it was." in adapters("verify")
    write_lora(file, fill=1.0)
    with pytest.raises(CommandError, match="Not every adapter"):
        adapters("verify", "ink")
