"""A picture that is shown without its words: every door that could tell them to somebody else, opened."""

from __future__ import annotations

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image as Pillow
from PIL import PngImagePlugin

from gallery.errors import PublicationNotFoundError
from gallery.models import Publication
from gallery.services.commenting import post_comment
from gallery.services.publishing import publish_image, publish_missed, unpublish_image
from gallery.services.sharing import show_words
from generation.errors import WordsKeptError
from generation.jobs import services
from generation.jobs.editing import Edit, edit_image
from generation.models import Image
from tests.factories import finish, finished_job, queued_job
from tests.generation.api.api_client import ApiClient

SECRET = "heliotrope"
PROMPT = f"a {SECRET} lantern --seed 712345 --no fog --style ink"
TOLD = (SECRET, "712345", "fog")


@pytest.fixture
def image(alice, checkpoint) -> Image:
    """Public, without its words; its file tells them, as those of the workers do."""
    made = list(finished_job(alice, PROMPT).images.order_by("index"))
    publish_missed()
    for image in made:
        _write_words_into(image)
    show_words(alice, made[0].pk, shown=False)
    return made[0]


def _write_words_into(image: Image) -> None:
    chunks = PngImagePlugin.PngInfo()
    chunks.add_text("parameters", PROMPT)
    chunks.add_itxt("mjweb", PROMPT)
    out = io.BytesIO()
    with default_storage.open(image.original_name) as file, Pillow.open(file) as opened:
        opened.save(out, "PNG", pnginfo=chunks)
    default_storage.delete(image.original_name)
    default_storage.save(image.original_name, ContentFile(out.getvalue()))


def tells(response) -> list[str]:
    """What of the words an answer gives away, in its body or its headers."""
    content = response.content.decode("latin-1") + str(dict(response.headers))
    return [told for told in TOLD if told in content]


PAGES = (
    ("image", ""),
    ("comments", ""),
    ("embed", ""),
    ("image-preview", ""),
    ("image-original", ""),
    ("image-original", "?download"),
    ("image-download", "?format=png"),
    ("image-download", "?format=webp"),
    ("image-download", "?format=jpeg"),
)


@pytest.mark.parametrize(("name", "query"), PAGES)
@pytest.mark.parametrize("who", ["visitor", "member"])
def test_no_page_and_no_file_of_it_tells_them(client, bob, image, name, query, who):
    if who == "member":
        client.force_login(bob)
    response = client.get(reverse(name, args=[image.pk]) + query)
    assert response.status_code == 200
    assert tells(response) == []


def test_no_rendition_is_called_by_them(client, image):
    assert tells(client.get(reverse("image-rendition", args=[image.pk, 640]))) == []


def test_the_file_is_the_same_picture_without_them(client, alice, image):
    bare = client.get(reverse("image-original", args=[image.pk])).content
    client.force_login(alice)
    whole = client.get(reverse("image-original", args=[image.pk]))
    assert SECRET in whole.content.decode("latin-1")
    with Pillow.open(io.BytesIO(bare)) as one, Pillow.open(io.BytesIO(whole.content)) as other:
        assert one.tobytes() == other.tobytes()
        assert one.info == {}


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/?feed=hot",
        "/people/alice/",
        "/styles/ink/",
        "/feeds/new.atom",
        "/feeds/hot.atom",
        "/people/alice/feed.atom",
        "/sitemap-pictures.xml",
        f"/search/?q={SECRET}",
        "/search/?q=style:ink",
        "/search/?q=seed:712345",
    ],
)
def test_no_list_tells_them(client, bob, image, address):
    client.force_login(bob)
    text = client.get(address).text.replace(f'value="{SECRET}"', "")
    assert "lantern" not in text
    assert str(image.pk) not in text or "q=" not in address


def test_lists_call_it_untitled(client, image):
    for address in ("/", "/people/alice/", "/feeds/new.atom", "/people/alice/feed.atom", "/feeds/hot.atom"):
        assert "Untitled" in client.get(address).text


def test_its_owner_still_reads_them(client, alice, image):
    client.force_login(alice)
    text = client.get(reverse("image", args=[image.pk])).text
    assert SECRET in text
    assert "712345" in text
    assert "Others see this picture without its words" in text
    assert SECRET in client.get("/").text


def test_programs_of_others_read_null(alice, bob, image):
    there = f"/api/v1/images/{image.pk}"
    told = ApiClient(bob).get(there).json()
    assert (told["prompt"], told["seed"], told["job"]) == (None, None, None)
    own = ApiClient(alice).get(there).json()
    assert (own["prompt"], own["seed"]) == (PROMPT, image.seed)
    listed = ApiClient(bob).get("/api/v1/publications").json()["results"]
    assert {one["image"]["prompt"] for one in listed} == {None}
    assert ApiClient(bob).get(f"/api/v1/images/{image.pk}/actions").json()["code"] == "words_kept"
    asked = {"action": "vary", "strength": "strong"}
    assert ApiClient(bob).post(f"/api/v1/images/{image.pk}/actions", asked).json()["code"] == "words_kept"


ACTS = {
    "upscale": services.upscale_image,
    "vary": services.vary_image,
    "zoom": services.zoom_image,
    "pan": lambda user, image_id: services.pan_image(user, image_id, direction="left"),
    "square": services.square_image,
    "edit": lambda user, image_id: edit_image(user, image_id, Edit(prompt="", mask=None)),
}


@pytest.mark.parametrize("act", ACTS)
def test_nobody_makes_a_job_of_their_own_out_of_them(alice, bob, image, act):
    with pytest.raises(WordsKeptError):
        ACTS[act](bob, image.pk)


def test_its_pixels_may_still_be_used_and_the_line_does_not_tell(client, alice, bob, image):
    used = finish(queued_job(bob, f"image:{image.pk} a boat"))
    remix = finish(queued_job(bob, "a boat on a lake", remix_of=image.pk)).images.get(index=1)
    client.force_login(bob)
    for made in (used.images.get(index=1), remix):
        assert tells(client.get(reverse("image", args=[made.pk]))) == []
    assert "Made from" in client.get(reverse("image", args=[remix.pk])).text
    assert client.get(f"/create/?remix={image.pk}").status_code == 409
    assert client.get(reverse("image-edit", args=[image.pk])).status_code == 409
    assert reverse("image-vary", args=[image.pk]) not in client.get(reverse("image", args=[image.pk])).text


def test_it_counts_for_the_whole_grid_and_for_what_its_owner_makes_of_it(alice, bob, image):
    assert set(Publication.objects.values_list("shows_prompt", flat=True)) == {False}
    finish(services.vary_image(alice, image.pk))
    finish(services.reroll_job(alice, image.job_id))
    finished_job(alice, "something else")
    publish_missed()
    shown = Publication.objects.filter(shows_prompt=True)
    assert {publication.image.job.prompt for publication in shown} == {"something else"}


def test_making_it_private_and_public_again_does_not_tell(client, alice, image):
    unpublish_image(alice, image.pk)
    publish_image(alice, image.pk)
    assert tells(client.get(reverse("image", args=[image.pk]))) == []


def test_they_are_shown_again_by_its_owner_alone(client, alice, bob, image):
    with pytest.raises(PublicationNotFoundError):
        show_words(bob, image.pk, shown=True)
    client.force_login(alice)
    assert client.post(reverse("image-words", args=[image.pk]), {"shown": "1"}).status_code == 302
    client.logout()
    assert SECRET in client.get(reverse("image", args=[image.pk])).text


def test_a_comment_below_it_is_notified_without_them(client, alice, bob, image, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        comment = post_comment(bob, image.pk, "Fine.")
    with django_capture_on_commit_callbacks(execute=True):
        post_comment(alice, image.pk, "Thank you.", answered=comment.pk)
    client.force_login(bob)
    assert tells(client.get("/notifications/")) == []
