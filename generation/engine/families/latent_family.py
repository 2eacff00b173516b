"""What all families share: networks that turn latents and a conditioning into outputs, and one autoencoder."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import Any, ClassVar

import torch

from generation.contracts import AdapterKind, Network, Raster
from generation.engine.adapters.control import Control
from generation.engine.adapters.image_prompts import ImagePrompts
from generation.engine.adapters.wardrobe import Wardrobe
from generation.engine.adapters.worn import Outfit, only
from generation.engine.families.autoencoder import Autoencoder
from generation.engine.families.base import Conditioning, LatentShape
from generation.engine.families.picture_tokens import PictureTokens
from generation.engine.families.rows import Rows
from generation.engine.families.text_tower import TextTower
from generation.engine.norms import normalised_as
from generation.engine.previews import fit_latent_to_rgb
from generation.engine.sampling.schedules import NoiseSchedule
from generation.engine.seams import edges_meet, has_seamless_form


class LatentFamily(ABC):
    """A checkpoint in memory, as `families.base.Family` describes it; its family says how texts and rows go in.

    dtype: of its networks.
    denoiser: what diffusers' pipeline calls its denoising network.
    lora_loader: the class of diffusers that knows the names of the family's LoRAs.
    """

    embeds_guidance: bool = False
    takes_adapters: frozenset[AdapterKind] = frozenset({"lora"})
    denoiser: ClassVar[str] = "transformer"
    lora_loader: ClassVar[Any]

    def __init__(
        self,
        *,
        networks: Mapping[Network, Any],
        autoencoder: Autoencoder,
        schedule: NoiseSchedule,
        native_px: int,
        size_multiple_px: int,
    ) -> None:
        """Take over a checkpoint's parts.

        networks: `base`, and `hires` where the checkpoint has one; both on one device, in one dtype.
        """
        self._networks = networks
        self._autoencoder = autoencoder
        self._rows = Rows(self._forward, networks)
        self.schedule = schedule
        self.device = self._rows.device
        self.dtype = self._rows.dtype
        self.native_px = native_px
        self.size_multiple_px = size_multiple_px
        self.has_seamless_form = all(has_seamless_form(network) for network in networks.values())
        self.latent_to_rgb = fit_latent_to_rgb(self.encode_picture, self.device)
        encoders = {name: tower.encoder for name, tower in self.towers.items()}
        self._wardrobe = Wardrobe(
            {self.denoiser: networks["base"], **encoders},
            self.lora_loader,
            denoiser=self.denoiser,
            scale=autoencoder.scale,
        )
        self._picture_tokens = PictureTokens(self._wardrobe.eyes)
        self._control: Control | None = None
        self._image_prompts: ImagePrompts | None = None

    @property
    @abstractmethod
    def towers(self) -> Mapping[str, TextTower]:
        """CLIP's, by the names that diffusers' pipeline gives their encoders."""

    @property
    def denoisers(self) -> list[Any]:
        """Its networks that turn latents and a conditioning into outputs."""
        return list(self._networks.values())

    @abstractmethod
    def encode_text(
        self, text: str, network: Network, *, is_negative: bool = False, guidance: float = 1.0
    ) -> Conditioning:
        """What a network is told of one text, as `Family.encode_text` says."""

    @abstractmethod
    def _forward(
        self, network: Network, rows: torch.Tensor, timesteps: torch.Tensor, told: Conditioning
    ) -> torch.Tensor:
        """One forward pass, as `rows.Forward` says."""

    def latent_shape(self, width_px: int, height_px: int) -> LatentShape:
        """The latents of a picture of this size."""
        scale = self._autoencoder.scale
        return self._autoencoder.channels, height_px // scale, width_px // scale

    def row_limit(self, latent_shape: LatentShape) -> int:
        """Rows of one forward pass beyond which nothing is gained at this shape."""
        return self._rows.limit(latent_shape)

    def network(self, wanted: Network) -> Network:
        """`hires` where it is wanted and exists, else `base`."""
        return wanted if wanted in self._networks else "base"

    def sees_mask(self, network: Network) -> bool:
        """Whether it is one for inpainting, by the channels that it takes."""
        return bool(self._networks[network].config.in_channels == 2 * self._autoencoder.channels + 1)

    def describe(
        self,
        pictures: Sequence[Raster],  # noqa: ARG002 -- for those that have eyes
        weights: Sequence[float],  # noqa: ARG002
        network: Network,  # noqa: ARG002
    ) -> Conditioning | None:
        """None: it cannot look at pictures."""
        return None

    def shown(self, outfit: Outfit, pictures: Sequence[Raster], weights: Sequence[float]) -> torch.Tensor:
        """What follows a text for a base network that sees pictures, as `Family.shown` says."""
        (worn, *_) = only("image_prompt", outfit)
        return self._picture_tokens.behind(worn, pictures, weights)

    def predict(
        self,
        network: Network,
        rows: torch.Tensor,
        timesteps: torch.Tensor,
        conditioning: Conditioning,
        *,
        seamless: bool = False,
    ) -> torch.Tensor:
        """The network's output, float32; on a CPU the bits of a row are the same in any company."""
        return self._rows.run(network, rows, timesteps, conditioning, seamless=seamless)

    @contextmanager
    def texts_wearing(self, outfit: Outfit) -> Iterator[None]:
        """Encode texts with the adapters of an outfit, inside."""
        learned = only("embedding", outfit)
        with ExitStack() as stack:
            for part, tower in self.towers.items():
                stack.enter_context(self._wardrobe.dressed(part, outfit))
                worn = (*self._wardrobe.worn_by(part, outfit), *learned)
                stack.enter_context(tower.wearing(worn, self._wardrobe.vectors(part, outfit)))
            yield

    @contextmanager
    def network_wearing(self, outfit: Outfit) -> Iterator[None]:
        """Run the base network with the LoRAs of an outfit and what leads it, inside."""
        form = self._wardrobe.form(self.denoiser, outfit)
        with self._rows.formed(form), self._wardrobe.dressed(self.denoiser, outfit):
            self._control, self._image_prompts = self._wardrobe.control(outfit), self._wardrobe.image_prompts(outfit)
            try:
                yield
            finally:
                self._control = self._image_prompts = None

    def _seen(self, hidden: torch.Tensor) -> AbstractContextManager[torch.Tensor]:
        """Inside, a U-Net sees the pictures that follow the texts in `hidden`, if it does; gives the texts alone."""
        return nullcontext(hidden) if self._image_prompts is None else self._image_prompts.seen(hidden)

    def _led(self, rows: torch.Tensor, timesteps: torch.Tensor, **told: Any) -> tuple[torch.Tensor, Mapping[str, Any]]:
        """What a U-Net is shown of rows, and what it is told beside, where a ControlNet leads it.

        told: what the U-Net is told, by the names of its arguments.
        """
        if self._control is None:
            return rows, {}
        residuals = self._control.residuals(rows, self._autoencoder.channels, timesteps, **told)
        return rows[:, : -self._control.channels], residuals

    def encode_picture(self, pixels: torch.Tensor) -> torch.Tensor:
        """Scaled latents of pixels; no randomness."""
        return self._autoencoder.encode(pixels)

    def decode(self, latents: torch.Tensor, *, seamless: bool = False) -> torch.Tensor:
        """Pixels of scaled latents."""
        with edges_meet(self._autoencoder.vae.decoder, seamless=seamless):
            return self._autoencoder.decode(latents)

    def as_parts_of(
        self, *, pixels: torch.Tensor | None = None, latents: torch.Tensor | None = None
    ) -> AbstractContextManager[None]:
        """Normalise tiles as the whole of which a sample is given."""
        vae = self._autoencoder.vae
        if latents is not None:
            sample = latents
            return normalised_as(vae.decoder, lambda: self._autoencoder.decode(sample))
        assert pixels is not None  # noqa: S101 -- one of the two is given
        shown = pixels
        return normalised_as(vae.encoder, lambda: self._autoencoder.encode(shown))
