"""The registry of adapters, and what plans may use."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import numpy as np
import pytest

from generation.contracts import AdapterUse, ControlUse, RenderPlan
from generation.errors import (
    ActionNotPossibleError,
    AdapterInUseError,
    AdapterInvalidError,
    AdapterTakenError,
    UnknownAdapterError,
)
from generation.jobs.adapter_files import adapter_card
from generation.jobs.adapters import (
    adapter_files,
    add_adapter,
    changes_of,
    control_file,
    remove_adapter,
    with_adapters,
    with_control,
)
from generation.models import Adapter
from tests.factories import queued_job
from tests.generation.adapter_files import ATTENTION, write, write_control, write_lora, write_word
from tests.generation.engine.fakes import plan

pytestmark = pytest.mark.django_db
FAMILY = "stable_diffusion"


@pytest.fixture
def ink(tmp_path) -> Adapter:
    return add_adapter(str(write_lora(tmp_path / "ink.safetensors", **{"modelspec.license": "openrail"})))


def test_adding_writes_down_what_the_file_says(ink, tmp_path):
    data = (tmp_path / "ink.safetensors").read_bytes()
    row = Adapter.objects.get(name="ink")
    assert (row.kind, row.family, row.license) == ("lora", FAMILY, "openrail")
    assert (row.size_bytes, row.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert row.source == str(tmp_path / "ink.safetensors")


@pytest.mark.parametrize(
    ("names", "kind", "family"),
    [
        ({f"unet.{ATTENTION}.lora_A.weight": (2, 768)}, "lora", "stable_diffusion"),
        ({f"unet.{ATTENTION}.lora_A.weight": (2, 2048)}, "lora", "stable_diffusion_xl"),
        ({"lora_te2_text_model_encoder_layers_0_mlp_fc1.lora_down.weight": (2, 8)}, "lora", "stable_diffusion_xl"),
        ({"transformer.transformer_blocks.0.attn.to_q.lora_A.weight": (2, 8)}, "lora", "stable_diffusion_3"),
        ({"transformer.single_transformer_blocks.0.attn.to_q.lora_A.weight": (2, 8)}, "lora", "flux"),
        ({"lora_unet_double_blocks_0_img_attn_qkv.lora_down.weight": (2, 8)}, "lora", "flux"),
        ({"emb_params": (3, 768)}, "embedding", "stable_diffusion"),
        ({"<cat>": (768,)}, "embedding", "stable_diffusion"),
        ({"clip_l": (3, 768), "clip_g": (3, 1280)}, "embedding", "stable_diffusion_xl"),
    ],
)
def test_kind_and_family_are_told_by_names_and_shapes(tmp_path, names, kind, family):
    file = write(tmp_path / "a.safetensors", {name: np.zeros(shape, np.float16) for name, shape in names.items()})
    card = adapter_card(file)
    assert (card.kind, card.family) == (kind, family)


def test_what_is_no_adapter_is_refused_in_one_sentence(tmp_path):
    (tmp_path / "a.ckpt").write_bytes(b"pickle")
    (tmp_path / "b.safetensors").write_bytes(b"12345678{no")
    (tmp_path / "e.safetensors").write_bytes(b"\xff" * 20)
    write(tmp_path / "c.safetensors", {"conv.weight": np.zeros((1, 1, 3, 3))})
    write_lora(tmp_path / "two words.safetensors")
    reasons = {
        "a.ckpt": "is a pickle",
        "b.safetensors": "damaged",
        "c.safetensors": "neither a LoRA nor a learned word",
        "d.safetensors": "no file of safetensors on this machine",
        "e.safetensors": "damaged",
        "two words.safetensors": "cannot be called",
    }
    for name, reason in reasons.items():
        with pytest.raises(AdapterInvalidError, match=reason):
            add_adapter(str(tmp_path / name))
    with pytest.raises(AdapterInvalidError, match="no family dreams"):
        add_adapter(str(write_lora(tmp_path / "f.safetensors")), family="dreams")
    assert not Adapter.objects.exists()


def test_a_name_stays_that_of_one_file(ink, tmp_path):
    (tmp_path / "moved").mkdir()
    same = write_lora(tmp_path / "moved" / "ink.safetensors", **{"modelspec.license": "openrail"})
    remove_adapter("INK")
    assert not Adapter.objects.usable().exists()
    assert add_adapter(str(same)).source == str(same)
    assert Adapter.objects.usable().count() == 1
    other = write_lora(tmp_path / "other.safetensors", fill=1.0)
    with pytest.raises(AdapterTakenError, match="Give this one another name"):
        add_adapter(str(other), name="Ink")


def test_one_that_jobs_wait_for_stays(ink, alice, checkpoint):
    job = queued_job(alice)
    job.plan = replace(job.plan, adapters=(AdapterUse("ink"),))
    job.save()
    with pytest.raises(AdapterInUseError, match="1 job waits for it"):
        remove_adapter("ink")


def test_a_plan_takes_adapters_by_their_registered_names_and_is_stored_with_them(ink, tmp_path):
    add_adapter(str(write_word(tmp_path / "cat.safetensors")))
    asked = with_adapters(plan(), [AdapterUse("INK", 0.8), AdapterUse("cat")], family=FAMILY)
    assert asked.adapters == (AdapterUse("ink", 0.8), AdapterUse("cat", 1.0))
    assert RenderPlan.from_json(json.loads(json.dumps(asked.to_json()))) == asked
    files = adapter_files(asked)
    assert [(file.name, file.kind) for file in files] == [("ink", "lora"), ("cat", "embedding")]
    assert files[0].sha256 == ink.sha256


def test_a_plan_from_before_there_were_adapters_still_reads():
    stored = plan().to_json()
    del stored["adapters"]
    assert RenderPlan.from_json(stored) == plan()


def test_what_a_plan_may_not_use_is_said_in_one_sentence(ink, tmp_path):
    add_adapter(str(write_lora(tmp_path / "xl.safetensors", width=2048)))
    wrong = {
        "At most 5": [AdapterUse("ink")] * 6,
        "named twice": [AdapterUse("ink"), AdapterUse("ink")],
        "from -2 to 2": [AdapterUse("ink", 2.5)],
        "xl is made for Stable Diffusion XL, and this model is of Stable Diffusion 1.x": [AdapterUse("xl")],
    }
    for reason, uses in wrong.items():
        with pytest.raises(ActionNotPossibleError, match=reason):
            with_adapters(plan(), uses, family=FAMILY)
    with pytest.raises(UnknownAdapterError, match="did you mean ink"):
        with_adapters(plan(), [AdapterUse("ikn")], family=FAMILY)


def test_files_of_removed_adapters_are_still_found_and_of_unknown_ones_are_not(ink):
    remove_adapter("ink")
    assert adapter_files(plan(adapters=(AdapterUse("ink"),)))[0].path == ink.source
    with pytest.raises(UnknownAdapterError):
        adapter_files(plan(adapters=(AdapterUse("gone"),)))


def test_changes_are_noticed(ink, tmp_path):
    assert changes_of(ink) is None
    write_lora(tmp_path / "ink.safetensors", fill=1.0)
    assert changes_of(ink) == "ink.safetensors has changed."
    (tmp_path / "ink.safetensors").unlink()
    assert changes_of(ink) == "ink.safetensors is missing."


def test_a_controlnet_is_a_folder_and_leads_a_plan(ink, alice, checkpoint, tmp_path):
    edges = add_adapter(str(write_control(tmp_path / "edges")))
    assert (edges.kind, edges.family) == ("control", FAMILY)
    asked = with_control(plan(), ControlUse("EDGES", 0.8, end=0.5), family=FAMILY)
    assert asked.control == ControlUse("edges", 0.8, 0.0, 0.5)
    assert RenderPlan.from_json(json.loads(json.dumps(asked.to_json()))) == asked
    assert control_file(asked).path == edges.source
    assert control_file(plan()) is None
    assert changes_of(edges) is None
    with pytest.raises(ActionNotPossibleError, match="ink is no ControlNet"):
        with_control(plan(), ControlUse("ink"), family=FAMILY)
    with pytest.raises(ActionNotPossibleError, match="needs a picture"):
        with_adapters(plan(), [AdapterUse("edges")], family=FAMILY)
    with pytest.raises(ActionNotPossibleError, match="to a later one"):
        with_control(plan(), ControlUse("edges", start=1.0), family=FAMILY)
    job = queued_job(alice)
    job.plan = replace(job.plan, control=ControlUse("edges"))
    job.save()
    with pytest.raises(AdapterInUseError):
        remove_adapter("edges")
    assert add_adapter(str(write_control(tmp_path / "wide", is_xl=True))).family == "stable_diffusion_xl"


def test_folders_that_are_no_controlnet_are_refused(tmp_path):
    folder = write_control(tmp_path / "edges")
    (folder / "diffusion_pytorch_model.safetensors").unlink()
    with pytest.raises(AdapterInvalidError, match="has no weights as safetensors"):
        add_adapter(str(folder))
    (folder / "config.json").unlink()
    with pytest.raises(AdapterInvalidError, match="no ControlNet in diffusers layout"):
        add_adapter(str(folder))
