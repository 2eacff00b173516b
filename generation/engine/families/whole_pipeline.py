"""Checkpoints that no family knows: diffusers' own pipeline paints each picture whole, handing back after every step.

Its pictures share no forward pass with others, and its sampler, guidance and texts are its own. A run has a copy of the
scheduler, which keeps its place in it; everything else is shared between runs, for one step at a time runs.
"""

from __future__ import annotations

import copy
import functools
import inspect
import warnings
from collections.abc import Callable
from typing import Any, Final, Self, TypeGuard

import diffusers
import torch
from diffusers import AutoencoderKL, AutoPipelineForImage2Image, DiffusionPipeline
from PIL import Image

from generation.contracts import Raster, RenderPlan
from generation.engine.families.autoencoder import Autoencoder
from generation.engine.families.base import LatentShape
from generation.engine.families.baton import Baton
from generation.engine.families.parts import Parts, read_network, ready
from generation.engine.images import fit, to_image, to_raster
from generation.engine.previews import LatentToRgb, fit_latent_to_rgb
from generation.errors import CheckpointInvalidError
from generation.layouts import parts_of

NATIVE_PX: Final = 1024
SIZE_MULTIPLE_PX: Final = 32
LATENT_AXES: Final = 4
"""Of latents that can be looked at: (pictures, channels, h, w). Others are packed in a way that the pipeline knows."""
NEEDED: Final = frozenset({"prompt", "num_inference_steps", "generator", "output_type"})
CALLBACKS: Final = ("callback_on_step_end", "callback")
"""What a call must take to be painted with, and one of the ways to be called back between steps."""
FOREIGN: Final = frozenset({"num_frames", "audio_length_in_s", "mask_image"})
"""What tells that something else than a picture comes out, or that more than a text goes in."""
TRUE_GUIDANCE: Final = "true_cfg_scale"
"""Guidance by a negative prompt, where the usual name is for a number that the network is told."""

Sees = Callable[[Any], None]
"""Called after every step with the latents, or with None."""


class WholeRun:
    """One picture on its way through a pipeline.

    step, steps: how many steps are done, of how many.
    latents: (channels, h, w), float32, after the last step; None where they cannot be looked at.
    """

    def __init__(self, paint: Callable[[Sees], Image.Image], steps: int, channels: int | None) -> None:
        """Begin with nothing painted.

        paint: calls the pipeline, which calls back after every step.
        steps: about how many there are: a solver that calls more often counts no more.
        channels: of latents that can be looked at; None looks at none.
        """
        self._baton = Baton(lambda give_back: paint(functools.partial(self._step_ends, give_back)))
        self._shown = (1, channels)
        self.steps = steps
        self.step = 0
        self.latents: torch.Tensor | None = None

    @property
    def picture(self) -> Raster | None:
        """The finished picture; None until then."""
        return None if self._baton.result is None else to_raster(self._baton.result)

    def advance(self) -> None:
        """Take one step, or decode after the last; only then all steps count as done.

        Raises:
            Exception: What the pipeline raised.
        """
        self._baton.advance()
        self.step = min(self.step + 1, self.steps - 1) if self._baton.result is None else self.steps

    def cancel(self) -> None:
        """Stop between two steps and free what the run holds."""
        self._baton.cancel()

    def _step_ends(self, give_back: Callable[[], None], latents: Any) -> None:
        is_seen = isinstance(latents, torch.Tensor) and latents.dim() == LATENT_AXES
        if is_seen and latents.shape[:2] == self._shown:
            self.latents = latents[0].float()
        give_back()


class WholePipeline:
    """A checkpoint in memory that paints by itself.

    device: where it runs.
    latent_to_rgb: the linear look at its latents; None where nobody but itself can look at them.
    """

    native_px = NATIVE_PX
    size_multiple_px = SIZE_MULTIPLE_PX

    def __init__(self, pipeline: Any, device: torch.device) -> None:
        """Take over a pipeline that is on its device.

        Raises:
            CheckpointInvalidError: It makes no pictures from a text alone, or cannot be stopped between steps.
        """
        self._pipeline = pipeline
        self._from_picture = _from_picture(pipeline)
        self.device = device
        vae = getattr(pipeline, "vae", None)
        self._autoencoder = Autoencoder(vae) if isinstance(vae, AutoencoderKL) else None
        self.latent_to_rgb: LatentToRgb | None = None
        if self._autoencoder is not None:
            self.latent_to_rgb = fit_latent_to_rgb(self._autoencoder.encode, device)

    @classmethod
    def load(cls, parts: Parts) -> Self:
        """Read a checkpoint by the class that its index names.

        Raises:
            CheckpointInvalidError: A part is missing or broken, or brings code of its own.
        """
        kind = getattr(diffusers, parts.index["_class_name"], None)
        if not (isinstance(kind, type) and issubclass(kind, DiffusionPipeline)):
            wanted = parts.index["_class_name"]
            raise CheckpointInvalidError(f"diffusers has no {wanted}, which {parts.folder.name} needs.")
        _check_call(kind, parts.folder.name)
        networks = {name: _network(parts, name, *named) for name, named in parts_of(parts.index).items()}
        given = {name: network for name, network in networks.items() if network is not None}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # advice of the libraries to their own developers
            loader: Any = kind
            pipeline = loader.from_pretrained(parts.folder, local_files_only=True, use_safetensors=True, **given)
        pipeline.set_progress_bar_config(disable=True)
        return cls(pipeline, parts.device)

    @property
    def starts_from_pictures(self) -> bool:
        """Whether it can also begin with a picture."""
        return self._from_picture is not None

    def row_limit(self, latent_shape: LatentShape) -> int:  # noqa: ARG002 -- the contract's signature
        """One picture takes a step at a time."""
        return 1

    def begin(self, plan: RenderPlan, seed: int, source: Raster | None) -> WholeRun:
        """One picture of a plan of one stage; source: what it starts from, of any size."""
        pipeline = self._pipeline if source is None else self._from_picture
        own = copy.copy(pipeline)
        own.scheduler = copy.deepcopy(pipeline.scheduler)
        wanted = _arguments(own, plan, seed, source)
        channels = self._autoencoder.channels if self._autoencoder else None
        return WholeRun(lambda sees: own(**wanted, **_callback(own, sees)).images[0], _steps(plan), channels)


def paints_whole(family: object) -> TypeGuard[WholePipeline]:
    """Whether a loaded checkpoint is one of these, and none of the step batch."""
    return isinstance(family, WholePipeline)


def _arguments(pipeline: Any, plan: RenderPlan, seed: int, source: Raster | None) -> dict[str, Any]:
    """What a call is given, of what it takes."""
    stage, takes = plan.stages[0], inspect.signature(pipeline.__call__).parameters
    guidance = _guidance_argument(takes)
    wanted: dict[str, Any] = {
        "prompt": plan.parts[0].text,
        "width": stage.width_px,
        "height": stage.height_px,
        "num_inference_steps": stage.steps,
        "generator": torch.Generator("cpu").manual_seed(seed),
        "output_type": "pil",
        "use_resolution_binning": False,  # else another size is painted and resampled
        guidance: plan.guidance,
    }
    if plan.negative_prompt or guidance == TRUE_GUIDANCE:
        wanted["negative_prompt"] = plan.negative_prompt or " "  # without one these do not guide
    if source is not None:
        wanted |= {"image": to_image(fit(source, stage.width_px, stage.height_px)), "strength": stage.strength}
    return {name: value for name, value in wanted.items() if name in takes}


def _callback(pipeline: Any, sees: Sees) -> dict[str, Any]:
    """How a call is asked to call back; older pipelines have another way."""
    if CALLBACKS[0] not in inspect.signature(pipeline.__call__).parameters:
        return {"callback": lambda _step, _timestep, latents: sees(latents), "callback_steps": 1}

    def step_ends(_pipeline: Any, _step: int, _timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        sees(tensors.get("latents"))
        return tensors

    shown = [name for name in ("latents",) if name in getattr(pipeline, "_callback_tensor_inputs", ())]
    return {CALLBACKS[0]: step_ends, "callback_on_step_end_tensor_inputs": shown}


def _guidance_argument(takes: Any) -> str:
    """What a call names guidance by a negative prompt; some keep the usual name for a number that is embedded."""
    usual = takes.get("guidance_scale")
    is_embedded = TRUE_GUIDANCE in takes and (usual is None or usual.default is None)
    return TRUE_GUIDANCE if is_embedded else "guidance_scale"


def _steps(plan: RenderPlan) -> int:
    """How many of a stage's steps run at its strength, at least one."""
    stage = plan.stages[0]
    return max(1, min(stage.steps, int(stage.steps * stage.strength)))


def _from_picture(pipeline: Any) -> Any:
    """The pipeline of the same parts that starts from a picture; None where diffusers has none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = AutoPipelineForImage2Image.from_pipe(pipeline)
    except (ValueError, TypeError, AttributeError):
        return None
    made.set_progress_bar_config(disable=True)
    return made


def _check_call(kind: Any, name: str) -> None:
    takes = inspect.signature(kind.__call__).parameters
    needs = {each for each, about in takes.items() if about.default is inspect.Parameter.empty} - {"self", "prompt"}
    missing = sorted(NEEDED - takes.keys())
    if not takes.keys() & set(CALLBACKS):
        missing.append(CALLBACKS[0])
    if missing:
        raise CheckpointInvalidError(
            f"{name} cannot be painted with: {kind.__name__} takes no {missing[0]}, so nobody could watch or stop it."
        )
    if further := sorted((needs | (FOREIGN & takes.keys())) - {"args", "kwargs"}):
        raise CheckpointInvalidError(
            f"{name} does not make pictures from a text alone: {kind.__name__} takes {further[0]}."
        )


def _network(parts: Parts, name: str, library: str, kind_name: str) -> Any:
    """A part that is a network, read strictly; None for others, which hold no weights."""
    import transformers  # noqa: PLC0415 -- for the names of an index alone

    libraries = {"diffusers": diffusers, "transformers": transformers}
    home = libraries.get(library) or getattr(diffusers.pipelines, library, None)
    if home is None:
        raise CheckpointInvalidError(
            f"{parts.folder.name} brings code of its own for its {name}, and code out of a checkpoint is never run."
        )
    kind = getattr(home, kind_name, None)
    if not (isinstance(kind, type) and issubclass(kind, torch.nn.Module)):
        return None
    return ready(read_network(kind, parts.folder / name, parts.dtype), parts.device)
