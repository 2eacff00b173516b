from __future__ import annotations

import importlib.metadata
import re
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _pins() -> dict[str, str]:
    lines = (REPOSITORY / "constraints.txt").read_text().splitlines()
    return {_canonical(name): version for name, _, version in (line.partition("==") for line in lines)}


def test_everything_installed_has_the_version_that_is_pinned():
    installed = {
        _canonical(distribution.metadata["Name"]): distribution.version.partition("+")[0]
        for distribution in importlib.metadata.distributions()
    }
    pins = _pins()
    wrong = {name: version for name, version in installed.items() if pins.get(name, version) != version}
    assert wrong == {}


def test_every_direct_dependency_is_pinned():
    # What `upscalers` brings must fit the build of torch, so the person who installs it chooses.
    requirements = [each for each in importlib.metadata.requires("mjweb") or [] if "upscalers" not in each]
    names = {_canonical(re.split(r"[^\w.-]", requirement)[0]) for requirement in requirements}
    assert names - _pins().keys() == set()


def test_no_pin_names_a_place_or_a_build():
    text = (REPOSITORY / "constraints.txt").read_text()
    assert not re.search(r"[@+:/]|^-", text, re.MULTILINE)
