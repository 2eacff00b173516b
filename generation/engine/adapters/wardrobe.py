"""The adapters that one checkpoint has worn lately, in its form: the one that was worn longest ago goes first.

A LoRA is read once per checkpoint. What several of them add to a layer together, by their weights, is put together once
per outfit.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

import torch
from torch import nn

from generation.contracts import AdapterFile
from generation.engine.adapters.control import Control, read_control
from generation.engine.adapters.inversion import read_embedding
from generation.engine.adapters.layers import Addition, dressed, joined
from generation.engine.adapters.lora import Lora, read_lora
from generation.engine.adapters.worn import Outfit, only

MOST_BYTES: Final = 2 * 2**30
"""Of adapters that a checkpoint keeps, beyond those that it wears."""
MOST_CONTROLS: Final = 2
"""ControlNets that stay; each takes about a third of its U-Net."""
MOST_OUTFITS: Final = 8
"""Outfits that stay put together; their sums by weight take as much again as their LoRAs."""


class Wardrobe:
    """The adapters of one checkpoint. The engine thread alone may touch it."""

    def __init__(self, networks: Mapping[str, nn.Module], loader: Any, *, denoiser: str, scale: int = 8) -> None:
        """Nothing has been read yet.

        Args:
            networks: The checkpoint's, by the names that diffusers' pipeline gives them.
            loader: The class of diffusers that knows the names of this family's LoRAs.
            denoiser: The name of the denoising network among them.
            scale: Pixels of a side per latent position.
        """
        self._networks = networks
        self._loader = loader
        self._denoiser = denoiser
        self._scale = scale
        self._controls: OrderedDict[AdapterFile, Control] = OrderedDict()
        self._loras: OrderedDict[AdapterFile, Lora] = OrderedDict()
        self._words: dict[AdapterFile, Mapping[str, torch.Tensor]] = {}
        self._outfits: OrderedDict[tuple[str, Outfit], tuple[Addition, ...]] = OrderedDict()

    def worn_by(self, part: str, outfit: Outfit) -> Outfit:
        """The LoRAs of an outfit that change this network.

        Raises:
            AdapterInvalidError: One cannot be read, or does not fit.

        Effects: reads those that are not in memory, and lets go of others.
        """
        return tuple(worn for worn in only("lora", outfit) if self._lora(worn.file).layers.get(part))

    def dressed(self, part: str, outfit: Outfit) -> AbstractContextManager[None]:
        """Let a network wear the LoRAs of an outfit inside the context. Raises as `worn_by`."""
        worn = self.worn_by(part, outfit)
        return dressed(self._networks[part], self._additions(part, worn)) if worn else nullcontext()

    def form(self, part: str, outfit: Outfit) -> Hashable:
        """Equal for outfits that change the same layers of a network by as many ranks: kernels see the same shapes."""
        added = self._additions(part, self.worn_by(part, outfit))
        ranks = tuple((addition.name, addition.low.rank) for addition in added)
        return ranks, *(worn.file.sha256 for worn in only("control", outfit))

    def control(self, outfit: Outfit) -> Control | None:
        """The ControlNet of an outfit; None where it has none.

        Raises:
            AdapterInvalidError: It cannot be read, or does not fit.

        Effects: as `worn_by`.
        """
        worn = only("control", outfit)
        if not worn:
            return None
        file = worn[0].file
        if file not in self._controls:
            while len(self._controls) >= MOST_CONTROLS:
                self._controls.popitem(last=False)
            self._controls[file] = read_control(file, self._networks[self._denoiser], self._scale)
        self._controls.move_to_end(file)
        return self._controls[file]

    def vectors(self, part: str, outfit: Outfit) -> dict[str, torch.Tensor]:
        """The learned words of an outfit for one text tower, (vectors, width) by name, times their weights.

        Raises:
            AdapterInvalidError: One cannot be read, or does not fit.
        """
        words = [(worn.file, worn.weight) for worn in only("embedding", outfit)]
        return {file.name: self._word(file)[part] * weight for file, weight in words}

    def _word(self, file: AdapterFile) -> Mapping[str, torch.Tensor]:
        if file not in self._words:
            widths = {name: _width(tower) for name, tower in self._networks.items() if name != self._denoiser}
            self._words[file] = read_embedding(file, widths)  # some kilobytes: they stay
        return self._words[file]

    def _lora(self, file: AdapterFile) -> Lora:
        if file not in self._loras:
            config = self._networks[self._denoiser].config
            self._loras[file] = read_lora(file, self._networks, self._loader, config)
        self._loras.move_to_end(file)
        while len(self._loras) > 1 and sum(lora.size_bytes for lora in self._loras.values()) > MOST_BYTES:
            self._loras.popitem(last=False)
        return self._loras[file]

    def _additions(self, part: str, worn: Outfit) -> tuple[Addition, ...]:
        key = (part, worn)
        if key not in self._outfits:
            self._outfits[key] = self._put_together(part, worn)
        self._outfits.move_to_end(key)
        while len(self._outfits) > MOST_OUTFITS:
            self._outfits.popitem(last=False)
        return self._outfits[key]

    def _put_together(self, part: str, worn: Outfit) -> tuple[Addition, ...]:
        loras = [(self._lora(each.file).layers[part], each.weight) for each in worn]
        layers = dict(self._networks[part].named_modules())
        names = dict.fromkeys(name for added, _ in loras for name in added)
        return tuple(
            Addition(name, layers[name], joined([(added[name], weight) for added, weight in loras if name in added]))
            for name in names
        )


def _width(tower: nn.Module) -> int:
    """Of a text tower's tokens."""
    config: Any = tower.config
    return int(config.hidden_size)
