"""IP-Adapters in the registry: what their files and image encoders say, and which checkpoint they show pictures to."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import numpy as np
import pytest

from generation.contracts import AdapterUse, PromptPart, RenderPlan, SourceUse
from generation.errors import ActionNotPossibleError, AdapterInUseError, AdapterInvalidError
from generation.jobs import picture_plans
from generation.jobs.adapters import (
    adapter_files,
    add_adapter,
    changes_of,
    image_prompt_adapter,
    remove_adapter,
    with_adapters,
)
from generation.jobs.cards import card
from generation.models import Adapter
from generation.starter import WEIGHTS_DIR
from tests.factories import queued_job
from tests.generation.adapter_files import write, write_encoder, write_image_prompt
from tests.generation.engine.fakes import plan
from tests.generation.jobs.test_planning import CARD

pytestmark = pytest.mark.django_db
SD1 = replace(CARD, told_width=768)


@pytest.fixture
def look(tmp_path) -> Adapter:
    write_encoder(tmp_path / "image_encoder")
    return add_adapter(str(write_image_prompt(tmp_path / "look.safetensors")))


def test_adding_writes_down_what_file_and_encoder_say(look, tmp_path):
    files = [tmp_path / "look.safetensors", tmp_path / "image_encoder" / "model.safetensors"]
    data = b"".join(file.read_bytes() for file in files)
    row = Adapter.objects.get(name="look")
    assert (row.kind, row.family, row.told_width) == ("image_prompt", "stable_diffusion", 768)
    assert (row.size_bytes, row.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert row.file.encoder == str(tmp_path / "image_encoder")


def test_families_and_kinds_are_told_by_the_width_and_the_names(tmp_path):
    encoder = write_encoder(tmp_path / "eyes")
    xl = add_adapter(str(write_image_prompt(tmp_path / "xl.safetensors", width=2048)), encoder=str(encoder))
    plus = write_image_prompt(tmp_path / "plus.safetensors", width=1024, plus=True, takes=24)
    assert (xl.family, xl.told_width, xl.encoder) == ("stable_diffusion_xl", 2048, str(encoder))
    assert add_adapter(str(plus), encoder=str(encoder)).told_width == 1024


def test_what_cannot_be_used_is_refused_in_one_sentence(tmp_path):
    def refusal(path, encoder=None) -> str:
        with pytest.raises(AdapterInvalidError) as caught:
            add_adapter(str(path), encoder=encoder)
        return caught.value.sentence

    file = write_image_prompt(tmp_path / "look.safetensors")
    assert "put the encoder's folder beside it as image_encoder, or name it with --encoder" in refusal(file)
    encoder = write_encoder(tmp_path / "image_encoder", projected=16)
    assert "takes 20 numbers of a picture, and the one in image_encoder gives 16" in refusal(file)
    plus = write_image_prompt(tmp_path / "plus.safetensors", plus=True)
    assert "takes 20 numbers of a picture, and the one in image_encoder gives 24" in refusal(plus)
    (encoder / "model.safetensors").rename(encoder / "model.bin")
    assert "no weights as safetensors" in refusal(file)
    (encoder / "config.json").write_text(json.dumps({"model_type": "bert"}))
    assert "no image encoder of CLIP" in refusal(file)
    keys = {"ip_adapter.1.to_k_ip.weight": np.zeros((4, 768), np.float16)}
    write_encoder(encoder)
    faces = write(tmp_path / "faces.safetensors", keys | {"image_proj.proj.0.weight": np.zeros((4, 4), np.float16)})
    assert "those for faces are not" in refusal(faces)
    flux = write(tmp_path / "flux.safetensors", {"ip_adapter.0.k_proj.weight": np.zeros((4, 4), np.float16)})
    assert "networks of another kind than Stable Diffusion's" in refusal(flux)
    (tmp_path / "look.bin").write_bytes(b"pickle")
    assert "is a pickle" in refusal(tmp_path / "look.bin")
    assert not Adapter.objects.exists()


def test_a_change_of_the_encoder_is_noticed_too(look, tmp_path):
    assert changes_of(look) is None
    write_encoder(tmp_path / "image_encoder", fill=1.0)
    assert changes_of(look) == "look.safetensors or its image_encoder has changed."
    for name in ("model.safetensors", "config.json"):
        (tmp_path / "image_encoder" / name).unlink()
    (tmp_path / "image_encoder").rmdir()
    assert changes_of(look) == "image_encoder is missing."


def test_a_checkpoint_is_shown_pictures_by_what_fits_it_and_was_added_last(look, tmp_path):
    assert image_prompt_adapter(SD1) == "look"
    for other in (replace(SD1, told_width=1024), replace(SD1, family="stable_diffusion_xl"), CARD):
        assert image_prompt_adapter(other) is None
    add_adapter(str(write_image_prompt(tmp_path / "newer.safetensors", plus=True, takes=24)))
    assert image_prompt_adapter(SD1) == "newer"
    remove_adapter("newer")
    assert image_prompt_adapter(SD1) == "look"


def test_a_card_says_how_wide_a_token_is():
    assert (
        card(WEIGHTS_DIR).told_width
        == json.loads((WEIGHTS_DIR / "unet/config.json").read_text())["cross_attention_dim"]
    )


def test_a_plan_with_image_prompts_is_shown_them_from_noise_on(look):
    wanted = plan("a boat")
    shown = picture_plans.shown_by(picture_plans.with_image_prompts(wanted, [1, 0.5]), "look")
    assert shown.sources == (SourceUse(prompt=1), SourceUse(prompt=0.5))
    assert (shown.stages, shown.adapters) == (wanted.stages, (AdapterUse("look"),))
    assert RenderPlan.from_json(json.loads(json.dumps(shown.to_json()))) == shown
    assert [(file.kind, file.encoder) for file in adapter_files(shown)] == [("image_prompt", look.encoder)]


def test_a_blend_and_a_style_and_a_wanted_start_are_shown_as_well():
    blend = picture_plans.shown_by(picture_plans.plan_blend(replace(plan(), parts=(PromptPart(""),)), [1, 1]), "look")
    assert blend.sources == (SourceUse(prompt=1.0), SourceUse(prompt=1.0))
    assert blend.stages[0].strength == 1
    styled = picture_plans.shown_by(picture_plans.with_style(picture_plans.with_image_prompts(plan(), [1]), [100]), "l")
    assert styled.sources == (SourceUse(prompt=1), SourceUse(style=0.5))
    started = picture_plans.with_image_prompts(plan(), [1])
    kept = picture_plans.shown_by(started, "look", keeps_start=True)
    assert (kept.sources, kept.stages) == (started.sources, started.stages)
    for untouched in (plan(), picture_plans.with_style(plan(), [100])):
        assert picture_plans.shown_by(untouched, "look") == untouched


def test_it_is_no_lora_and_stays_while_jobs_wait_for_it(look, alice, checkpoint):
    with pytest.raises(ActionNotPossibleError, match="shows image prompts by itself"):
        with_adapters(plan(), [AdapterUse("look")], family="stable_diffusion")
    job = queued_job(alice)
    job.plan = picture_plans.shown_by(picture_plans.with_image_prompts(job.plan, [1]), "look")
    job.save()
    with pytest.raises(AdapterInUseError):
        remove_adapter("look")
