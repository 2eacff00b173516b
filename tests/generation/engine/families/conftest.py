"""One tiny folder of each family, written once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.generation.engine import tiny_families


@pytest.fixture(scope="session")
def written(tmp_path_factory) -> Callable[..., Path]:
    """Writes a folder by the function of this name."""

    def write(name: str, **options) -> Path:
        folder = tmp_path_factory.mktemp("families") / name
        return getattr(tiny_families, f"write_{name}")(folder, **options)

    return write


@pytest.fixture(scope="session")
def sd2_folder(written) -> Path:
    return written("sd2")


@pytest.fixture(scope="session")
def sdxl_folder(written) -> Path:
    return written("sdxl")


@pytest.fixture(scope="session")
def sdxl_refiner_folder(written) -> Path:
    return written("sdxl_refiner")


@pytest.fixture(scope="session")
def sd3_folder(written) -> Path:
    return written("sd3")


@pytest.fixture(scope="session")
def flux_dev_folder(written) -> Path:
    return written("flux", is_dev=True)


@pytest.fixture(scope="session")
def flux_schnell_folder(written) -> Path:
    return written("flux", is_dev=False)


@pytest.fixture(scope="session")
def lcm_folder(written) -> Path:
    return written("lcm")


@pytest.fixture(scope="session")
def pixart_folder(written) -> Path:
    return written("pixart")
