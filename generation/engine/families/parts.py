"""One checkpoint's files, read part by part: which classes, device, dtype and memory layout."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL

from generation.contracts import Network
from generation.engine.exactness import use_row_linears
from generation.engine.families.autoencoder import Autoencoder
from generation.engine.families.single_file import read_from_file
from generation.engine.sampling.schedules import NoiseSchedule
from generation.errors import CheckpointInvalidError
from generation.layouts import INDEX, REFINER, SINGLE_FILE, parts_of, read_json


class Parts:
    """A folder in diffusers layout, or one that configures a single file of weights.

    folder: where it lies.
    device, dtype: where its networks run, and in which numbers.
    """

    def __init__(self, folder: Path, device: torch.device, dtype: torch.dtype) -> None:
        self.folder = folder
        self.device = device
        self.dtype = dtype
        self.index = read_json(folder, INDEX)
        self._named = parts_of(self.index)

    def has(self, name: str) -> bool:
        """Whether the checkpoint has this part."""
        return name in self._named

    def tokenizer(self, name: str, kind: Any) -> Any:
        """A tokenizer of the class `kind`."""
        return kind.from_pretrained(self.folder / name, local_files_only=True)

    def schedule(self) -> NoiseSchedule:
        """The noise levels that the checkpoint's scheduler names.

        Raises:
            CheckpointInvalidError: They are of a kind that the engine has no tables for.
        """
        config = read_json(self.folder, "scheduler/scheduler_config.json")
        if str(config.get("_class_name", "")).startswith("EDM"):  # its other numbers would pass for betas
            raise CheckpointInvalidError(
                f"The scheduler of {self.folder.name} is Karras' EDM, which mjweb cannot sample."
            )
        return NoiseSchedule.from_config(config)

    def network(self, name: str, kind: Any, dtype: torch.dtype | None = None) -> Any:
        """A network of the class `kind`, frozen, on its device; in the checkpoint's dtype unless another is named.

        Raises:
            CheckpointInvalidError: Its weights are no safetensors, or lack a layer.
        """
        folder, file, wanted = self.folder / name, self.folder / SINGLE_FILE, dtype or self.dtype
        if file.is_file() and not any(folder.glob("*.safetensors")):
            return ready(read_from_file(file.resolve(), self.folder, self.index, name, wanted), self.device)
        return ready(read_network(kind, folder, wanted), self.device)

    def denoisers(self, name: str, kind: Any) -> dict[Network, Any]:
        """The base network, and the high-resolution one where `refiner/` has one; each in the fastest layout."""
        networks: dict[Network, Any] = {"base": self._denoiser(self, name, kind)}
        refiner = self.folder / REFINER
        if (refiner / INDEX).is_file():
            networks["hires"] = self._denoiser(Parts(refiner, self.device, self.dtype), name, kind)
        elif (refiner / "config.json").is_file():
            networks["hires"] = self._denoiser(self, REFINER, kind)
        return networks

    def autoencoder(self) -> Autoencoder:
        """The VAE: float32 on a CPU, and wherever halves would overflow.

        A CPU with bf16 units decodes in bf16, at 1.5 times the speed: the starter's pictures differ by six of 255
        levels at most, and by a third of one on average.
        """
        in_halves = self.dtype == torch.bfloat16
        vae = self.network("vae", AutoencoderKL, torch.bfloat16 if in_halves and self._is_on_gpu else torch.float32)
        decodes_in = torch.bfloat16 if in_halves else None
        return Autoencoder(vae.to(memory_format=torch.channels_last), decodes_in=decodes_in)

    @property
    def _is_on_gpu(self) -> bool:
        return self.device.type == "cuda"

    def _denoiser(self, parts: Parts, name: str, kind: Any) -> Any:
        """A denoising network: channels last, except for bf16 on a CPU; linear layers row by row in its float32."""
        network = parts.network(name, kind)
        if self.device.type == "cpu" and self.dtype == torch.float32:
            use_row_linears(network)
        if self.device.type == "cuda" or self.dtype == torch.float32:
            network = network.to(memory_format=torch.channels_last)
        return network


def read_network(kind: Any, folder: Path, dtype: torch.dtype) -> Any:
    """Read one network's safetensors; pickled weights are refused, and so are weights that lack a layer.

    Raises:
        CheckpointInvalidError: Something is missing; its sentence names it.
        OSError: There are no safetensors.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # advice of the libraries to their own developers
        network, found = kind.from_pretrained(
            folder, torch_dtype=dtype, use_safetensors=True, local_files_only=True, output_loading_info=True
        )
    if missing := sorted(found["missing_keys"]):
        raise CheckpointInvalidError(f"The weights in {folder.parent.name}/{folder.name} lack {missing[0]}.")
    return network


def ready(network: Any, device: torch.device) -> Any:
    """Freeze a network and bring it to its device, off the mapped file that its weights were read from.

    A file that is replaced would change or end what is being painted, and where a weight lies in it changes roundings.
    """
    network = network.eval().requires_grad_(requires_grad=False)
    for weight in network.parameters():
        weight.data = weight.data.to(device, copy=True)
    return network.to(device)


def unet_sizes(unet: Any, autoencoder: Autoencoder, folder: Path) -> dict[str, int]:
    """`native_px` and `size_multiple_px` of a U-Net, for the constructor of a family.

    Raises:
        CheckpointInvalidError: It takes other things than latents, or than what inpainting shows besides.
    """
    if unet.config.in_channels not in {autoencoder.channels, 2 * autoencoder.channels + 1}:
        raise CheckpointInvalidError(
            f"The network in {folder.name} takes {unet.config.in_channels} channels, which are not latents alone."
        )
    multiple = autoencoder.scale * 2 ** (len(unet.config.down_block_types) - 1)
    return {"native_px": int(unet.config.sample_size * autoencoder.scale), "size_multiple_px": int(multiple)}
