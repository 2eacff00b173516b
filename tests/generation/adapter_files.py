"""Files of adapters that nobody paints with: the right names and shapes, zeros."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

ATTENTION = "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k"


def write_lora(path: Path, *, width: int = 768, fill: float = 0.0, **metadata: str) -> Path:
    """PEFT's names, for a network that is told so many numbers per token."""
    down, up = np.full((2, width), fill, np.float32), np.zeros((4, 2), np.float32)
    return write(path, {f"unet.{ATTENTION}.lora_A.weight": down, f"unet.{ATTENTION}.lora_B.weight": up}, **metadata)


def write_word(path: Path, *, towers: int = 1) -> Path:
    names = ["emb_params"] if towers == 1 else ["clip_l", "clip_g"]
    return write(path, {name: np.zeros((2, 8), np.float32) for name in names})


def write_control(folder: Path, *, is_xl: bool = False) -> Path:
    """The configuration of a ControlNet, and weights of a few bytes."""
    folder.mkdir()
    config = {"_class_name": "ControlNetModel", "addition_embed_type": "text_time" if is_xl else None}
    (folder / "config.json").write_text(json.dumps(config))
    write(folder / "diffusion_pytorch_model.safetensors", {"conv_in.bias": np.zeros(4, np.float32)})
    return folder


def write_image_prompt(path: Path, *, width: int = 768, takes: int = 20, plus: bool = False) -> Path:
    """An IP-Adapter for a network that is told so many numbers per token; takes: numbers of a picture."""
    shapes = {"ip_adapter.1.to_k_ip.weight": (4, width), "ip_adapter.1.to_v_ip.weight": (4, width)}
    if plus:
        shapes |= {"image_proj.latents": (1, 16, 8), "image_proj.proj_in.weight": (8, takes)}
    else:
        shapes |= {"image_proj.proj.weight": (4 * width, takes), "image_proj.norm.weight": (width,)}
    return write(path, {name: np.zeros(shape, np.float16) for name, shape in shapes.items()})


def write_encoder(folder: Path, *, projected: int = 20, hidden: int = 24, fill: float = 0.0) -> Path:
    """The configuration of an image encoder, and weights of a few bytes."""
    folder.mkdir(exist_ok=True)
    config = {"model_type": "clip_vision_model", "projection_dim": projected, "hidden_size": hidden}
    (folder / "config.json").write_text(json.dumps(config))
    write(folder / "model.safetensors", {"visual_projection.weight": np.full((2, 2), fill, np.float32)})
    return folder


def write(path: Path, tensors: dict[str, np.ndarray], **metadata: str) -> Path:
    save_file(tensors, path, metadata=metadata or None)
    return path
