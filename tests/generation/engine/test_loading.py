import json
import shutil

import pytest
import torch
from diffusers import UNet2DConditionModel
from safetensors.torch import load_file, save_file

from generation.contracts import PromptPart, Rendered, Stage
from generation.engine.loading import load_family, resolve_source
from generation.engine.loop import Engine
from generation.errors import CheckpointInvalidError
from tests.generation.engine.fakes import finish, plan, submit
from tests.generation.engine.tiny_checkpoint import write_tiny_checkpoint

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning:diffusers")
SMALL = Stage(width_px=64, height_px=64, steps=3)
LARGE = Stage(width_px=128, height_px=128, steps=4, strength=0.5, network="hires")


@pytest.fixture
def copy(tiny_folder, tmp_path):
    """A copy of the tiny checkpoint that a test may break."""
    return shutil.copytree(tiny_folder, tmp_path / "dreams")


def rewrite(file, change) -> None:
    """Change the tensors of a safetensors file."""
    save_file(change(load_file(file)), file, metadata={"format": "pt"})


def rewrite_json(file, **values) -> None:
    file.write_text(json.dumps(json.loads(file.read_text()) | values))


def some_prediction(family, network="base") -> torch.Tensor:
    with torch.inference_mode():
        rows = torch.linspace(-1, 1, 4 * 8 * 8).view(1, 4, 8, 8)
        return family.predict(network, rows, torch.tensor([500.0]), family.encode_text("a tree", network))


def test_a_folder_in_the_layout_of_stable_diffusion_1_paints_end_to_end(tiny_folder):
    engine = Engine(lambda _: load_family(tiny_folder, device="cpu"), max_rows=8)
    asked = plan(
        parts=(PromptPart("a tree", 2.0), PromptPart("the sea")),
        negative_prompt="fog",
        seeds=(1, 2),
        stages=(SMALL, LARGE),
    )
    ears = [submit(engine, name, asked) for name in ("first", "second")]
    finish(engine)
    first, second = (ear.last for ear in ears)
    assert isinstance(first, Rendered)
    assert [(p.width_px, p.height_px) for p in first.pictures] == [(128, 128)] * 2
    assert first.pictures[0] != first.pictures[1]
    assert first.pictures == second.pictures


def test_it_reads_sizes_and_schedule_from_the_folder(tiny_folder):
    family = load_family(tiny_folder, device="cpu")
    assert (family.native_px, family.size_multiple_px) == (64, 64)
    assert family.latent_shape(128, 64) == (4, 8, 16)
    assert (family.schedule.prediction, family.schedule.spacing, family.schedule.steps_offset) == (
        "epsilon",
        "linspace",
        1,
    )


def test_a_file_of_2022_with_the_old_names_of_its_layers_gives_the_same_network(tiny_folder, copy):
    now = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}

    def older(name: str) -> str:
        for new, old in now.items():
            name = name.replace(f"mid_block.attentions.0.{new}.", f"mid_block.attentions.0.{old}.")
        return name

    positions = {"text_model.embeddings.position_ids": torch.arange(77)[None]}
    rewrite(copy / "text_encoder/model.safetensors", lambda w: {f"text_model.{k}": v for k, v in w.items()} | positions)
    rewrite(copy / "vae/diffusion_pytorch_model.safetensors", lambda w: {older(k): v for k, v in w.items()})
    new, old = load_family(tiny_folder, device="cpu"), load_family(copy, device="cpu")
    latents = torch.ones(1, 4, 8, 8)
    with torch.inference_mode():
        assert torch.equal(*(each.encode_text("a tree", "base").hidden for each in (new, old)))
        assert torch.equal(new.decode(latents), old.decode(latents))


def test_weights_in_several_files_give_the_same_network(tiny_folder, copy):
    whole = UNet2DConditionModel.from_pretrained(tiny_folder / "unet")
    (copy / "unet/diffusion_pytorch_model.safetensors").unlink()
    whole.save_pretrained(copy / "unet", max_shard_size="500KB")
    assert len(list((copy / "unet").glob("*-of-*.safetensors"))) > 1
    assert torch.equal(
        some_prediction(load_family(copy, device="cpu")), some_prediction(load_family(tiny_folder, device="cpu"))
    )


def test_a_refiner_beside_the_network_serves_large_pictures(tmp_path):
    family = load_family(write_tiny_checkpoint(tmp_path / "refined", with_refiner=True), device="cpu")
    assert family.network("hires") == "hires"
    assert not torch.equal(some_prediction(family, "hires"), some_prediction(family, "base"))


def test_without_a_refiner_the_base_network_serves_large_pictures(tiny_folder):
    assert load_family(tiny_folder, device="cpu").network("hires") == "base"


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_networks_take_the_asked_dtype_and_outputs_are_float32(tiny_folder, dtype):
    family = load_family(tiny_folder, device="cpu", dtype=dtype)
    assert family.dtype == dtype
    assert some_prediction(family).dtype == torch.float32


WEIGHTS = {
    "text_encoder": "text_encoder/model.safetensors",
    "unet": "unet/diffusion_pytorch_model.safetensors",
    "vae": "vae/diffusion_pytorch_model.safetensors",
}


@pytest.mark.parametrize(
    "missing",
    ["model_index.json", "scheduler/scheduler_config.json", "unet/config.json", "tokenizer", *WEIGHTS.values()],
)
def test_it_says_what_a_folder_lacks(copy, missing):
    path = copy / missing
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(
        CheckpointInvalidError, match=r"dreams (is no checkpoint in diffusers layout|could not be loaded): .+"
    ):
        load_family(copy, device="cpu")


@pytest.mark.parametrize("part", WEIGHTS)
def test_it_refuses_a_download_that_broke_off(copy, part):
    file = copy / WEIGHTS[part]
    file.write_bytes(file.read_bytes()[:-1000])
    with pytest.raises(CheckpointInvalidError, match="dreams could not be loaded"):
        load_family(copy, device="cpu")


@pytest.mark.parametrize("part", WEIGHTS)
def test_it_refuses_weights_that_lack_a_layer_instead_of_painting_with_a_random_one(copy, part):
    rewrite(copy / WEIGHTS[part], lambda weights: dict(sorted(weights.items())[1:]))
    with pytest.raises(CheckpointInvalidError, match=rf"The weights in dreams/{part} lack "):
        load_family(copy, device="cpu")


@pytest.mark.parametrize("part", WEIGHTS)
def test_it_never_opens_a_pickle(copy, part):
    file = copy / WEIGHTS[part]
    pickled = "pytorch_model.bin" if part == "text_encoder" else "diffusion_pytorch_model.bin"
    torch.save(load_file(file), file.with_name(pickled))
    file.unlink()
    with pytest.raises(CheckpointInvalidError, match="dreams could not be loaded"):
        load_family(copy, device="cpu")


def test_it_refuses_a_family_whose_parts_only_have_the_same_names(copy):
    rewrite_json(
        copy / "model_index.json",
        text_encoder_2=["transformers", "CLIPTextModelWithProjection"],
        tokenizer_2=["transformers", "CLIPTokenizer"],
    )
    with pytest.raises(CheckpointInvalidError, match="has a text_encoder_2 and a tokenizer_2"):
        load_family(copy, device="cpu")


def widen(folder, channels: int) -> None:
    """Let the network take more than latents."""
    rewrite_json(folder / "unet/config.json", in_channels=channels)
    wide = torch.zeros(32, channels, 3, 3)
    rewrite(folder / WEIGHTS["unet"], lambda weights: weights | {"conv_in.weight": wide})


def test_a_network_for_inpainting_is_known_by_what_it_takes(tiny_folder, copy):
    widen(copy, 9)
    assert load_family(copy, device="cpu").sees_mask("base")
    assert not load_family(tiny_folder, device="cpu").sees_mask("base")


def test_it_refuses_a_schedule_that_its_tables_do_not_know(copy):
    rewrite_json(copy / "scheduler/scheduler_config.json", _class_name="EDMDPMSolverMultistepScheduler")
    with pytest.raises(CheckpointInvalidError, match="is Karras' EDM, which mjweb cannot sample"):
        load_family(copy, device="cpu")


def test_it_refuses_a_network_that_takes_other_things_than_latents(copy):
    widen(copy, 8)
    with pytest.raises(CheckpointInvalidError, match="takes 8 channels, which are not latents alone"):
        load_family(copy, device="cpu")


def test_a_folder_here_is_never_looked_up_in_a_hub(tiny_folder):
    assert resolve_source(str(tiny_folder)) == tiny_folder


def test_a_single_file_is_refused_with_a_hint(tiny_folder):
    with pytest.raises(CheckpointInvalidError, match="is a single file: it has to be added as a model"):
        resolve_source(tiny_folder / WEIGHTS["unet"])


@pytest.mark.parametrize("path", ["/nowhere/dreams", "models/of/mine"])
def test_a_path_that_does_not_exist_is_refused_without_asking_a_hub(path, monkeypatch):
    monkeypatch.setattr("generation.engine.loading.snapshot_download", lambda *_, **__: pytest.fail("asked"))
    with pytest.raises(CheckpointInvalidError, match="neither a folder here"):
        resolve_source(path)


@pytest.mark.parametrize("name", ["nobody-at-all/never-made", "plain"])
def test_a_name_of_neither_a_folder_nor_a_model_fails_with_a_sentence_when_offline(monkeypatch, name):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(CheckpointInvalidError, match=f"{name} is neither a folder here nor a model"):
        resolve_source(name)
