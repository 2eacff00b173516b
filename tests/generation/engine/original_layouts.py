"""Tiny folders written as one file, with the names and shapes of the original repositories of Stable Diffusion."""

from __future__ import annotations

import json
import re
from pathlib import Path

RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "time_emb_proj": "emb_layers.1",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "conv_shortcut": "skip_connection",
}
UNET_ENDS = {
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "add_embedding.linear_1": "label_emb.0.0",
    "add_embedding.linear_2": "label_emb.0.2",
    "conv_in": "input_blocks.0.0",
    "conv_norm_out": "out.0",
    "conv_out": "out.2",
    "mid_block.resnets.0": "middle_block.0",
    "mid_block.attentions.0": "middle_block.1",
    "mid_block.resnets.1": "middle_block.2",
}
VAE_ATTENTION = {"group_norm": "norm", "to_q": "q", "to_k": "k", "to_v": "v", "to_out.0": "proj_out"}
OPEN_CLIP = {
    "self_attn.out_proj": "attn.out_proj",
    "layer_norm1": "ln_1",
    "layer_norm2": "ln_2",
    "mlp.fc1": "mlp.c_fc",
    "mlp.fc2": "mlp.c_proj",
}

SD3_ENDS = {
    "pos_embed.pos_embed": "pos_embed",
    "pos_embed.proj": "x_embedder.proj",
    "time_text_embed.timestep_embedder.linear_1": "t_embedder.mlp.0",
    "time_text_embed.timestep_embedder.linear_2": "t_embedder.mlp.2",
    "time_text_embed.text_embedder.linear_1": "y_embedder.mlp.0",
    "time_text_embed.text_embedder.linear_2": "y_embedder.mlp.2",
    "context_embedder": "context_embedder",
    "proj_out": "final_layer.linear",
    "norm_out.linear": "final_layer.adaLN_modulation.1",
}
SD3_BLOCK = {
    "attn.norm_q": "x_block.attn.ln_q",
    "attn.norm_k": "x_block.attn.ln_k",
    "attn.norm_added_q": "context_block.attn.ln_q",
    "attn.norm_added_k": "context_block.attn.ln_k",
    "attn.to_out.0": "x_block.attn.proj",
    "attn.to_add_out": "context_block.attn.proj",
    "norm1.linear": "x_block.adaLN_modulation.1",
    "norm1_context.linear": "context_block.adaLN_modulation.1",
    "ff.net.0.proj": "x_block.mlp.fc1",
    "ff.net.2": "x_block.mlp.fc2",
    "ff_context.net.0.proj": "context_block.mlp.fc1",
    "ff_context.net.2": "context_block.mlp.fc2",
}
SD3_FUSED = {"attn.to_{}": "x_block.attn.qkv", "attn.add_{}_proj": "context_block.attn.qkv"}


def write_sd1(folder: Path, file: Path, **metadata: str) -> Path:
    return _write(file, {**_unet(folder), **_vae(folder), **_clip(folder, "cond_stage_model.transformer.")}, metadata)


def write_sd2(folder: Path, file: Path) -> Path:
    text = _open_clip(folder / "text_encoder", "cond_stage_model.model.")
    return _write(file, {**_unet(folder), **_vae(folder), **text}, {})


def write_sdxl(folder: Path, file: Path) -> Path:
    texts = _clip(folder, "conditioner.embedders.0.transformer.")
    texts |= _open_clip(folder / "text_encoder_2", "conditioner.embedders.1.model.")
    return _write(file, {**_unet(folder), **_vae(folder), **texts}, {})


def write_sd3(folder: Path, file: Path) -> Path:
    """The transformer alone, as files without text encoders have it."""
    return _write(file, _sd3_transformer(folder), {})


def _write(file: Path, weights: dict, metadata: dict) -> Path:
    from safetensors.torch import save_file

    save_file({name: weight.contiguous() for name, weight in weights.items()}, file, metadata=metadata)
    return file


def _weights(folder: Path) -> dict:
    from safetensors.torch import load_file

    return load_file(next(folder.glob("*.safetensors")))


def _unet(folder: Path) -> dict:
    config = json.loads((folder / "unet/config.json").read_text())
    per_block = config["layers_per_block"] + 1
    attends = ["Attn" in kind for kind in config["up_block_types"]]

    def place(name: str) -> str:
        for new, old in UNET_ENDS.items():
            if name.startswith(f"{new}."):
                return old + name.removeprefix(new)
        side, block, kind, layer, rest = re.fullmatch(r"(down|up)_blocks\.(\d+)\.(\w+)\.(\d+)\.(.+)", name).groups()
        first = int(block) * per_block
        if kind == "downsamplers":
            return f"input_blocks.{first + per_block}.0.op.{rest.removeprefix('conv.')}"
        if kind == "upsamplers":
            return f"output_blocks.{first + per_block - 1}.{1 + attends[int(block)]}.{rest}"
        number = first + int(layer) + (side == "down")
        return f"{'input' if side == 'down' else 'output'}_blocks.{number}.{int(kind == 'attentions')}.{rest}"

    def renamed(name: str) -> str:
        placed = place(name)
        if "resnets" in name:
            for new, old in RESNET.items():
                placed = placed.replace(f".{new}.", f".{old}.")
        return f"model.diffusion_model.{placed}"

    return {renamed(name): weight for name, weight in _weights(folder / "unet").items()}


def _vae(folder: Path) -> dict:
    blocks = len(json.loads((folder / "vae/config.json").read_text())["block_out_channels"])
    found = {}
    for name, weight in _weights(folder / "vae").items():
        old = re.sub(r"down_blocks\.(\d+)\.resnets\.", r"down.\1.block.", name)
        old = re.sub(r"up_blocks\.(\d+)\.resnets\.", lambda m: f"up.{blocks - 1 - int(m[1])}.block.", old)
        old = re.sub(r"down_blocks\.(\d+)\.downsamplers\.0", r"down.\1.downsample", old)
        old = re.sub(r"up_blocks\.(\d+)\.upsamplers\.0", lambda m: f"up.{blocks - 1 - int(m[1])}.upsample", old)
        old = re.sub(r"mid_block\.resnets\.(\d)", lambda m: f"mid.block_{int(m[1]) + 1}", old)
        old = old.replace("conv_shortcut", "nin_shortcut").replace("conv_norm_out", "norm_out")
        if "mid_block.attentions.0" in old:
            old = old.replace("mid_block.attentions.0", "mid.attn_1")
            for new_name, old_name in VAE_ATTENTION.items():
                old = old.replace(f".{new_name}.", f".{old_name}.")
        is_linear = "mid.attn_1" in old and weight.dim() == 2  # a convolution of one pixel there
        found[f"first_stage_model.{old}"] = weight[:, :, None, None] if is_linear else weight
    return found


def _clip(folder: Path, prefix: str) -> dict:
    weights = _weights(folder / "text_encoder")
    return {f"{prefix}text_model.{name.removeprefix('text_model.')}": weight for name, weight in weights.items()}


def _open_clip(folder: Path, prefix: str) -> dict:
    import torch

    weights = {name.removeprefix("text_model."): weight for name, weight in _weights(folder).items()}
    found = {
        "token_embedding.weight": weights["embeddings.token_embedding.weight"],
        "positional_embedding": weights["embeddings.position_embedding.weight"],
        "ln_final.weight": weights["final_layer_norm.weight"],
        "ln_final.bias": weights["final_layer_norm.bias"],
    }
    if "text_projection.weight" in weights:
        found["text_projection"] = weights["text_projection.weight"].T
    layers = {name.split(".")[2] for name in weights if name.startswith("encoder.layers.")}
    for number in layers:
        new, old = f"encoder.layers.{number}.", f"transformer.resblocks.{number}."
        for end in ("weight", "bias"):
            fused = [weights[f"{new}self_attn.{one}_proj.{end}"] for one in "qkv"]
            found[f"{old}attn.in_proj_{end}"] = torch.cat(fused)
            for inner, outer in OPEN_CLIP.items():
                found[f"{old}{outer}.{end}"] = weights[f"{new}{inner}.{end}"]
    return {prefix + name: weight for name, weight in found.items()}


def _sd3_transformer(folder: Path) -> dict:
    import torch

    weights, found = _weights(folder / "transformer"), {}
    last = json.loads((folder / "transformer/config.json").read_text())["num_layers"] - 1
    for name, weight in weights.items():
        for new, old in SD3_ENDS.items():
            if name.startswith(new):
                found[old + name.removeprefix(new)] = _swapped(weight) if new == "norm_out.linear" else weight
    for number in range(last + 1):
        start, place = f"transformer_blocks.{number}.", f"joint_blocks.{number}."
        for end in ("weight", "bias"):
            for new, old in SD3_FUSED.items():
                fused = [weights[f"{start}{new.format(one)}.{end}"] for one in "qkv"]
                found[f"{place}{old}.{end}"] = torch.cat(fused)
            for new, old in SD3_BLOCK.items():
                if (weight := weights.get(f"{start}{new}.{end}")) is not None:
                    is_swapped = number == last and new == "norm1_context.linear"
                    found[f"{place}{old}.{end}"] = _swapped(weight) if is_swapped else weight
    return {f"model.diffusion_model.{name}": weight for name, weight in found.items()}


def _swapped(weight):
    """Scale and shift change places."""
    import torch

    return torch.cat(weight.chunk(2)[::-1])
