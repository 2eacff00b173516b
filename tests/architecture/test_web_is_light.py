"""What a web process has loaded once it can serve everything."""

from __future__ import annotations

import subprocess
import sys

import pytest

LOAD_EVERYTHING = """
import sys
import mjweb.asgi
from django.urls import get_resolver

def load(patterns):
    for pattern in patterns:
        load(getattr(pattern, "url_patterns", []))

load(get_resolver().url_patterns)
print(",".join(sorted({name.partition(".")[0] for name in sys.modules})))
"""
HEAVY = {"torch", "diffusers", "transformers", "accelerate", "safetensors", "numpy", "huggingface_hub"}


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    result = subprocess.run([sys.executable, "-c", LOAD_EVERYTHING], capture_output=True, text=True, check=True)
    return set(result.stdout.strip().split(","))


def test_it_loads_every_room(loaded):
    assert {"generation", "gallery", "mjweb", "channels", "rest_framework", "celery"} <= loaded


def test_it_never_loads_a_model_library(loaded):
    assert not HEAVY & loaded
