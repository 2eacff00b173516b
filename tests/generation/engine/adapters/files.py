"""Adapters with random weights in the layouts of their trainers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import torch
from safetensors.torch import save_file

from generation.contracts import AdapterFile, AdapterUse, RenderPlan, RenderRequest

RANK, ALPHA = 4, 2.0
SD, XL = ("unet", "text_encoder"), ("unet", "text_encoder", "text_encoder_2")
KOHYA = {"unet": "lora_unet", "text_encoder": "lora_te", "text_encoder_2": "lora_te2"}
TARGETS = ("to_q", "to_k", "to_v", "to_out.0", "proj_in", "proj_out", "ff.net.0.proj", "ff.net.2")
TEXT_TARGETS = ("q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2")
CONVOLUTIONS = ("conv1", "conv2", "conv_shortcut")


def adapter(path: Path, kind: str = "lora", name: str | None = None) -> AdapterFile:
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return AdapterFile(name=name or path.stem, kind=kind, path=str(path), sha256=sha256)


def request(plan: RenderPlan, *files: AdapterFile, weights: tuple[float, ...] = ()) -> RenderRequest:
    """A request whose plan uses these, each by its weight; 1 unless they are given."""
    uses = tuple(AdapterUse(file.name, *weight) for file, weight in zip(files, _rows(weights, len(files)), strict=True))
    return RenderRequest(request_id="a", plan=replace(plan, adapters=uses), adapters=files)


def _rows(weights: tuple[float, ...], count: int) -> list[tuple[float, ...]]:
    return [(weight,) for weight in weights] or [()] * count


def write_peft(path: Path, networks: Mapping[str, torch.nn.Module], *, seed: int = 0, targets=TARGETS) -> Path:
    """As diffusers' training scripts write it: PEFT's names, the scale 1."""
    draw, tensors = torch.Generator().manual_seed(seed), {}
    for part, name, layer in layers_of(networks, targets):
        down, up = low_rank(layer, draw)
        tensors |= {f"{part}.{name}.lora_A.weight": down, f"{part}.{name}.lora_B.weight": up}
    save_file(tensors, path)
    return path


def write_kohya(path: Path, networks: Mapping[str, torch.nn.Module], *, seed: int = 0, targets=TARGETS) -> Path:
    """As kohya's scripts write it: underscores, `alpha` beside each layer."""
    draw, tensors, has_two = torch.Generator().manual_seed(seed), {}, "text_encoder_2" in networks
    for part, name, layer in layers_of(networks, targets):
        prefix = "lora_te1" if part == "text_encoder" and has_two else KOHYA[part]
        text = "text_model." if part.startswith("text") and not name.startswith("text_model") else ""
        stem = f"{prefix}_{(text + name).replace('.', '_')}"
        down, up = low_rank(layer, draw)
        tensors |= {
            f"{stem}.lora_down.weight": down,
            f"{stem}.lora_up.weight": up,
            f"{stem}.alpha": torch.tensor(ALPHA),
        }
    save_file(tensors, path)
    return path


def layers_of(networks: Mapping[str, torch.nn.Module], targets) -> list[tuple[str, str, torch.nn.Module]]:
    return [
        (part, name, layer)
        for part, network in networks.items()
        for name, layer in network.named_modules()
        if name.endswith(TEXT_TARGETS if part.startswith("text") else targets) and hasattr(layer, "weight")
    ]


def low_rank(layer: torch.nn.Module, draw: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Large enough that nobody overlooks it."""
    out, *inner = layer.weight.shape
    down = torch.randn((RANK, *inner), generator=draw) * 0.15
    up = torch.randn((out, RANK, *[1] * (len(inner) - 1)), generator=draw) * 0.15
    return down, up


def merge_texts(networks: Mapping[str, torch.nn.Module], all_networks, weight: float, *, seed: int, targets) -> None:
    """Multiply a LoRA's parts for text encoders into their weights.

    The reference for them: with the pinned versions diffusers and transformers leave them out, for the names of CLIP's
    layers have changed in between.
    """
    draw = torch.Generator().manual_seed(seed)
    for part, name, layer in layers_of(all_networks, targets):
        down, up = low_rank(layer, draw)
        if part.startswith("text"):
            networks[part].get_submodule(name).weight.data += weight * up @ down
