"""A product with several models: two small real checkpoints besides the starter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mjweb.local.processes import wait_until
from tests.generation.engine.tiny_checkpoint import write_tiny_checkpoint
from tests.generation.workers.watching import program_of
from tests.runs import Product, Program

FAST_MINUTES = 500


@dataclass
class Shop:
    """A product whose worker keeps one model loaded; dreams and night are registered besides the starter."""

    product: Product
    alice: Program
    folders: dict[str, Path]

    def served(self) -> set[str]:
        return {model["name"] for model in self.alice.http.get("/models").json()["results"] if model["is_served"]}

    def serves(self, *names: str) -> bool:
        return wait_until(lambda: self.served() == set(names), 20, every_s=0.1)

    def loads(self) -> list[str]:
        """The models that the worker loaded so far, in order."""
        return re.findall(r"Loading (\S+)\.\n", self.product.log("engine"))


@contextmanager
def open_shop(root: Path) -> Iterator[Shop]:
    """Starts it, with its data and models below `root`, and waits until every model is served."""
    folders = {name: write_tiny_checkpoint(root / name) for name in ("dreams", "night")}
    product = Product(root / "var", MJWEB_LEASE_S="3", MJWEB_RESIDENT_MODELS="1", MJWEB_FAST_MINUTES=str(FAST_MINUTES))
    try:
        product.wait_until_ready()
        for name, folder in folders.items():
            product.manage("models", "add", str(folder), "--title", name.title())
        with program_of(product, "alice") as alice:
            shop = Shop(product, alice, folders)
            assert shop.serves("starter", "dreams", "night")
            yield shop
    finally:
        product.clear()
