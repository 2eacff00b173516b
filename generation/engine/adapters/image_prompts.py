"""What an IP-Adapter adds to a U-Net: in every layer that attends to a text, keys and values of its own for pictures.

`y = out(attend(q, K c, V c) + sum_i w_i * attend(q, K' c_i, V' c_i))`, with one term for each picture. What the layers
are told of a picture, a few tokens, travels behind the tokens of the text, and behind each picture's one more that says
how much it counts. So a row keeps its own pictures in any batch, tile or padding.

Source: Ye et al. 2023, "IP-Adapter: Text Compatible Image Prompt Adapter for Text-to-Image Diffusion Models",
equation 5. Equal to diffusers' pipelines after `load_ip_adapter`, once for each picture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812 -- torch's own name for it
from torch import nn

from generation.contracts import AdapterFile
from generation.engine.adapters.files import ImagePromptTensors, misfit, read_image_prompt
from generation.engine.exactness import RowLinear


class Shown(NamedTuple):
    """One picture of each row.

    tokens: (rows, tokens, width).
    weights: (rows, 1, 1), how much it counts.
    """

    tokens: torch.Tensor
    weights: torch.Tensor


class Gain(NamedTuple):
    """What one layer of attention gains: from a picture's tokens to keys and to values, both as wide as its own."""

    layer: Any
    key: nn.Module
    value: nn.Module


@dataclass(frozen=True, slots=True)
class ImagePrompts:
    """The part of an IP-Adapter that a network wears.

    tokens: of one picture, without its weight.
    pictures: how many each row is shown.
    """

    gains: tuple[Gain, ...]
    tokens: int
    pictures: int = 1

    @contextmanager
    def seen(self, hidden: torch.Tensor) -> Iterator[torch.Tensor]:
        """Inside, the network's layers attend to the pictures that each row brings; gives the texts without them.

        hidden: (rows, tokens, width), texts with their pictures behind them as `behind` lays them.

        Not safe for concurrency: whoever runs the network meanwhile sees them too. The engine thread alone runs it.
        """
        each = self.tokens + 1
        text, *shown = torch.split(hidden, [hidden.shape[1] - each * self.pictures, *[each] * self.pictures], dim=1)
        pictures = [Shown(part[:, :-1], part[:, -1:, :1]) for part in shown]
        hooks = [hook for gain in self.gains for hook in _hooked(gain, pictures)]
        try:
            yield text
        finally:
            for hook in hooks:
                hook.remove()


def behind(tokens: Sequence[torch.Tensor], weights: Sequence[float]) -> torch.Tensor:
    """Pictures, each (rows, tokens, width), and how much each counts, as what follows the tokens of a text."""
    parts = [(told, told.new_full((len(told), 1, told.shape[2]), w)) for told, w in zip(tokens, weights, strict=True)]
    return torch.cat([part for pair in parts for part in pair], dim=1)


def read_image_prompts(file: AdapterFile, unet: Any) -> ImagePrompts:
    """Read what the layers of a U-Net gain, in its dtype, on its device.

    Raises:
        AdapterInvalidError: The file is no IP-Adapter that is known here, or made for another checkpoint.
    """
    found = read_image_prompt(file)
    layers = [unet.get_submodule(name.removesuffix(".processor")) for name in _names(unet)]
    wanted = {f"{2 * place + 1}.{part}.weight" for place in range(len(layers)) for part in ("to_k_ip", "to_v_ip")}
    if wanted != found.layers.keys():
        raise misfit(file, f"set of {len(found.layers) // 2} layers that attend to a text")
    gains = [_gain(file, layer, found, 2 * place + 1) for place, layer in enumerate(layers)]
    return ImagePrompts(tuple(gains), found.tokens)


def _names(unet: Any) -> list[str]:
    """The layers that attend to a text, in the order in which files of IP-Adapters count them, by odd numbers."""
    return [name for name in unet.attn_processors if not name.endswith("attn1.processor")]


def _gain(file: AdapterFile, layer: Any, found: ImagePromptTensors, number: int) -> Gain:
    key, value = (_linear(file, layer.to_k, found.layers[f"{number}.{part}.weight"]) for part in ("to_k_ip", "to_v_ip"))
    return Gain(layer, key, value)


def _linear(file: AdapterFile, like: Any, weight: torch.Tensor) -> nn.Module:
    """A layer beside the layer's own: of its shape, dtype and device, and row by row where that multiplies so."""
    if weight.shape != like.weight.shape:
        raise misfit(file, f"layer as one of {tuple(weight.shape)}")
    linear = nn.Linear(weight.shape[1], weight.shape[0], bias=False, device="meta")
    linear.weight = nn.Parameter(weight.to(like.weight.device, like.weight.dtype, copy=True), requires_grad=False)
    return RowLinear(linear) if isinstance(like, RowLinear) else linear


def _hooked(gain: Gain, pictures: Sequence[Shown]) -> list[Any]:
    """Hooks that take a layer's queries and add what they find in pictures before the layer's last product."""
    queries: list[torch.Tensor] = []
    remember: Callable[..., None] = lambda _layer, _inputs, output: queries.append(output)  # noqa: E731

    def add(_layer: nn.Module, inputs: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
        attended, query = inputs[0], queries.pop()
        for shown in pictures:
            attended = attended + shown.weights * _attend(gain, query, shown.tokens)
        return attended, *inputs[1:]

    return [gain.layer.to_q.register_forward_hook(remember), gain.layer.to_out[0].register_forward_pre_hook(add)]


def _attend(gain: Gain, query: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
    """What queries (rows, positions, width) find in the tokens of a picture; of their shape."""
    heads = gain.layer.heads
    parts = (query, gain.key(tokens), gain.value(tokens))
    found = F.scaled_dot_product_attention(*(part.unflatten(2, (heads, -1)).transpose(1, 2) for part in parts))
    return found.transpose(1, 2).flatten(2)
