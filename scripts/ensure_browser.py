"""Make sure there is a Chromium for the browser tests, and axe for what they ask of its pages.

`find_browser` and `find_axe` are also what the tests call. Nothing that is found is changed, and what is
installed without the distribution's help lives in `.venv`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / ".venv" / "browser"
AXE = FOLDER / "node_modules" / "axe-core" / "axe.min.js"
AXE_VERSION = "4.11.1"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PLAYWRIGHT_S = 60
_INSTALL_S = 300
# The package unpacks itself into the temporary folder, and only when it is asked for its path.
_UNPACK = "import('@sparticuz/chromium').then(m => m.default.executablePath()).then(console.log)"


def find_browser() -> Path | None:
    """A Chromium that starts here, or None: a named one, Playwright's, the PATH's, ours."""
    return next(filter(_starts, _candidates()), None)


def ensure_browser() -> Path | None:
    """A Chromium that starts here, installed if need be; None when every way failed."""
    ways: tuple[Callable[[], None], ...] = (_install_by_playwright, _install_by_apt, _install_sparticuz)
    found = find_browser()
    for install in ways:
        if found is None:
            install()
            found = find_browser()
    return found


def find_axe() -> Path | None:
    """The script that looks for what shuts people out of a page, or None where npm could not bring it."""
    return AXE if AXE.exists() else None


def ensure_axe() -> Path | None:
    """The same, installed if need be."""
    return find_axe() or (install_by_npm(f"axe-core@{AXE_VERSION}") and find_axe()) or None


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("MJWEB_CHROMIUM"):
        yield Path(named)
    if playwrights := _playwright_path():
        yield playwrights
    yield from (Path(path) for name in NAMES if (path := shutil.which(name)))
    yield FOLDER / "chromium"


def _playwright_path() -> Path | None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - a person without the test extra may have a browser

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def _starts(browser: Path) -> bool:
    """Whether it tells its version: one without its shared libraries does not."""
    return browser.exists() and _run([str(browser), "--version"], timeout_s=30)


def _install_by_playwright() -> None:
    _run([sys.executable, "-m", "playwright", "install", "chromium"], timeout_s=_PLAYWRIGHT_S)


def _install_by_apt() -> None:
    if os.getuid() != 0 or not shutil.which("apt-get"):
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if _run(["apt-get", "update", "-q"], timeout_s=_INSTALL_S, environment=environment):
        install = ["apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium"]
        _run(install, timeout_s=_INSTALL_S, environment=environment)


def install_by_npm(package: str) -> bool:
    """Whether a package lies in `FOLDER` now."""
    if not shutil.which("npm"):
        return False
    FOLDER.mkdir(parents=True, exist_ok=True)
    return _run(["npm", "install", "--prefix", str(FOLDER), "--no-audit", "--no-fund", package], timeout_s=_INSTALL_S)


def _install_sparticuz() -> None:
    if install_by_npm("@sparticuz/chromium"):
        environment = {**os.environ, "TMPDIR": str(FOLDER)}
        _run(["node", "--input-type=module", "-e", _UNPACK], timeout_s=60, environment=environment, folder=FOLDER)


def _run(
    argv: list[str], *, timeout_s: float, environment: dict[str, str] | None = None, folder: Path | None = None
) -> bool:
    try:
        done = subprocess.run(argv, env=environment, cwd=folder, capture_output=True, timeout=timeout_s, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def main() -> int:
    """Report what there is; without a browser, fail in CI and warn elsewhere."""
    if ensure_axe() is None:
        sys.stderr.write("No axe could be installed (it comes by npm): the pages are checked without it.\n")
    if ensure_browser():
        return 0
    sys.stderr.write("No Chromium was found or could be installed: name one with MJWEB_CHROMIUM.\n")
    return 1 if os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main())
