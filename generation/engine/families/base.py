"""What the engine asks of a model family."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, Self

import torch

from generation.contracts import AdapterKind, Network, Raster
from generation.engine.adapters.worn import Outfit
from generation.engine.previews import LatentToRgb
from generation.engine.sampling.schedules import NoiseSchedule

LatentShape = tuple[int, int, int]
"""(channels, h, w) of one picture's latents."""


class TextTooLongError(ValueError):
    """A text is longer than the family encodes; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Conditioning:
    """What a network is told, a row per text.

    hidden: (rows, tokens, width), what it attends to.
    pooled: (rows, width), what a text says as a whole; None in families that have none.
    numbers: (rows, count), what it is told beside a text as a whole and that means nothing in words, such as a guidance
        scale; None in families that have none.
    """

    hidden: torch.Tensor
    pooled: torch.Tensor | None = None
    numbers: torch.Tensor | None = None

    def __len__(self) -> int:
        """How many rows."""
        return len(self.hidden)

    @property
    def tokens(self) -> int:
        """The length of every row; rows of different lengths never share a forward pass."""
        return self.hidden.shape[1]

    @property
    def tensors(self) -> tuple[torch.Tensor, ...]:
        """What there is, each (rows, ...); `Conditioning(*tensors)` is the same again."""
        return tuple(part for part in (self.hidden, self.pooled, self.numbers) if part is not None)

    def followed_by(self, tokens: torch.Tensor) -> Self:
        """Every row with further tokens (rows, tokens, width) behind its own."""
        return type(self)(torch.cat([self.hidden, tokens.to(self.hidden)], dim=1), *self.tensors[1:])

    def rows(self, places: slice) -> Self:
        """Some of the rows."""
        return type(self)(*(part[places] for part in self.tensors))

    def repeated(self, count: int) -> Self:
        """The only row, `count` times."""
        return type(self)(*(part.expand(count, *part.shape[1:]) for part in self.tensors))

    def filled_up(self, tokens: int, filler: Conditioning) -> Self:
        """The only row brought to a length by chunks of another text, the empty one as a rule; `pooled` stays.

        tokens: longer by a whole multiple of the filler's length, or no longer.
        """
        missing = (tokens - self.tokens) // filler.tokens
        return type(self)(torch.cat([self.hidden, *[filler.hidden] * missing], dim=1), *self.tensors[1:])

    @classmethod
    def join(cls, many: Sequence[Conditioning]) -> Self:
        """The rows of all of them, in their order; all of one length and one family."""
        return cls(*(torch.cat(parts) for parts in zip(*(one.tensors for one in many), strict=True)))


class Family(Protocol):
    """A loaded checkpoint. All calls come from the engine thread.

    device: where latents live and networks run.
    native_px: side of the square that the base network was trained on.
    size_multiple_px: widths and heights are multiples of this.
    schedule: the noise levels of its networks.
    embeds_guidance: whether its networks are told the guidance scale as a number, after distillation; then no picture
        has an unconditional row.
    has_seamless_form: whether its networks can make pictures whose edges meet.
    takes_adapters: the kinds that fit it at all.
    latent_to_rgb: the linear look at latents that previews use.
    """

    device: torch.device
    native_px: int
    size_multiple_px: int
    schedule: NoiseSchedule
    embeds_guidance: bool
    has_seamless_form: bool
    takes_adapters: frozenset[AdapterKind]
    latent_to_rgb: LatentToRgb

    def latent_shape(self, width_px: int, height_px: int) -> LatentShape:
        """The latents of a picture of this size."""
        ...

    def row_limit(self, latent_shape: LatentShape) -> int:
        """Rows of one forward pass beyond which nothing is gained at this shape."""
        ...

    def network(self, wanted: Network) -> Network:
        """The network that serves a stage: `hires` only where the checkpoint has one."""
        ...

    def sees_mask(self, network: Network) -> bool:
        """Whether a network is one for inpainting: shown the mask and what it leaves of the picture behind the latents.

        network: as `network` answered.
        """
        ...

    def encode_text(
        self, text: str, network: Network, *, is_negative: bool = False, guidance: float = 1.0
    ) -> Conditioning:
        """What a network is told of one text: one row, in the network's dtype.

        The number of tokens is a whole multiple of that of the empty text; nothing of the text is cut off. What depends
        on a picture's size alone is no part of it: `predict` sees the size.

        Args:
            text: A part of a prompt, or the negative prompt.
            network: As `network` answered.
            is_negative: Whether the picture is guided away from it; some families tell their networks so.
            guidance: The picture's guidance scale, for networks that are told it.

        Raises:
            TextTooLongError: It has more tokens than the family encodes.
        """
        ...

    def describe(self, pictures: Sequence[Raster], weights: Sequence[float], network: Network) -> Conditioning | None:
        """What a network would be told of a text that says what pictures show together, each by its weight: one row.

        None where the checkpoint cannot look at pictures.
        """
        ...

    def shown(self, outfit: Outfit, pictures: Sequence[Raster], weights: Sequence[float]) -> torch.Tensor:
        """What follows a text, for a base network that wears an IP-Adapter to see these pictures.

        weights: how much each counts; 1 is as the adapter was trained.

        Returns:
            (2, tokens, width): behind texts that the picture is guided away from, and behind all others.

        Raises:
            AdapterInvalidError: The adapter cannot be read, or was made for another checkpoint.
        """
        ...

    def predict(
        self,
        network: Network,
        rows: torch.Tensor,
        timesteps: torch.Tensor,
        conditioning: Conditioning,
        *,
        seamless: bool = False,
    ) -> torch.Tensor:
        """The network's output for rows of any pictures, in the meaning of `schedule.prediction`.

        Bits of a row do not depend on the other rows (on CUDA: up to the kernels' rounding).

        Args:
            network: as `network` answered.
            rows: (rows, channels, h, w), float32, scaled to unit variance; of a network that sees masks also the mask,
                one channel, and the latents of the picture without what it covers.
            timesteps: (rows,), float32.
            conditioning: A row for every row.
            seamless: Whether an edge continues at the opposite one.

        Returns:
            (rows, channels, h, w), float32.
        """
        ...

    def texts_wearing(self, outfit: Outfit) -> AbstractContextManager[None]:
        """Inside, `encode_text` encodes with the adapters of an outfit.

        Raises:
            AdapterInvalidError: One of them cannot be read, or was made for another checkpoint.

        Effects: may read files.
        """
        ...

    def network_wearing(self, outfit: Outfit) -> AbstractContextManager[None]:
        """Inside, `predict` runs the base network with an outfit's LoRAs and what leads it. Raises as `texts_wearing`.

        With an IP-Adapter, `shown` follows every row's text, of as many pictures as the outfit has it.

        The bits of a row depend on its outfit, and as ever not on other rows.
        """
        ...

    def encode_picture(self, pixels: torch.Tensor) -> torch.Tensor:
        """Pixels (n, 3, height, width) in -1 to 1 to scaled latents (n, channels, h, w), float32; no randomness."""
        ...

    def decode(self, latents: torch.Tensor, *, seamless: bool = False) -> torch.Tensor:
        """Scaled latents (n, channels, h, w) to pixels (n, 3, height, width), float32, about -1 to 1.

        seamless: whether an edge continues at the opposite one.
        """
        ...

    def as_parts_of(
        self, *, pixels: torch.Tensor | None = None, latents: torch.Tensor | None = None
    ) -> AbstractContextManager[None]:
        """Inside, pixels or latents are encoded or decoded as tiles of a picture, in its tones, and not as pictures.

        One of the two is given: (1, 3, height, width) or (1, channels, h, w), small and from all over the picture.
        """
        ...
