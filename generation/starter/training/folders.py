"""Trained networks on disk: written by the stages, read by later stages, by the evaluation and by the release.

A work folder keeps `networks/{tokenizer,classifier,clip,text_encoder,vae,base,hires}`; a release
names the two U-Nets `unet` and `refiner`, and is read just as well.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from diffusers.utils import logging as diffusers_logging
from safetensors.torch import load_file, save_file
from transformers import CLIPModel, CLIPTextModel, CLIPTokenizer
from transformers.utils import logging as transformers_logging

from generation.starter.training.classifier_network import AttributeClassifier
from generation.starter.training.files import write_text
from generation.starter.training.sizes import SIZES

RELEASED: Final = {"base": "unet", "hires": "refiner"}
"""What a part of a work folder is called in a release."""
CLASSIFIER_FILE: Final = "model.safetensors"
_CLASSES: Final[dict[str, Any]] = {
    "clip": CLIPModel,
    "text_encoder": CLIPTextModel,
    "vae": AutoencoderKL,
    "base": UNet2DConditionModel,
    "hires": UNet2DConditionModel,
    "tokenizer": CLIPTokenizer,
}


def part_folder(folder: Path, name: str) -> Path | None:
    """Where a part lies in a work folder's `networks` or in a release; None where it is not."""
    marker = "tokenizer_config.json" if name == "tokenizer" else "config.json"
    places = (folder / name, folder / RELEASED.get(name, name))
    return next((place for place in places if (place / marker).exists()), None)


def quiet_libraries() -> None:
    """Keep the libraries from drawing bars of their own and from giving advice to their developers.

    Effects: for this process.
    """
    for logging in (diffusers_logging, transformers_logging):
        logging.disable_progress_bar()
        logging.set_verbosity_error()


@dataclass(frozen=True, slots=True)
class Networks:
    """What a folder has so far, frozen, in float32, on one device. Parts load when they are first asked for.

    judge: the folder that the classifier is taken from, so that a release can be judged by a better one.
    """

    folder: Path
    device: str
    judge: Path
    _loaded: dict[str, Any] = field(default_factory=dict)

    def has(self, *names: str) -> bool:
        """Whether all of these parts are there."""
        return all(self._place(name) is not None for name in names)

    def missing(self, *names: str) -> list[str]:
        """Those of these parts that are not there."""
        return [name for name in names if not self.has(name)]

    def __getitem__(self, name: str) -> Any:
        if name not in self._loaded:
            if (place := self._place(name)) is None:
                raise SystemExit(f"There is no {name} in {self.folder} yet: train that stage first.")
            self._loaded[name] = _load(name, place, self.device)
        return self._loaded[name]

    def _place(self, name: str) -> Path | None:
        return part_folder(self.judge if name == "classifier" else self.folder, name)


def open_networks(folder: Path, device: str = "cpu", *, judge: Path | None = None) -> Networks:
    """The networks of a folder; the classifier may come from another one."""
    return Networks(folder, device, judge or folder)


def _load(name: str, place: Path, device: str) -> Any:
    if name == "tokenizer":
        return CLIPTokenizer.from_pretrained(place)
    network: Any = _load_classifier(place) if name == "classifier" else _CLASSES[name].from_pretrained(place).float()
    network = network.to(device).eval().requires_grad_(False)
    return network.to(memory_format=torch.channels_last) if name in ("vae", "base", "hires", "classifier") else network


def _load_classifier(folder: Path) -> AttributeClassifier:
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    network = AttributeClassifier(SIZES[config["size"]])
    network.load_state_dict(load_file(folder / CLASSIFIER_FILE))
    return network.float()


def save_classifier(network: AttributeClassifier, folder: Path) -> None:
    """Write the classifier, in the precision that it is in.

    Effects: writes the folder `classifier`.
    """
    place = folder / "classifier"
    place.mkdir(parents=True, exist_ok=True)
    save_file({name: value.cpu().contiguous() for name, value in network.state_dict().items()}, place / CLASSIFIER_FILE)
    write_text(json.dumps({"size": network.size_name}) + "\n", place / "config.json")
