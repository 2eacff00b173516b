"""What the two U-Net stages share: the networks under them, and the text that conditions them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import nn

from generation.starter.training.checkpoints import fingerprint
from generation.starter.training.folders import Networks, open_networks
from generation.starter.training.networks import UNetName, encoder_of, make_unet
from generation.starter.training.settings import Run
from generation.starter.training.words import Words

DROPPED_CAPTIONS: Final = 0.12
"""Share of captions replaced by the empty one, for classifier-free guidance (Ho & Salimans 2022)."""


@dataclass(frozen=True, slots=True)
class Groundwork:
    """A U-Net to train and the frozen networks that it builds on."""

    unet: Any
    networks: Networks
    empty: torch.Tensor
    """Token ids of the empty caption, (length,)."""

    @property
    def built_on(self) -> dict[str, str]:
        """Fingerprints of the networks whose change would change what the U-Net learns."""
        vae, text_encoder = encoder_of(self.networks["vae"]), self.networks["text_encoder"]
        return {"vae": fingerprint(vae), "text_encoder": fingerprint(text_encoder)}

    @property
    def blocks(self) -> tuple[nn.Module, ...]:
        """The parts that are worth compiling."""
        return (*self.unet.down_blocks, *self.unet.up_blocks)

    def condition(self, tokens: torch.Tensor, run: Run) -> torch.Tensor:
        """The text tower's last hidden states with some captions dropped; (batch, length, width)."""
        dropped = torch.rand(len(tokens), 1, device=tokens.device) < DROPPED_CAPTIONS
        kept = torch.where(dropped, self.empty, tokens)
        with torch.no_grad(), run.device.autocast():
            states: torch.Tensor = self.networks["text_encoder"](kept).last_hidden_state
        return states.float()


def prepare(run: Run, name: UNetName) -> Groundwork:
    """A fresh U-Net, or the released one that the run goes on from.

    Raises:
        SystemExit: A stage before it has written nothing yet.
    """
    networks = open_networks(run.networks, run.device.name)
    if missing := networks.missing("tokenizer", "clip", "text_encoder", "vae"):
        raise SystemExit(f"The stage {name} needs {', '.join(missing)} first.")
    channels = int(networks["vae"].config.latent_channels)
    width = int(networks["text_encoder"].config.hidden_size)
    unet = make_unet(run.size, name, latent_channels=channels, context_width=width)
    if run.init and (released := open_networks(run.init)).has(name):
        unet.load_state_dict(released[name].state_dict())
    empty = torch.from_numpy(Words(run.tokenizer).encode("")).long().to(run.device.name)
    return Groundwork(unet.to(run.device.name).to(memory_format=torch.channels_last), networks, empty)
