"""Stable Diffusion 3.x: two CLIP towers, T5 where the checkpoint has it, a transformer that samples by flow matching.

Source: Esser et al. 2024, "Scaling Rectified Flow Transformers for High-Resolution Image Synthesis". Equal to
diffusers' StableDiffusion3Pipeline.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final, Self

import torch
import torch.nn.functional as F  # noqa: N812 -- torch's own name for it
from diffusers import SD3Transformer2DModel
from diffusers.loaders.lora_pipeline import SD3LoraLoaderMixin
from transformers import CLIPTextModelWithProjection, CLIPTokenizer, T5EncoderModel, T5Tokenizer

from generation.contracts import Network
from generation.engine.families.base import Conditioning
from generation.engine.families.latent_family import LatentFamily
from generation.engine.families.parts import Parts
from generation.engine.families.t5_tower import T5Tower
from generation.engine.families.text_tower import PENULTIMATE, TextTower

T5_TOKENS: Final = 256
"""What the transformer is told by T5, or as many zeros without it."""


class StableDiffusion3(LatentFamily):
    """A Stable Diffusion 3 checkpoint in memory.

    CLIP's towers read the beginning of a text of more than one length, for T5 reads all of it; without T5 such a text
    is refused.
    """

    lora_loader: ClassVar[Any] = SD3LoraLoaderMixin

    def __init__(self, towers: tuple[TextTower, TextTower], t5: T5Tower | None, **parts: Any) -> None:
        """towers: CLIP's, the smaller first; parts: as `LatentFamily` takes them."""
        self._towers = towers
        self._t5 = t5
        self._width = int(parts["networks"]["base"].config.joint_attention_dim)
        super().__init__(**parts)

    @classmethod
    def load(cls, parts: Parts) -> Self:
        """Read a checkpoint.

        Raises:
            CheckpointInvalidError: A part is missing or broken.
        """
        networks, autoencoder = parts.denoisers("transformer", SD3Transformer2DModel), parts.autoencoder()
        config = networks["base"].config
        has_t5 = parts.has("text_encoder_3")
        return cls(
            (_tower(parts, "", cuts_rest=has_t5), _tower(parts, "_2", cuts_rest=has_t5)),
            _t5(parts) if has_t5 else None,
            networks=networks,
            autoencoder=autoencoder,
            schedule=parts.schedule(),
            native_px=int(config.sample_size * autoencoder.scale),
            size_multiple_px=int(config.patch_size * autoencoder.scale),
        )

    @property
    def towers(self) -> Mapping[str, TextTower]:
        """CLIP's two."""
        return {"text_encoder": self._towers[0], "text_encoder_2": self._towers[1]}

    def encode_text(
        self,
        text: str,
        network: Network,  # noqa: ARG002 -- all networks are told the same
        *,
        is_negative: bool = False,  # noqa: ARG002
        guidance: float = 1.0,  # noqa: ARG002
    ) -> Conditioning:
        """CLIP's tokens of both towers side by side, T5's behind them, and both towers' texts as a whole.

        Raises:
            TextTooLongError: It has more tokens than T5 reads, or than CLIP's towers where there is no T5.
        """
        first, second = (tower.encode(text) for tower in self._towers)
        assert first.pooled is not None and second.pooled is not None  # noqa: S101, PT018 -- these towers pool
        clip = torch.cat([first.hidden, second.hidden], dim=2)
        clip = F.pad(clip, (0, self._width - clip.shape[2]))
        read = clip.new_zeros((1, T5_TOKENS, self._width)) if self._t5 is None else self._t5.encode(text).hidden
        return Conditioning(torch.cat([clip, read], dim=1), torch.cat([first.pooled, second.pooled], dim=1))

    def _forward(
        self, network: Network, rows: torch.Tensor, timesteps: torch.Tensor, told: Conditioning
    ) -> torch.Tensor:
        output: torch.Tensor = self._networks[network](
            rows,
            timestep=timesteps,
            encoder_hidden_states=told.hidden,
            pooled_projections=told.pooled,
            return_dict=False,
        )[0]
        return output.float()


def _tower(parts: Parts, number: str, *, cuts_rest: bool) -> TextTower:
    """number: the end of the parts' names."""
    encoder = parts.network(f"text_encoder{number}", CLIPTextModelWithProjection, torch.float32)
    tokenizer = parts.tokenizer(f"tokenizer{number}", CLIPTokenizer)
    return TextTower(tokenizer, encoder, parts.dtype, layer=PENULTIMATE, pools=True, most_chunks=1, cuts_rest=cuts_rest)


def _t5(parts: Parts) -> T5Tower:
    encoder = parts.network("text_encoder_3", T5EncoderModel)
    return T5Tower(parts.tokenizer("tokenizer_3", T5Tokenizer), encoder, parts.dtype, T5_TOKENS)
