"""The networks of the starter model, freshly initialised: ordinary classes of diffusers and transformers."""

from __future__ import annotations

from typing import Any, Final, Literal

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from torch import nn
from torch.nn import functional
from transformers import CLIPConfig, CLIPModel, CLIPTextModel

from generation.starter.training.device import Device
from generation.starter.training.sizes import VAE_FACTOR, Size, Tower

UNetName = Literal["base", "hires"]
PIXEL_MEAN: Final = 0.5
PIXEL_STD: Final = 0.27
"""Mean and deviation of the rendered pictures, all channels alike: what CLIP and the classifier are fed by."""
POOLING_HEAD_WIDTH: Final = 24
START_LOG_VARIANCE: Final = -5.0
"""Of a fresh VAE's posterior. From 0, its noise would cap the reconstruction at 16 dB for hundreds of steps."""


def make_vae(size: Size) -> Any:
    """An autoencoder, 8 times smaller; narrow and without attention, for decoding is most of a small picture's time."""
    levels = len(size.vae)
    vae: Any = AutoencoderKL(  # type: ignore[no-untyped-call]
        in_channels=3,
        out_channels=3,
        latent_channels=size.latent_channels,
        block_out_channels=size.vae,
        down_block_types=("DownEncoderBlock2D",) * levels,
        up_block_types=("UpDecoderBlock2D",) * levels,
        layers_per_block=1,
        norm_num_groups=8,
        sample_size=size.side_px,
        mid_block_add_attention=False,
        scaling_factor=1.0,
    )
    with torch.no_grad():
        vae.quant_conv.bias[size.latent_channels :] = START_LOG_VARIANCE
    return vae


def encoder_of(vae: Any) -> nn.Module:
    """What decides over the latents of a picture, and so over what a U-Net knows."""
    return nn.ModuleList([vae.encoder, vae.quant_conv])


def make_unet(size: Size, name: UNetName, *, latent_channels: int, context_width: int) -> Any:
    """A denoising network; attention only where the grid is at most 8 x 8, where it is cheap and sees the whole.

    The text also joins the timestep, pooled, and both scale and shift every block (Dhariwal & Nichol 2021): so the
    finest level, which has no attention, knows the style and the light too.
    """
    shape = size.base if name == "base" else size.hires
    down, cross_down, up, cross_up = "DownBlock2D", "CrossAttnDownBlock2D", "UpBlock2D", "CrossAttnUpBlock2D"
    wide = name == "base"  # its grids are half as large: two levels have attention
    return UNet2DConditionModel(  # type: ignore[no-untyped-call]
        sample_size=size.side_px // VAE_FACTOR * (1 if wide else 2),
        in_channels=latent_channels,
        out_channels=latent_channels,
        block_out_channels=shape.channels,
        layers_per_block=1,
        down_block_types=(down, cross_down if wide else down, cross_down),
        up_block_types=(cross_up, cross_up if wide else up, up),
        cross_attention_dim=context_width,
        addition_embed_type="text",
        addition_embed_type_num_heads=max(1, context_width // POOLING_HEAD_WIDTH),
        resnet_time_scale_shift="scale_shift",
        norm_num_groups=16,
        attention_head_dim=tuple(width // shape.head_width for width in shape.channels),  # diffusers: number of heads
    )


def make_clip(size: Size, tokenizer: Any) -> Any:
    """Both towers of CLIP (Radford et al. 2021)."""
    special = {name: getattr(tokenizer, name) for name in ("bos_token_id", "eos_token_id", "pad_token_id")}
    text = {
        **_tower(size.text),
        **special,
        "vocab_size": len(tokenizer),
        "max_position_embeddings": size.tokens,
        "projection_dim": size.joint,
    }
    vision = {
        **_tower(size.vision),
        "image_size": size.side_px,
        "patch_size": size.vision.patch_px,
        "projection_dim": size.joint,
    }
    return CLIPModel(CLIPConfig(text_config=text, vision_config=vision, projection_dim=size.joint))


def _tower(tower: Tower) -> dict[str, int]:
    return {
        "hidden_size": tower.width,
        "intermediate_size": 4 * tower.width,
        "num_hidden_layers": tower.layers,
        "num_attention_heads": tower.heads,
    }


def text_encoder_of(clip: Any) -> Any:
    """A CLIPTextModel with the weights of the text tower.

    Whether its parameters begin with `text_model.` differs between releases of transformers.
    """
    model: Any = CLIPTextModel(clip.config.text_config)
    weights = {name.removeprefix("text_model."): value for name, value in clip.text_model.state_dict().items()}
    prefix = "text_model." if next(iter(model.state_dict())).startswith("text_model.") else ""
    model.load_state_dict({prefix + name: value for name, value in weights.items()})
    return model.eval()


def clip_pixels(pictures: torch.Tensor) -> torch.Tensor:
    """uint8 (batch, height, width, 3) to what CLIP and the classifier take: normalised, (batch, 3, height, width)."""
    values = pictures.permute(0, 3, 1, 2).float().div_(255)
    return values.sub_(PIXEL_MEAN).div_(PIXEL_STD).contiguous(memory_format=torch.channels_last)


def vae_pixels(pictures: torch.Tensor) -> torch.Tensor:
    """uint8 (batch, height, width, 3) to what the VAE takes: -1 to 1, (batch, 3, height, width)."""
    values = pictures.permute(0, 3, 1, 2).float().div_(127.5).sub_(1)
    return values.contiguous(memory_format=torch.channels_last)


def picture_bytes(values: torch.Tensor) -> torch.Tensor:
    """-1 to 1, (batch, 3, height, width), to uint8 (batch, height, width, 3) on the CPU."""
    scaled = values.detach().float().nan_to_num().clamp(-1, 1).add(1).mul(127.5).add(0.5)
    return scaled.permute(0, 2, 3, 1).to("cpu", torch.uint8).contiguous()


def embed(clip: Any, pictures: torch.Tensor, tokens: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Unit vectors of pictures (uint8) and of token rows in the joint space, each (batch, joint)."""
    seen = clip.visual_projection(clip.vision_model(clip_pixels(pictures)).pooler_output)
    read = clip.text_projection(clip.text_model(input_ids=tokens).pooler_output)
    return functional.normalize(seen.float(), dim=-1), functional.normalize(read.float(), dim=-1)


@torch.no_grad()
def reconstructed(vae: Any, pictures: torch.Tensor, device: Device) -> torch.Tensor:
    """Pictures (uint8) through the encoder's mean and back, -1 to 1, (batch, 3, height, width)."""
    with device.autocast():
        decoded: torch.Tensor = vae.decode(vae.encode(vae_pixels(pictures)).latent_dist.mean).sample
    return decoded.float().clamp(-1, 1)


class Alignment(nn.Module):
    """Pulls a U-Net's middle features towards CLIP's vision features while it trains; thrown away after.

    Source: Yu et al. 2024, "Representation Alignment for Generation".
    """

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Linear(channels, 512), nn.SiLU(), nn.Linear(512, width))

    def forward(self, middle: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
        """1 - cosine per sample, (batch,); middle (batch, channels, side, side), wanted (batch, side * side, width)."""
        guess = self.net(middle.float().flatten(2).transpose(1, 2))
        centered = wanted - wanted.mean((0, 1), keepdim=True)  # what tells pictures apart, not what they share
        return 1 - functional.cosine_similarity(guess.float(), centered, dim=-1).mean(-1)
