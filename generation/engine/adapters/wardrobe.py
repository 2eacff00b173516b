"""The adapters that one checkpoint has worn lately, in its form: the one that was worn longest ago goes first.

A LoRA is read once per checkpoint. What several of them add to a layer together, by their weights, is put together once
per outfit.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any, Final, TypeVar

import torch
from torch import nn

from generation.contracts import AdapterFile
from generation.engine.adapters.control import Control, read_control
from generation.engine.adapters.eyes import Eyes, read_eyes
from generation.engine.adapters.image_prompts import ImagePrompts, read_image_prompts
from generation.engine.adapters.inversion import read_embedding
from generation.engine.adapters.layers import Addition, dressed, joined
from generation.engine.adapters.lora import Lora, read_lora
from generation.engine.adapters.worn import Outfit, only

MOST_BYTES: Final = 2 * 2**30
"""Of adapters that a checkpoint keeps, beyond those that it wears."""
MOST_CONTROLS: Final = 2
"""ControlNets that stay; each takes about a third of its U-Net."""
MOST_IMAGE_PROMPTS: Final = 2
"""What networks gain from IP-Adapters that stay: some 40 MB with SD 1.5, 700 MB with SDXL, in halves."""
MOST_EYES: Final = 1
"""Image encoders that stay, 1.3 GB and more in halves: nobody needs one any more once a picture was seen."""
MOST_OUTFITS: Final = 8
"""Outfits that stay put together; their sums by weight take as much again as their LoRAs."""

Read = TypeVar("Read")


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
        self._image_prompts: OrderedDict[AdapterFile, ImagePrompts] = OrderedDict()
        self._eyes: OrderedDict[AdapterFile, Eyes] = OrderedDict()
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
        others = (*only("control", outfit), *only("image_prompt", outfit))
        return ranks, *((worn.file.kind, worn.file.sha256) for worn in others)

    def control(self, outfit: Outfit) -> Control | None:
        """The ControlNet of an outfit; None where it has none.

        Raises:
            AdapterInvalidError: It cannot be read, or does not fit.

        Effects: as `worn_by`.
        """
        worn = only("control", outfit)
        if not worn:
            return None
        unet, scale = self._networks[self._denoiser], self._scale
        return _kept(self._controls, worn[0].file, lambda file: read_control(file, unet, scale), MOST_CONTROLS)

    def image_prompts(self, outfit: Outfit) -> ImagePrompts | None:
        """What an outfit's IP-Adapter adds to the denoiser, for as many pictures as it is worn times; None without one.

        Raises and effects: as `control`.
        """
        worn = only("image_prompt", outfit)
        if not worn:
            return None
        unet = self._networks[self._denoiser]
        own = _kept(self._image_prompts, worn[0].file, lambda file: read_image_prompts(file, unet), MOST_IMAGE_PROMPTS)
        return replace(own, pictures=len(worn))

    def eyes(self, file: AdapterFile) -> Eyes:
        """What an IP-Adapter looks at pictures with. Raises and effects: as `control`."""
        return _kept(self._eyes, file, lambda file: read_eyes(file, self._networks[self._denoiser]), MOST_EYES)

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


def _kept(
    kept: OrderedDict[AdapterFile, Read], file: AdapterFile, read: Callable[[AdapterFile], Read], most: int
) -> Read:
    """What was read of a file, now or before; what was asked for longest ago makes room for it first."""
    if file not in kept:
        while len(kept) >= most:
            kept.popitem(last=False)
        kept[file] = read(file)
    kept.move_to_end(file)
    return kept[file]


def _width(tower: nn.Module) -> int:
    """Of a text tower's tokens."""
    config: Any = tower.config
    return int(config.hidden_size)
