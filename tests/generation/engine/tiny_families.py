"""Real classes at tiny size, saved as the folders of every family are: random weights, real layouts."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

TEXT_WIDTH, LARGER_TEXT_WIDTH = 32, 48
T5_WIDTH = 96
LETTERS = [chr(code) for code in range(ord("a"), ord("z") + 1)]
TRAINED = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "num_train_timesteps": 1000}
LEADING = TRAINED | {"steps_offset": 1, "timestep_spacing": "leading"}
V_PREDICTION = {"_class_name": "EulerDiscreteScheduler", **LEADING, "prediction_type": "v_prediction"}
EULER = {"_class_name": "EulerDiscreteScheduler", **LEADING, "prediction_type": "epsilon"}
TURBO = {
    "_class_name": "EulerAncestralDiscreteScheduler",
    **TRAINED,
    "timestep_spacing": "trailing",
    "prediction_type": "epsilon",
}
FLOW = {"_class_name": "FlowMatchEulerDiscreteScheduler", "num_train_timesteps": 1000}
SD3_FLOW = FLOW | {"shift": 3.0}
SCHNELL_FLOW = FLOW | {"shift": 1.0, "use_dynamic_shifting": False, "max_shift": 1.15, "base_shift": 0.5}
DEV_FLOW = FLOW | {"shift": 3.0, "use_dynamic_shifting": True, "max_shift": 1.15, "base_shift": 0.5}
CLIP_TOKENIZER = ["transformers", "CLIPTokenizer"]
T5_TOKENIZER = ["transformers", "T5TokenizerFast"]
CLIP, PROJECTED = ["transformers", "CLIPTextModel"], ["transformers", "CLIPTextModelWithProjection"]
T5 = ["transformers", "T5EncoderModel"]
VAE, UNET = ["diffusers", "AutoencoderKL"], ["diffusers", "UNet2DConditionModel"]


def write_sd2(folder: Path) -> Path:
    """Stable Diffusion 2.x: the velocity as the output, linear projections, OpenCLIP's activation."""
    unet = {"cross_attention_dim": TEXT_WIDTH, "attention_head_dim": (2, 4), "use_linear_projection": True}
    parts = {
        "text_encoder": lambda: clip(hidden_act="gelu"),
        "tokenizer": clip_tokenizer,
        "unet": lambda: unet_of(**unet),
        "vae": vae,
    }
    index = {"text_encoder": CLIP, "tokenizer": CLIP_TOKENIZER, "unet": UNET, "vae": VAE}
    return write(folder, "StableDiffusionPipeline", parts, index, V_PREDICTION)


def write_sdxl(folder: Path, *, scheduler: dict[str, Any] = EULER, with_refiner: bool = False) -> Path:
    parts = {**sdxl_texts(), "unet": lambda: sdxl_unet(TEXT_WIDTH + LARGER_TEXT_WIDTH, numbers=6), "vae": vae}
    index = {
        "text_encoder": CLIP,
        "text_encoder_2": PROJECTED,
        "tokenizer": CLIP_TOKENIZER,
        "tokenizer_2": CLIP_TOKENIZER,
        "unet": UNET,
        "vae": VAE,
        "force_zeros_for_empty_prompt": True,
    }
    if with_refiner:
        parts["refiner"] = lambda: sdxl_unet(LARGER_TEXT_WIDTH, numbers=5)
    return write(folder, "StableDiffusionXLPipeline", parts, index, scheduler)


def write_sdxl_refiner(folder: Path) -> Path:
    """A refiner's own checkpoint: one text tower, aesthetic scores."""
    texts = {name: make for name, make in sdxl_texts().items() if name.endswith("_2")}
    parts = {**texts, "unet": lambda: sdxl_unet(LARGER_TEXT_WIDTH, numbers=5), "vae": vae}
    index = {
        "text_encoder": [None, None],
        "text_encoder_2": PROJECTED,
        "tokenizer": [None, None],
        "tokenizer_2": CLIP_TOKENIZER,
        "unet": UNET,
        "vae": VAE,
        "force_zeros_for_empty_prompt": False,
        "requires_aesthetics_score": True,
    }
    return write(folder, "StableDiffusionXLImg2ImgPipeline", parts, index, EULER)


def write_sd3(folder: Path, *, with_t5: bool = True) -> Path:
    parts = {
        "text_encoder": projected_clip,
        "text_encoder_2": lambda: projected_clip(hidden_act="gelu"),
        "tokenizer": clip_tokenizer,
        "tokenizer_2": lambda: clip_tokenizer(pad_token="!"),
        "transformer": sd3_transformer,
        "vae": lambda: vae(channels=16, scaling_factor=1.5305, shift_factor=0.0609),
    }
    index = {
        "text_encoder": PROJECTED,
        "text_encoder_2": PROJECTED,
        "text_encoder_3": T5 if with_t5 else [None, None],
        "tokenizer": CLIP_TOKENIZER,
        "tokenizer_2": CLIP_TOKENIZER,
        "tokenizer_3": T5_TOKENIZER if with_t5 else [None, None],
        "transformer": ["diffusers", "SD3Transformer2DModel"],
        "vae": VAE,
    }
    if with_t5:
        parts |= {"text_encoder_3": t5, "tokenizer_3": t5_tokenizer}
    return write(folder, "StableDiffusion3Pipeline", parts, index, SD3_FLOW)


def write_flux(folder: Path, *, is_dev: bool) -> Path:
    parts = {
        "text_encoder": clip,
        "text_encoder_2": t5,
        "tokenizer": clip_tokenizer,
        "tokenizer_2": t5_tokenizer,
        "transformer": lambda: flux_transformer(guidance_embeds=is_dev),
        "vae": lambda: vae(channels=16, scaling_factor=0.3611, shift_factor=0.1159),
    }
    index = {
        "text_encoder": CLIP,
        "text_encoder_2": T5,
        "tokenizer": CLIP_TOKENIZER,
        "tokenizer_2": T5_TOKENIZER,
        "transformer": ["diffusers", "FluxTransformer2DModel"],
        "vae": VAE,
    }
    return write(folder, "FluxPipeline", parts, index, DEV_FLOW if is_dev else SCHNELL_FLOW)


def write_lcm(folder: Path) -> Path:
    """A pipeline that no family knows, and that can start from a picture too."""
    parts = {
        "text_encoder": clip,
        "tokenizer": clip_tokenizer,
        "unet": lambda: unet_of(cross_attention_dim=TEXT_WIDTH, attention_head_dim=4, time_cond_proj_dim=16),
        "vae": vae,
    }
    index = {
        "text_encoder": CLIP,
        "tokenizer": CLIP_TOKENIZER,
        "unet": UNET,
        "vae": VAE,
        "safety_checker": [None, None],
        "feature_extractor": [None, None],
        "requires_safety_checker": False,
    }
    scheduler = {"_class_name": "LCMScheduler", **TRAINED, "original_inference_steps": 50}
    return write(folder, "LatentConsistencyModelPipeline", parts, index, scheduler)


def write_pixart(folder: Path) -> Path:
    """A pipeline that no family knows, of the older kind: it calls back in another way and starts from noise alone."""
    parts = {"text_encoder": t5, "tokenizer": t5_tokenizer, "transformer": pixart_transformer, "vae": vae}
    index = {
        "text_encoder": T5,
        "tokenizer": T5_TOKENIZER,
        "transformer": ["diffusers", "PixArtTransformer2DModel"],
        "vae": VAE,
    }
    scheduler = {"_class_name": "DPMSolverMultistepScheduler", **TRAINED}
    return write(folder, "PixArtSigmaPipeline", parts, index, scheduler)


def pixart_transformer():
    from diffusers import PixArtTransformer2DModel

    return PixArtTransformer2DModel(
        sample_size=16,
        in_channels=4,
        out_channels=8,
        num_layers=1,
        num_attention_heads=2,
        attention_head_dim=8,
        cross_attention_dim=16,
        caption_channels=T5_WIDTH,
        norm_num_groups=8,
    )


def write(
    folder: Path, pipeline: str, parts: dict[str, Callable[[], Any]], index: dict[str, Any], scheduler: dict[str, Any]
) -> Path:
    import torch

    torch.manual_seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, make in parts.items():
            make().save_pretrained(folder / name)
    (folder / "scheduler").mkdir()
    (folder / "scheduler" / "scheduler_config.json").write_text(json.dumps(scheduler))
    named = {"_class_name": pipeline, "_diffusers_version": "0.42.1", **index}
    named["scheduler"] = ["diffusers", scheduler["_class_name"]]
    (folder / "model_index.json").write_text(json.dumps(named))
    return folder


def sdxl_texts() -> dict[str, Callable[[], Any]]:
    return {
        "text_encoder": clip,
        "text_encoder_2": lambda: projected_clip(LARGER_TEXT_WIDTH, hidden_act="gelu"),
        "tokenizer": clip_tokenizer,
        "tokenizer_2": lambda: clip_tokenizer(pad_token="!"),
    }


def clip_tokenizer(*, pad_token: str = "<|endoftext|>"):
    from transformers import CLIPTokenizer

    words = ["!", *LETTERS, *(letter + "</w>" for letter in LETTERS), "<|startoftext|>", "<|endoftext|>"]
    vocab = {word: i for i, word in enumerate(words)}
    return CLIPTokenizer(vocab=vocab, merges=[], model_max_length=77, pad_token=pad_token)


def clip_config(width: int = TEXT_WIDTH, **changes: Any):
    from transformers import CLIPTextConfig

    return CLIPTextConfig(
        vocab_size=55,
        hidden_size=width,
        intermediate_size=64,
        num_hidden_layers=3,
        num_attention_heads=4,
        max_position_embeddings=77,
        projection_dim=width,
        bos_token_id=53,
        eos_token_id=54,
        pad_token_id=54,
        **changes,
    )


def clip(**changes: Any):
    from transformers import CLIPTextModel

    return CLIPTextModel(clip_config(**changes))


def projected_clip(width: int = TEXT_WIDTH, **changes: Any):
    from transformers import CLIPTextModelWithProjection

    return CLIPTextModelWithProjection(clip_config(width, **changes))


def t5_tokenizer():
    from transformers import T5Tokenizer

    known = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("\u2581", -2.0), *((letter, -3.0) for letter in LETTERS)]
    return T5Tokenizer(vocab=known, extra_ids=0)


def t5():
    from transformers import T5Config, T5EncoderModel

    return T5EncoderModel(
        T5Config(vocab_size=32, d_model=T5_WIDTH, d_kv=8, d_ff=64, num_layers=2, num_heads=4, tie_word_embeddings=False)
    )


def unet_of(**changes: Any):
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        sample_size=16,
        in_channels=4,
        out_channels=4,
        block_out_channels=(32, 64),
        layers_per_block=1,
        norm_num_groups=8,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        **changes,
    )


def sdxl_unet(width: int, *, numbers: int):
    """numbers: how many it is told beside the text as a whole."""
    return unet_of(
        cross_attention_dim=width,
        attention_head_dim=(2, 4),
        use_linear_projection=True,
        transformer_layers_per_block=(1, 2),
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=numbers * 8 + LARGER_TEXT_WIDTH,
    )


def sd3_transformer():
    from diffusers import SD3Transformer2DModel

    return SD3Transformer2DModel(
        sample_size=16,
        patch_size=2,
        in_channels=16,
        out_channels=16,
        num_layers=2,
        attention_head_dim=8,
        num_attention_heads=4,
        joint_attention_dim=T5_WIDTH,
        caption_projection_dim=32,
        pooled_projection_dim=2 * TEXT_WIDTH,
        pos_embed_max_size=24,
        qk_norm="rms_norm",
    )


def flux_transformer(*, guidance_embeds: bool):
    from diffusers import FluxTransformer2DModel

    return FluxTransformer2DModel(
        in_channels=64,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=T5_WIDTH,
        pooled_projection_dim=TEXT_WIDTH,
        axes_dims_rope=(4, 4, 8),
        guidance_embeds=guidance_embeds,
    )


def vae(*, channels: int = 4, scaling_factor: float = 0.13025, shift_factor: float | None = None):
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        latent_channels=channels,
        block_out_channels=(8, 8),
        norm_num_groups=4,
        layers_per_block=1,
        down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
        sample_size=32,
        scaling_factor=scaling_factor,
        shift_factor=shift_factor,
    )
