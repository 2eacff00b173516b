"""A LoRA from its file: which layer of which network gains what.

diffusers knows how the names of the trainers (kohya's scripts, PEFT, diffusers' own) become those of its classes. Kohya
keeps the scale of a layer beside it as `alpha`, PEFT in the file's header; both are multiplied in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import torch
from diffusers.utils import state_dict_utils
from safetensors import safe_open
from torch import nn

from generation.contracts import AdapterFile
from generation.engine.adapters.files import misfit, read_tensors
from generation.engine.adapters.layers import LowRank, fitted
from generation.errors import AdapterInvalidError

NAMES: Final[Any] = state_dict_utils
"""How the names of one trainer become those of another."""
DOWN, UP = ".lora_A.weight", ".lora_B.weight"
KOHYA_DOWN, KOHYA_UP, ALPHA = ".lora_down.weight", ".lora_up.weight", ".alpha"
HEADER: Final = "lora_adapter_metadata"
"""Under this name diffusers writes PEFT's settings into the header of a file."""
OTHER_METHODS: Final = ("dora_scale", "lora_magnitude_vector", "lokr_", "hada_", "oft_", "ia3_", "boft_")
"""What the names of further methods say, which add more than a product of low rank."""
TEXT: Final = "text_encoder"

Layers = Mapping[str, Mapping[str, LowRank]]
"""Additions by network, then by the layer's name there."""


@dataclass(frozen=True, slots=True)
class Lora:
    """A LoRA in memory, in the form, dtype and place of one checkpoint's layers."""

    layers: Layers

    @property
    def size_bytes(self) -> int:
        """What it takes in memory."""
        return sum(low.size_bytes for layers in self.layers.values() for low in layers.values())


def read_lora(file: AdapterFile, networks: Mapping[str, nn.Module], loader: Any, config: Any) -> Lora:
    """Read a LoRA for a checkpoint.

    Args:
        file: Safetensors.
        networks: The checkpoint's, by the names that diffusers' pipeline gives them.
        loader: The class of diffusers that knows the names of this family's LoRAs.
        config: Of the denoising network, whose numbers of layers some names count.

    Raises:
        AdapterInvalidError: It is no LoRA, of a method that is not known, or made for another checkpoint.
    """
    tensors = read_tensors(file)
    if other := next((name for name in tensors if any(method in name for method in OTHER_METHODS)), None):
        raise AdapterInvalidError(f"The adapter {file.name} is more than a LoRA ({other}), which is not known here.")
    named = _named(file, _scaled(tensors), loader, config)
    layers = {part: _of_network(named, part, network, file) for part, network in networks.items()}
    count = sum(map(len, layers.values()))
    if count == 0:
        raise AdapterInvalidError(f"The adapter {file.name} is no LoRA: it changes no layer of this checkpoint.")
    if unknown := next((name for name in named if name.split(".")[0] not in networks), None):
        raise misfit(file, f"network as {unknown.split('.')[0]}")
    return Lora(layers)


def _scaled(tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The tensors with every `alpha` multiplied into the layer beside it, as `alpha / rank`."""
    scaled = {name: tensor for name, tensor in tensors.items() if not name.endswith(ALPHA)}
    for name in tensors.keys() - scaled.keys():
        stem = name.removesuffix(ALPHA)
        for down, up in ((KOHYA_DOWN, KOHYA_UP), (DOWN, UP)):
            if stem + down in scaled and stem + up in scaled:
                scale = float(tensors[name]) / len(scaled[stem + down])
                scaled[stem + up] = scaled[stem + up].float() * scale
    return scaled


def _named(file: AdapterFile, tensors: dict[str, torch.Tensor], loader: Any, config: Any) -> dict[str, torch.Tensor]:
    """The tensors by diffusers' names, scaled by what the file's header says.

    Raises:
        AdapterInvalidError: The names are those of no LoRA.
    """
    options = {"unet_config": config} if any(name.startswith("lora_unet_") for name in tensors) else {}
    try:
        named = loader.lora_state_dict(tensors, **options)
    except (ValueError, KeyError, AttributeError, IndexError) as error:
        raise AdapterInvalidError(f"The adapter {file.name} is no LoRA for this family of checkpoints.") from error
    return dict(named[0] if isinstance(named, tuple) else named)


def _of_network(
    named: Mapping[str, torch.Tensor], part: str, network: nn.Module, file: AdapterFile
) -> dict[str, LowRank]:
    """The additions to one network, by the names of its layers."""
    own = {name.removeprefix(f"{part}."): tensor for name, tensor in named.items() if name.startswith(f"{part}.")}
    if not own:
        return {}
    peft = _peft_names(own, network, is_text=part.startswith(TEXT))
    scale = _scale_of_header(file, part)
    known, layers = dict(network.named_modules()), {}
    for name in peft:
        layer = name.split(".lora_")[0]
        if layer + DOWN not in peft or layer + UP not in peft or name not in {layer + DOWN, layer + UP}:
            raise AdapterInvalidError(f"The adapter {file.name} has a part that no LoRA has: {name}.")
        if layer in layers:
            continue
        down, up = peft[layer + DOWN], peft[layer + UP]
        low = LowRank(down, up.float() * scale(layer, len(down)))
        fits = fitted(low, known[layer]) if layer in known else None
        if fits is None:
            raise misfit(file, f"layer as {layer}")
        layers[layer] = fits
    return layers


def _peft_names(own: dict[str, torch.Tensor], network: nn.Module, *, is_text: bool) -> dict[str, torch.Tensor]:
    """PEFT's names of the tensors of one network, whatever trained them."""
    if not is_text:
        is_peft = any(DOWN in name for name in own)
        return own if is_peft else dict(NAMES.convert_unet_state_dict_to_peft(own))
    peft = dict(NAMES.convert_state_dict_to_peft(NAMES.convert_state_dict_to_diffusers(own)))
    if hasattr(network, "text_model"):
        return peft
    return {name.removeprefix("text_model."): tensor for name, tensor in peft.items()}


def _scale_of_header(file: AdapterFile, part: str) -> Callable[[str, int], float]:
    """What a layer is multiplied by, from its name and rank: by PEFT's settings in the file's header; 1 without."""
    with safe_open(file.path, framework="pt") as opened:
        header = json.loads((opened.metadata() or {}).get(HEADER, "{}"))
    alpha, pattern = header.get(f"{part}.lora_alpha"), header.get(f"{part}.alpha_pattern") or {}
    if alpha is None:
        return lambda _layer, _rank: 1.0
    root = 0.5 if header.get(f"{part}.use_rslora") else 1.0

    def scale(layer: str, rank: int) -> float:
        own = next((value for end, value in pattern.items() if layer.endswith(end)), alpha)
        return float(own / rank**root)

    return scale
