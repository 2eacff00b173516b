"""The adapters of a server as a program sees them."""

from __future__ import annotations

import pytest

from generation.jobs.adapters import add_adapter, remove_adapter
from tests.generation.adapter_files import write_encoder, write_image_prompt, write_lora

pytestmark = pytest.mark.django_db


def test_it_lists_those_that_jobs_may_name(api, tmp_path):
    ink = add_adapter(str(write_lora(tmp_path / "ink.safetensors")), license_name="mine")
    add_adapter(str(write_lora(tmp_path / "gone.safetensors")))
    remove_adapter("gone")
    body = api.get("/api/v1/adapters").json()
    listed = {"name": "ink", "kind": "lora", "family": "stable_diffusion", "license": "mine"}
    assert body == {"results": [listed | {"size_bytes": ink.size_bytes}]}


def test_an_ip_adapter_is_one_of_them(api, tmp_path):
    write_encoder(tmp_path / "image_encoder")
    look = add_adapter(str(write_image_prompt(tmp_path / "look.safetensors", width=2048)))
    listed = {"name": "look", "kind": "image_prompt", "family": "stable_diffusion_xl", "license": ""}
    assert api.get("/api/v1/adapters").json() == {"results": [listed | {"size_bytes": look.size_bytes}]}
