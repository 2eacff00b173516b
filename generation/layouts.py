"""Which family a checkpoint is of, told by its `model_index.json`. Neither Django nor torch.

The index of a folder in diffusers layout names a pipeline and, per part, a library and a class. A family of the engine
takes a folder when it knows the pipeline and every part; what no family knows is painted by the pipeline itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from generation.errors import CheckpointInvalidError

FamilyName = Literal["stable_diffusion", "stable_diffusion_xl", "stable_diffusion_3", "flux", "pipeline"]

INDEX: Final = "model_index.json"
REFINER: Final = "refiner"
"""The folder of the high-resolution network, beside the base network's: a network alone, or a whole checkpoint."""
SINGLE_FILE: Final = "checkpoint.safetensors"
"""The weights of several parts in one file, in their makers' own layout, on top of a folder that configures them."""
LIBRARIES: Final = frozenset({"diffusers", "transformers"})
"""Where the classes of an index may come from. Others would be code out of the checkpoint itself."""
_NO_TEXT_TO_IMAGE: Final = re.compile(
    r"Img2Img|Image2Image|Inpaint|Upscale|Superres|SuperResolution|ControlNet|Depth2Img|InstructPix2Pix|Video|Audio"
    r"|Music|Text3D|Shap|Edit|Kontext|Fill|Redux|ImageVariation|Prior|AnimateDiff"
)
"""What the names of pipelines say that need more than a text, or make other things than pictures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What the folder of one family holds.

    title: what people call the family.
    pipelines: the classes by which an index names it.
    parts: what must be there, each of one of these classes.
    optional: what may be there besides.
    networks: the parts that have weights, of those that must be there.
    """

    family: FamilyName
    title: str
    pipelines: frozenset[str] = frozenset()
    parts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()
    networks: tuple[str, ...] = ()


_TOKENIZER: Final = frozenset({"CLIPTokenizer", "CLIPTokenizerFast"})
_T5_TOKENIZER: Final = frozenset({"T5Tokenizer", "T5TokenizerFast"})
_ANY: Final[frozenset[str]] = frozenset()
"""Of any class: schedulers are read as tables of numbers, whatever their class."""
_UNET_AND_VAE: Final = {"unet": frozenset({"UNet2DConditionModel"}), "vae": frozenset({"AutoencoderKL"})}
_EXTRAS: Final = frozenset({"safety_checker", "feature_extractor", "image_encoder"})
_CLIP: Final = frozenset({"CLIPTextModel"})
_CLIP_PROJECTED: Final = frozenset({"CLIPTextModelWithProjection"})
_T5: Final = frozenset({"T5EncoderModel"})

STABLE_DIFFUSION: Final = Layout(
    family="stable_diffusion",
    title="Stable Diffusion 1.x and 2.x",
    pipelines=frozenset({"StableDiffusionPipeline", "StableDiffusionInpaintPipeline"}),
    parts={"scheduler": _ANY, "text_encoder": _CLIP, "tokenizer": _TOKENIZER, **_UNET_AND_VAE},
    optional=_EXTRAS,
    networks=("text_encoder", "unet", "vae"),
)
STABLE_DIFFUSION_XL: Final = Layout(
    family="stable_diffusion_xl",
    title="Stable Diffusion XL",
    pipelines=frozenset(
        {"StableDiffusionXLPipeline", "StableDiffusionXLImg2ImgPipeline", "StableDiffusionXLInpaintPipeline"}
    ),
    parts={"scheduler": _ANY, "text_encoder_2": _CLIP_PROJECTED, "tokenizer_2": _TOKENIZER, **_UNET_AND_VAE},
    optional=_EXTRAS | {"text_encoder", "tokenizer"},
    networks=("text_encoder_2", "unet", "vae"),
)
STABLE_DIFFUSION_3: Final = Layout(
    family="stable_diffusion_3",
    title="Stable Diffusion 3.x",
    pipelines=frozenset({"StableDiffusion3Pipeline"}),
    parts={
        "scheduler": _ANY,
        "text_encoder": _CLIP_PROJECTED,
        "text_encoder_2": _CLIP_PROJECTED,
        "tokenizer": _TOKENIZER,
        "tokenizer_2": _TOKENIZER,
        "transformer": frozenset({"SD3Transformer2DModel"}),
        "vae": frozenset({"AutoencoderKL"}),
    },
    optional=_EXTRAS | {"text_encoder_3", "tokenizer_3"},
    networks=("text_encoder", "text_encoder_2", "transformer", "vae"),
)
FLUX: Final = Layout(
    family="flux",
    title="FLUX.1",
    pipelines=frozenset({"FluxPipeline"}),
    parts={
        "scheduler": _ANY,
        "text_encoder": _CLIP,
        "text_encoder_2": _T5,
        "tokenizer": _TOKENIZER,
        "tokenizer_2": _T5_TOKENIZER,
        "transformer": frozenset({"FluxTransformer2DModel"}),
        "vae": frozenset({"AutoencoderKL"}),
    },
    optional=_EXTRAS,
    networks=("text_encoder", "text_encoder_2", "transformer", "vae"),
)
LAYOUTS: Final = (STABLE_DIFFUSION, STABLE_DIFFUSION_XL, STABLE_DIFFUSION_3, FLUX)


def layout_of(folder: Path) -> Layout:
    """The family that paints with this folder; `pipeline` where diffusers' own pipeline does.

    Raises:
        CheckpointInvalidError: It is no folder in diffusers layout, or nothing here paints with it.
    """
    index = read_json(folder, INDEX)
    pipeline, named = index.get("_class_name"), parts_of(index)
    if not isinstance(pipeline, str):
        raise CheckpointInvalidError(f"{folder.name} names no pipeline of diffusers in its {INDEX}.")
    layout = next((each for each in LAYOUTS if pipeline in each.pipelines), None)
    if layout is not None:
        _check_parts(layout, named, folder)
        return layout
    if said := _NO_TEXT_TO_IMAGE.search(pipeline):
        raise CheckpointInvalidError(
            f"{folder.name} is made for {pipeline}, which does not make pictures from a text alone ({said[0]})."
        )
    if foreign := sorted(f"{part} ({library})" for part, (library, _) in named.items() if library not in LIBRARIES):
        raise CheckpointInvalidError(
            f"{folder.name} brings code of its own for its {foreign[0]}, and code out of a checkpoint is never run."
        )
    return Layout(family="pipeline", title=pipeline.removesuffix("Pipeline"))


def parts_of(index: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """What an index names: part to library and class; parts that are empty are left out."""
    pairs = {part: pair for part, pair in index.items() if isinstance(pair, list) and len(pair) == 2 and all(pair)}  # noqa: PLR2004 -- a pair
    return {part: (str(library), str(kind)) for part, (library, kind) in pairs.items() if not part.startswith("_")}


def networks_of(folder: Path) -> list[str]:
    """The parts that must have weights: what the family needs, and whatever else the folder configures as a network.

    Raises:
        CheckpointInvalidError: as `layout_of`.
    """
    layout, named = layout_of(folder), parts_of(read_json(folder, INDEX))
    further = [part for part in named if part not in _EXTRAS and (folder / part / "config.json").is_file()]
    return list(dict.fromkeys([*layout.networks, *further]))


def read_json(folder: Path, path: str) -> dict[str, Any]:
    """One configuration file of a checkpoint.

    Raises:
        CheckpointInvalidError: It is not there, or no object.
    """
    try:
        values = json.loads((folder / path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CheckpointInvalidError(
            f"{folder.name} is no checkpoint in diffusers layout: {path} is missing."
        ) from error
    if not isinstance(values, dict):
        raise CheckpointInvalidError(f"{folder.name} is no checkpoint in diffusers layout: {path} is no object.")
    return values


def _check_parts(layout: Layout, named: Mapping[str, tuple[str, str]], folder: Path) -> None:
    """Refuse what would load, for its parts have the right names, and fail with the first picture."""
    start = f"{folder.name} is no checkpoint of {layout.title}"
    for part, wanted in layout.parts.items():
        found = named.get(part, ("", "nothing"))[1]
        if part not in named or (wanted and found not in wanted):
            raise CheckpointInvalidError(f"{start}: its {part} is {found}.")
    if foreign := sorted(named.keys() - layout.parts.keys() - layout.optional):
        raise CheckpointInvalidError(f"{start}: it has a {' and a '.join(foreign)}.")
