"""One tiny folder of each family that takes adapters, written once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.generation.engine import tiny_families as tiny


@pytest.fixture(scope="session")
def folders(tmp_path_factory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("adapters")
    return {
        "sd2": tiny.write_sd2(root / "sd2"),
        "sdxl": tiny.write_sdxl(root / "sdxl"),
        "sd3": tiny.write_sd3(root / "sd3", with_t5=False),
        "flux": tiny.write_flux(root / "flux", is_dev=True),
    }
