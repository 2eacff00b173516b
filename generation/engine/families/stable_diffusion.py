"""Stable Diffusion 1.x and everything of its shape: one CLIP text tower, a U-Net, a KL autoencoder."""

from __future__ import annotations

from typing import Any, Final

import torch

from generation.contracts import Network
from generation.engine.exactness import RowCounts, in_exact_batches, random_batch
from generation.engine.families.base import LatentShape
from generation.engine.families.embedding_cache import EmbeddingCache
from generation.engine.families.text_tower import TextTower
from generation.engine.previews import fit_latent_to_rgb
from generation.engine.sampling.schedules import NoiseSchedule

EMBEDDINGS: Final = EmbeddingCache(max_bytes=64 * 2**20)
"""One for all checkpoints of a process, which share its room: about 500 texts of the original's width in halves."""
BATCH_POSITIONS: Final = {"cpu": 16 * 16 * 16, "cuda": 64 * 64 * 32}
"""Latent positions of a full batch. On a CPU sixteen rows of a 16 x 16 latent: beyond, caches overflow and nothing is
gained (measured: 4 rows of 32 x 32 take as long per row as 16)."""
MOST_ROWS: Final = 16
"""Rows of an exact batch on a CPU: a small shape takes more, but an engine seldom has more to give."""
PROBED_WORK: Final = 10**11
"""Latent positions times parameters of one row up to which a CPU gains from batches and exact counts are tried out;
a larger network fills the cores with one row, and rows then run one at a time."""


class StableDiffusion:
    """A Stable Diffusion checkpoint in memory, as `families.base.Family` describes it.

    networks: `base`, and `hires` where the checkpoint has one; both on one device, in one dtype.
    """

    def __init__(
        self,
        *,
        tokenizer: Any,
        text_encoder: Any,
        networks: dict[Network, Any],
        vae: Any,
        schedule: NoiseSchedule,
        embeddings: EmbeddingCache = EMBEDDINGS,
    ) -> None:
        self._networks = networks
        self._vae = vae
        self._row_counts: dict[tuple[Network, LatentShape, tuple[int, int]], RowCounts] = {}
        base = networks["base"]
        self._parameters = sum(weight.numel() for weight in base.parameters())
        self._vae_scale = 2 ** (len(vae.config.block_out_channels) - 1)
        self.device: torch.device = base.device
        self.dtype: torch.dtype = base.dtype
        self._tower = TextTower(tokenizer, text_encoder, self.dtype, embeddings)
        self.schedule = schedule
        self.size_multiple_px = int(self._vae_scale * 2 ** (len(base.config.down_block_types) - 1))
        self.native_px = int(base.config.sample_size * self._vae_scale)
        self.latent_to_rgb = fit_latent_to_rgb(self.encode_picture, self.device)

    def latent_shape(self, width_px: int, height_px: int) -> LatentShape:
        """The latents of a picture of this size."""
        channels = int(self._networks["base"].config.in_channels)
        return channels, height_px // self._vae_scale, width_px // self._vae_scale

    def row_limit(self, latent_shape: LatentShape) -> int:
        """Rows of one forward pass beyond which nothing is gained at this shape.

        Even, for two cores share an odd number unevenly, and then a row's bits depend on its place.
        """
        rows = BATCH_POSITIONS[self.device.type] // (latent_shape[1] * latent_shape[2])
        return max(2, rows - rows % 2)

    def network(self, wanted: Network) -> Network:
        """`hires` where it is wanted and exists, else `base`."""
        return wanted if wanted in self._networks else "base"

    def encode_text(self, text: str) -> torch.Tensor:
        """The last hidden state of the text tower, (tokens, width); as many of its lengths as the text takes.

        Raises:
            TextTooLongError: It takes more than `text_tower.MOST_CHUNKS`.
        """
        return self._tower.encode(text)

    def predict(
        self, network: Network, rows: torch.Tensor, timesteps: torch.Tensor, text: torch.Tensor
    ) -> torch.Tensor:
        """The U-Net's output, float32; on a CPU the bits of a row are the same in any company."""
        inputs = (rows.to(self.dtype), timesteps, text)
        if self.device.type != "cpu":
            return self._forward(network, *inputs)
        channels, height, width = rows.shape[1:]
        if height * width * self._parameters > PROBED_WORK:
            return torch.cat(
                [self._forward(network, *row) for row in zip(*(torch.split(part, 1) for part in inputs), strict=True)]
            )
        counts = self._counts(network, (channels, height, width), (text.shape[1], text.shape[2]))
        return in_exact_batches(lambda *batch: self._forward(network, *batch), inputs, counts)

    def encode_picture(self, pixels: torch.Tensor) -> torch.Tensor:
        """The mode of the encoder's distribution, scaled: no randomness, so a source always gives the same latents."""
        latents: torch.Tensor = self._vae.encode(pixels.to(self._vae.dtype)).latent_dist.mode()
        return latents.float() * float(self._vae.config.scaling_factor)

    def decode(self, latents: torch.Tensor) -> torch.Tensor:
        """Pixels, float32. On a CPU each picture alone: as fast as a batch, and the same bits in any company."""
        scaled = (latents / self._vae.config.scaling_factor).to(self._vae.dtype)
        groups = torch.split(scaled, 1) if self.device.type == "cpu" else (scaled,)
        return torch.cat([self._vae.decode(group, return_dict=False)[0] for group in groups]).float()

    def _forward(
        self, network: Network, rows: torch.Tensor, timesteps: torch.Tensor, text: torch.Tensor
    ) -> torch.Tensor:
        unet = self._networks[network]
        output: torch.Tensor = unet(rows, timesteps, encoder_hidden_states=text, return_dict=False)[0]
        return output.float()

    def _counts(self, network: Network, latent_shape: LatentShape, text_shape: tuple[int, int]) -> RowCounts:
        """The exact row counts of a shape of latents and text, tried out when it is first met."""
        key = (network, latent_shape, text_shape)
        if key not in self._row_counts:
            like = torch.empty(0, device=self.device, dtype=self.dtype)
            rows = min(MOST_ROWS, self.row_limit(latent_shape))
            sample = random_batch(rows, latent_shape, text_shape, like)
            self._row_counts[key] = RowCounts(lambda *batch: self._forward(network, *batch), sample)
        return self._row_counts[key]
