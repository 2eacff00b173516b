"""IP-Adapters and their image encoders with random weights, in the layout that people have."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import replace
from pathlib import Path

import torch
from safetensors.torch import save_file

from generation.contracts import AdapterFile, AdapterUse, Raster, RenderPlan, RenderRequest, SourceUse

SIDE_PX, HIDDEN, PROJECTED = 32, 24, 20
"""Of the encoder."""
PLUS_TOKENS, PLUS_WIDTH, HEAD = 6, 16, 64
"""Of the projection that resamples; its heads are as wide in all files."""
DEPTH = 4


def write_encoder(folder: Path, *, hidden: int = HIDDEN, projected: int = PROJECTED) -> Path:
    from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

    torch.manual_seed(11)
    config = CLIPVisionConfig(
        hidden_size=hidden,
        intermediate_size=32,
        num_hidden_layers=3,
        num_attention_heads=4,
        image_size=SIDE_PX,
        patch_size=8,
        projection_dim=projected,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        CLIPVisionModelWithProjection(config).save_pretrained(folder)
    return folder


def write_image_prompt(path: Path, unet, *, plus: bool = False, encoder: Path | None = None) -> AdapterFile:
    """A file for a network, beside its encoder."""
    draw = torch.Generator().manual_seed(12)
    encoder = encoder or write_encoder(path.parent / "image_encoder")
    projection = resampled(draw, width_of(unet)) if plus else plain(draw, width_of(unet))
    tensors = {f"image_proj.{name}": tensor for name, tensor in projection.items()}
    for place, layer in enumerate(cross_attentions(unet)):
        for part in ("to_k", "to_v"):
            weight = torch.randn(getattr(layer, part).weight.shape, generator=draw) * 0.3
            tensors[f"ip_adapter.{2 * place + 1}.{part}_ip.weight"] = weight
    save_file(tensors, path)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return AdapterFile(name=path.stem, kind="image_prompt", path=str(path), sha256=sha256, encoder=str(encoder))


def cross_attentions(unet) -> list:
    names = [name for name in unet.attn_processors if "attn2" in name]
    return [unet.get_submodule(name.removesuffix(".processor")) for name in names]


def width_of(unet) -> int:
    return int(unet.config.cross_attention_dim)


def plain(draw: torch.Generator, width: int) -> dict[str, torch.Tensor]:
    return {
        "proj.weight": torch.randn((4 * width, PROJECTED), generator=draw),
        "proj.bias": torch.randn(4 * width, generator=draw),
        "norm.weight": 1 + torch.randn(width, generator=draw) * 0.1,
        "norm.bias": torch.randn(width, generator=draw) * 0.1,
    }


def resampled(draw: torch.Generator, width: int) -> dict[str, torch.Tensor]:
    def drawn(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=draw) * 0.3

    inner = HEAD * 2
    tensors = {
        "latents": drawn(1, PLUS_TOKENS, PLUS_WIDTH),
        "proj_in.weight": drawn(PLUS_WIDTH, HIDDEN),
        "proj_in.bias": drawn(PLUS_WIDTH),
        "proj_out.weight": drawn(width, PLUS_WIDTH),
        "proj_out.bias": drawn(width),
        "norm_out.weight": 1 + drawn(width),
        "norm_out.bias": drawn(width),
    }
    for block in range(DEPTH):
        attention, ff = f"layers.{block}.0", f"layers.{block}.1"
        for norm in (f"{attention}.norm1", f"{attention}.norm2", f"{ff}.0"):
            tensors |= {f"{norm}.weight": 1 + drawn(PLUS_WIDTH), f"{norm}.bias": drawn(PLUS_WIDTH)}
        tensors |= {
            f"{attention}.to_q.weight": drawn(inner, PLUS_WIDTH),
            f"{attention}.to_kv.weight": drawn(2 * inner, PLUS_WIDTH),
            f"{attention}.to_out.weight": drawn(PLUS_WIDTH, inner),
            f"{ff}.1.weight": drawn(4 * PLUS_WIDTH, PLUS_WIDTH),
            f"{ff}.3.weight": drawn(PLUS_WIDTH, 4 * PLUS_WIDTH),
        }
    return tensors


def raster(seed: int, width_px: int = SIDE_PX, height_px: int = SIDE_PX) -> Raster:
    pixels = torch.randint(0, 256, (height_px, width_px, 3), generator=torch.Generator().manual_seed(seed))
    return Raster(width_px, height_px, pixels.to(torch.uint8).numpy().tobytes())


def shown(
    plan: RenderPlan, file: AdapterFile, *pictures: tuple[Raster, float], weight: float = 1.0, others=()
) -> RenderRequest:
    """A request with these image prompts, each by its weight.

    others: further adapters, put on before.
    """
    files = (*others, file)
    uses = (*(AdapterUse(other.name) for other in others), AdapterUse(file.name, weight))
    sources = tuple(SourceUse(prompt=each) for _, each in pictures)
    asked = replace(plan, adapters=uses, sources=sources)
    return RenderRequest(request_id="a", plan=asked, adapters=files, sources=tuple(one for one, _ in pictures))
