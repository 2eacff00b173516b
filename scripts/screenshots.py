"""Pictures of every page in both themes, at a desk and on a phone: `python -m scripts.screenshots`.

It starts a product of its own in a temporary folder, lets its starter model paint, and fills docs/screenshots/ with
what people see. Whoever changes a page runs it and looks at the pictures; the README shows one of them.
"""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from scripts.ensure_browser import find_browser

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screenshots"
PERSON, PASSWORD, VISITOR = "ada", "quiet orange lantern", "grace"
INHERITED = ("DATABASE_URL", "REDIS_URL", "MJWEB_DATA", "MJWEB_HOST", "MJWEB_PORT", "DJANGO_SETTINGS_MODULE")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars")
SIZES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}
THEMES = ("dark", "light")
QUALITY = 72  # of WebP: text stays crisp, and all pictures together stay below 3.5 MB
PROMPTS = (
    "a red lighthouse by the sea at sunset, watercolor --ar 3:2",
    "a teal mushroom in a meadow at noon, stained glass",
    "a white owl in the forest at night, woodcut --ar 2:3",
    "an orange fox in the snow, paper cut",
    "a yellow boat on the lake in the morning, oil painting --ar 16:9",
    "a purple castle in the mountains at dusk, low poly",
)
SEVERAL = "a {red, blue} house in the {meadow, desert}, gouache --q .5"
SLOW = "a green dragon over the mountains at sunset, watercolor --quality 4"
ENDED = {"succeeded", "failed", "canceled", "blocked"}
PATIENCE_S = 600
# Every picture in the window is there.
SETTLED = """() => [...document.images].every((img) => {
  const { top, bottom, width } = img.getBoundingClientRect();
  return bottom < 0 || top > innerHeight || !width || img.complete;
})"""


@dataclass(frozen=True)
class Shown:
    """What was painted, as far as addresses name it."""

    image: str
    child: str
    group: str

    def pages(self) -> dict[str, str]:
        """Every page of a person who is signed in, by the name of its picture."""
        return {
            "create": "/create/",
            "explore": "/",
            "my-images": "/my/images/",
            "trash": "/my/images/?q=is:trashed",
            "image": f"/images/{self.image}/",
            "lineage": f"/images/{self.child}/",
            "editor": f"/images/{self.image}/edit/",
            "contact-sheet": f"/groups/{self.group}/",
            "people": f"/people/{PERSON}/",
            "profile-edit": "/my/page/",
            "search": "/search/?q=red%20house",
            "styles": "/styles/",
            "notifications": "/notifications/",
            "moderation": "/moderation/",
            "moderation-rules": "/moderation/rules/",
            "help": "/help/",
            "help-parameters": "/help/#stylize",
            "help-styles": "/help/#styles",
            "password": "/accounts/password/change/",
            "nowhere": "/nowhere/",
        }


IN_CHINESE = {"create-chinese": "/create/", "explore-chinese": "/", "help-chinese": "/help/"}
AT_THE_DOOR = {
    "guest": "/",
    "sign-in": "/accounts/login/",
    "sign-up": "/accounts/signup/",
    "forgotten": "/accounts/password/reset/",
}


# --- the product


@contextmanager
def product(data: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Its address and its environment, from when everything serves until it is stopped."""
    kept = {name: value for name, value in os.environ.items() if name not in INHERITED}
    environment = {**kept, "MJWEB_DATA": str(data), "MJWEB_PORT": "0"}
    argv = [sys.executable, "manage.py", "up"]
    with subprocess.Popen(argv, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            ready = process.stdout.readline() if process.stdout else ""
            if not ready:
                sys.exit("mjweb did not start.")
            yield ready.split()[-1].rstrip("/"), environment
        finally:
            process.send_signal(signal.SIGINT)


class Painter:
    """A person as a program: at first the one whose pages are shown."""

    def __init__(self, address: str, environment: dict[str, str], person: str = PERSON) -> None:
        argv = [sys.executable, "manage.py", "create_token", person, "--create"]
        made = subprocess.run(argv, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        token = {"Authorization": f"Bearer {made.stdout.strip()}"}
        self.http = httpx.Client(base_url=f"{address}/api/v1", headers=token, timeout=30)

    def paint(self) -> Shown:
        """Several grids, a set, an upscaled picture, one in the trash; and waits for them."""
        jobs = [self._post("/jobs", prompt=prompt) for prompt in PROMPTS]
        several = self._post("/jobs", prompt=SEVERAL)
        done = [self._wait(job["id"]) for job in jobs]
        image = done[0]["images"][0]["id"]
        child = self._wait(
            self._post(f"/jobs/{done[0]['id']}/actions", action="vary", strength="strong", index=1)["id"]
        )
        self._post("/images/organize", action="like", images=[image, done[1]["images"][2]["id"]])
        self._post("/images/organize", action="trash", images=[done[3]["images"][3]["id"]])
        self._wait(several["id"])
        return Shown(image, child["images"][0]["id"], several["group"])

    def visit(self, shown: Shown) -> None:
        """Somebody else follows, likes, comments and reports."""
        self._ask("PUT", f"/people/{PERSON}/follow")
        self._ask("PUT", f"/publications/{shown.image}/like")
        self._post(f"/publications/{shown.image}/comments", text=f"What a light! @{PERSON}, which seed is it?")
        self._post("/reports", kind="picture", target=shown.child, reason="rights", text="It looks like one of mine.")

    def begin(self) -> None:
        """One grid that is under way while Create is photographed."""
        self._post("/jobs", prompt=SLOW)

    def _post(self, path: str, **body: Any) -> Any:
        return self._ask("POST", path, **body)

    def _ask(self, method: str, path: str, **body: Any) -> Any:
        answer = self.http.request(method, path, json=body)
        if answer.is_error:
            sys.exit(f"{path}: {answer.text}")
        return answer.json() if answer.content else {}

    def _wait(self, job: str) -> Any:
        until = time.monotonic() + PATIENCE_S
        while (found := self.http.get(f"/jobs/{job}").json())["status"] not in ENDED:
            if time.monotonic() > until:
                sys.exit(f"{found['prompt']} took too long.")
            time.sleep(0.5)
        return found


# --- the pictures


def sign_up(browser: Browser, address: str) -> list[Any]:
    """Makes the account by its page; the cookies of the session."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/accounts/signup/")
    page.get_by_label("Name").fill(PERSON)
    page.get_by_label("Email").fill(f"{PERSON}@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    page.wait_for_url("**/create/")
    cookies = context.cookies()
    context.close()
    return cookies


def photograph(page: Page, name: str) -> None:
    """Keeps what is in the window."""
    page.mouse.move(0, 0)  # nothing is under the pointer
    page.wait_for_function(SETTLED)
    page.wait_for_timeout(200)
    out = io.BytesIO(page.screenshot(animations="disabled"))
    Image.open(out).convert("RGB").save(FOLDER / f"{name}.webp", quality=QUALITY, method=6)


def walk(
    browser: Browser, address: str, pages: dict[str, str], cookies: list[Any], themes: tuple[str, ...] = THEMES
) -> None:
    """Every page in every look."""
    for size, context_of in SIZES.items():
        for theme in themes:
            context = browser.new_context(**context_of, reduced_motion="reduce")
            context.add_cookies([*cookies, {"name": "theme", "value": theme, "url": address}])
            page = context.new_page()
            for name, path in pages.items():
                page.goto(address + path)
                photograph(page, f"{name}-{theme}-{size}")
            if "create" in pages:
                parts(page, address, f"{theme}-{size}")
            context.close()


def parts(page: Page, address: str, look: str) -> None:
    """What opens over a page: settings, the account's menu, a picture over the feed."""
    page.goto(f"{address}/create/#settings")
    page.locator("#settings").wait_for()
    photograph(page, f"settings-{look}")
    page.goto(f"{address}/help/")
    page.locator("[popovertarget=account-menu]:visible").click()
    photograph(page, f"account-{look}")


def main() -> int:
    """Paint, photograph, say how large it all is."""
    found = find_browser()
    if found is None:
        sys.exit("No Chromium was found: name one with MJWEB_CHROMIUM.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        product(Path(folder) / "var") as (address, environment),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        cookies = sign_up(browser, address)
        painter = Painter(address, environment)
        shown = painter.paint()
        Painter(address, environment, VISITOR).visit(shown)
        painter.begin()
        walk(browser, address, shown.pages(), cookies)
        chinese = {"name": "django_language", "value": "zh-hans", "url": address}
        walk(browser, address, IN_CHINESE, [*cookies, chinese], themes=("dark",))
        walk(browser, address, AT_THE_DOOR, [])
        browser.close()
    taken = list(FOLDER.glob("*.webp"))
    sys.stdout.write(f"{len(taken)} pictures, {sum(file.stat().st_size for file in taken) / 1e6:.1f} MB, in {FOLDER}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
