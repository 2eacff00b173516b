"""A CLIP of random weights, saved as transformers writes one."""

from __future__ import annotations

from pathlib import Path

from generation.starter import WEIGHTS_DIR


def write_tiny_clip(folder: Path) -> Path:
    """`clip` in the folder, with the starter's tokenizer beside it and texts of 18 tokens."""
    import torch
    from transformers import CLIPConfig, CLIPModel, CLIPTokenizer

    torch.manual_seed(0)
    tokenizer = CLIPTokenizer.from_pretrained(WEIGHTS_DIR / "tokenizer")
    small = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1, "num_attention_heads": 2}
    vocabulary = {
        "vocab_size": len(tokenizer),
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }
    config = CLIPConfig(
        text_config={**small, **vocabulary, "max_position_embeddings": 20},
        vision_config={**small, "image_size": 32, "patch_size": 16},
        projection_dim=16,
    )
    CLIPModel(config).save_pretrained(folder / "clip")
    (folder / "tokenizer").symlink_to(WEIGHTS_DIR / "tokenizer")
    return folder / "clip"
