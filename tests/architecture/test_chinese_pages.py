"""What is read on a Chinese page is Chinese, but for names, for what is typed, and for people's own words."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import translation

from generation.jobs.collecting import create_collection, keep_search
from generation.models import Job
from generation.prompts.parameters import PARAMETERS
from tests.architecture.routes import ROUTES, ask, ours
from tests.architecture.test_permissions import undone
from tests.factories import finished_job, queued_job
from tests.markup import read

pytestmark = pytest.mark.django_db

CJK = re.compile(r"[\u3400-\u9fff]")
WORDS = re.compile(r"[A-Za-z][A-Za-z']+")
OWN = "海边的灯塔"
PEOPLE = {"alice", "bob", "root", "stranger", "follower", "blocked"}
OF_TESTS = re.compile(
    r"a lighthouse|a (?:\{?red|blue)\b(?:, blue\})?(?: boat)?|"
    r"\b(?:red|blue|Mine|mine|Coast|Words|zzz)\b|So\.|No\.|A rule of this test"
)
# Names, formats, and what is typed into prompts.
SAME = {
    "mjweb", "PNG", "JPEG", "WebP", "GIF", "API", "px", "UTC", "JavaScript", "Midjourney",
    "niji", "starter", "English", "Ctrl", "Shift", "Enter", "Delete", "Home", "End", "Esc",
    "LoRA", "CLIP", "ZIP", "MB", "GB", "KB", "GiB", "MiB", "GPU", "Hz", "RSS", "Atom",
} | PEOPLE | {row.name for row in PARAMETERS}  # fmt: skip


@pytest.fixture(autouse=True)
def _english_afterwards():
    yield
    translation.deactivate()


@pytest.fixture
def asked(client, alice, bob, checkpoint):
    """Alice has a bit of everything, and asked for it in Chinese."""
    translation.activate("zh-hans")
    job = finished_job(alice, f"{OWN} --ar 3:2 --stylize 300 --seed 7")
    finished_job(alice, f"{OWN} --stealth")
    shown = finished_job(bob, OWN)
    Job.objects.filter(pk=queued_job(alice, f"{OWN} --no 雨").pk).update(state="failed", error_code="engine")
    queued_job(alice, f"{{{OWN}, 雪山}} --ar 1:1")
    create_collection(alice, "海岸")
    keep_search(alice, "灯塔", "is:liked")
    image = job.images.get(index=1)
    client.force_login(alice)
    return {"image": image, "theirs": shown.images.get(index=1), "group": job.group_id, "client": client}


def english(page: str) -> list[str]:
    """What is read in a page without a Chinese sign, and is no name and no number."""
    found = []
    for text in read(page, "zh-hans"):
        if text.text.startswith("--"):  # typed as it stands
            continue
        words = set(WORDS.findall(re.sub(r"--[\w-]+|\b[\w-]+:[^\s]+|https?:\S+", "", unescape(text.text))))
        if not CJK.search(text.text) and words - SAME and {word for word in words if len(word) > 1} - SAME:
            found.append(f"{text.place}: {text.text}")
    return found


def unread(client, addresses: dict[str, str], **own: str) -> dict[str, list[str]]:
    """What stays English of each of these pages."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-CN"
    found = {}
    for name, address in addresses.items():
        response = client.get(address)
        if response.status_code != 405 and response.headers.get("Content-Type", "").startswith("text/html"):
            found[name] = english(re.sub("|".join(own) or "(?!)", "", response.content.decode()))
    return {name: left for name, left in found.items() if left}


# Pages that allauth has with our templates.
DOORS = {
    name: f"/accounts/{path}/"
    for name, path in {
        "in": "login", "up": "signup", "out": "logout", "changed": "password/change", "set": "password/set",
        "again": "reauthenticate", "reset": "password/reset", "sent": "password/reset/done",
        "done": "password/reset/key/done", "off": "inactive", "key": "password/reset/key/1-set-password",
    }.items()
}  # fmt: skip
SEARCHES = ("is:trashed", "nothing-like-this", "foo:bar", "kind:upscale is:hidden", "is:liked")


def test_pages_of_somebody_who_has_a_bit_of_everything(asked):
    plain = {route.name: reverse(route.name) for route in ours() if not route.parameters and "^" not in route.name}
    assert {"explore", "create", "my-images", "help", "settings-panel", "prompt-styles"} <= set(plain)
    pictures = {whose: reverse("image", args=[asked[whose].pk]) for whose in ("image", "theirs")}
    pictures["editor"] = reverse("image-edit", args=[asked["image"].pk])
    searches = {query: f"{reverse('my-images')}?{urlencode({'q': query})}" for query in SEARCHES}
    own = dict.fromkeys(("nothing-like-this", "foo"), "")
    assert unread(asked["client"], {**plain, **pictures, **searches, **DOORS}, **own) == {}


def test_a_picture_in_the_trash_and_those_that_strangers_see(asked):
    client, image = asked["client"], asked["image"]
    client.post(reverse("image-trash", args=[image.pk]))
    pictures = {whose: reverse("image", args=[asked[whose].pk]) for whose in ("image", "theirs")}
    assert unread(client, pictures) == {}
    client.logout()
    doors = {**DOORS, "explore": "/", "help": reverse("help"), "styles": reverse("styles"), "search": reverse("search")}
    assert unread(client, {"theirs": pictures["theirs"], **doors}) == {}


@pytest.mark.parametrize("person", ["anonymous", "stranger", "owner", "admin"])
def test_every_answer_of_every_address(clients, things, person):
    """Fragments and refusals too; what the things of these tests say is English, and left out."""
    client, found = clients[person], {}
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-CN"
    for name in sorted(name for name, route in ROUTES.items() if not route.is_api):
        with undone():
            response = ask(client, name, things)
        if response.status_code < 500 and response.headers.get("Content-Type", "").startswith("text/html"):
            found[name] = english(OF_TESTS.sub("", response.content.decode()))
    assert {name: left for name, left in found.items() if left} == {}


def test_forms_that_are_refused(client, alice):
    tries = [
        ("account_signup", {"username": "alice", "email": "not an address", "password1": "12345"}),
        ("account_login", {"login": "alice", "password": "wrong"}),
        ("account_signup", {}),
    ]
    for name, body in tries:
        page = client.post(reverse(name), body, HTTP_ACCEPT_LANGUAGE="zh-CN").content.decode()
        assert english(page.replace("not an address", "")) == []


def test_a_page_that_is_not_there(client):
    assert english(client.get("/nowhere", HTTP_ACCEPT_LANGUAGE="zh-CN").content.decode()) == []


def test_english_in_a_chinese_page_is_noticed():
    page = '<html lang="zh-hans"><p>Older pictures</p><p>更早</p><p lang="en">A boat</p><a title="Close">alice</a>'
    assert english(page) == ["p: Older pictures", "a@title: Close"]
