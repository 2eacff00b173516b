"""Buttons for many pictures, and those beside one."""

from __future__ import annotations

import html
import io
import json
import re
import uuid
import zipfile

import pytest
from asgiref.sync import async_to_sync
from django.urls import reverse

from generation.jobs import collecting, organizing
from generation.models import Collection, CollectionItem, Image, Like, SavedSearch, Visibility
from tests.factories import finished_job

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/my/images/?q=in%3ACoast"}


@pytest.fixture
def signed_in(client, alice):
    client.force_login(alice)
    return client


@pytest.fixture
def grid(alice, checkpoint):
    return list(finished_job(alice).images.order_by("index"))


def joined(images) -> str:
    return " ".join(str(image.pk) for image in images)


def press(client, address: str, images, **values):
    return client.post(reverse(address), {"images": joined(images), **values}, headers=HTMX)


def undo(client, response):
    button = re.search(r'hx-post="([^"]+)" hx-vals="([^"]+)"[^>]*data-deed', response.text)
    return client.post(button[1], json.loads(html.unescape(button[2])), headers=HTMX)


def test_the_trash_can_be_undone_from_its_toast(signed_in, grid):
    response = press(signed_in, "images-trash", grid[:2])
    assert "2 pictures moved to the trash." in response.text
    assert Image.objects.count() == 2
    assert "2 pictures restored." in undo(signed_in, response).text
    assert Image.objects.count() == 4


@pytest.mark.parametrize(
    ("name", "values", "sentence"),
    [
        ("images-like", {}, "You like these 2 pictures."),
        ("images-like", {"liked": "0"}, "You no longer like these 2 pictures."),
        ("images-hide", {}, "2 pictures hidden. is:hidden finds them."),
        ("images-hide", {"hidden": "0"}, "2 pictures shown again."),
        ("images-publish", {}, "Everybody can see these 2 pictures."),
        ("images-unlist", {}, "Whoever has their addresses can see these 2 pictures."),
        ("images-unpublish", {}, "Only you can see these 2 pictures."),
        ("images-restore", {}, "2 pictures restored."),
    ],
)
def test_each_says_what_it_did_and_brings_the_shelf(signed_in, grid, name, values, sentence):
    response = press(signed_in, name, grid[:2], **values)
    assert sentence in response.text
    assert 'id="shelf" aria-label="Collections" hx-swap-oob="true"' in response.text


def test_hiding_and_publishing_can_be_undone_and_nothing_more_than_they_did(signed_in, alice, grid):
    undo(signed_in, press(signed_in, "images-hide", grid))
    assert not Image.objects.filter(is_hidden=True).exists()
    organizing.set_visibility(alice, [grid[0].pk], Visibility.PRIVATE)
    undo(signed_in, press(signed_in, "images-publish", grid))
    assert Image.objects.get(visibility="private") == grid[0]
    assert "hx-vals" not in press(signed_in, "images-publish", grid[1:]).text


def test_the_shelf_in_the_answer_is_that_of_the_page_it_came_from(signed_in, alice, grid):
    coast = collecting.create_collection(alice, "Coast")
    response = press(signed_in, "images-collect", grid, collection=str(coast.pk))
    assert "4 pictures in Coast." in response.text
    assert re.search(r'q=in%3ACoast" aria-current="true"', response.text)
    taken = press(signed_in, "images-collect", grid[:1], collection=str(coast.pk), collected="0")
    assert "1 picture taken out of Coast." in taken.text
    assert CollectionItem.objects.count() == 3
    undo(signed_in, taken)
    assert CollectionItem.objects.count() == 4


@pytest.mark.parametrize(
    "name", ["like", "trash", "restore", "hide", "publish", "unlist", "unpublish", "collect", "zip"]
)
def test_what_is_not_yours_is_not_there_and_nonsense_is_refused(signed_in, alice, bob, grid, name):
    values = {"collection": str(collecting.create_collection(alice, "Coast").pk)}
    theirs = finished_job(bob, "a boat --stealth").images.get(index=1)
    assert press(signed_in, f"images-{name}", [*grid, theirs], **values).status_code == 404
    for wrong in ("", "nonsense", f"{grid[0].pk},{grid[1].pk}"):
        assert signed_in.post(reverse(f"images-{name}"), {"images": wrong, **values}).status_code == 422


def test_without_a_script_the_page_comes_back(signed_in, grid):
    response = signed_in.post(reverse("images-trash"), {"images": joined(grid)})
    assert (response.status_code, response.url) == (302, reverse("my-images"))


def test_a_new_collection_takes_the_chosen_pictures(signed_in, bob, grid):
    assert "4 pictures in Coast." in press(signed_in, "collection-create", grid, name="Coast").text
    assert CollectionItem.objects.filter(collection__name="Coast").count() == 4
    theirs = finished_job(bob, "a boat --stealth").images.get(index=1)
    assert press(signed_in, "collection-create", [theirs], name="Other").status_code == 404
    assert Collection.objects.count() == 1


def test_collections_and_searches_lead_to_where_they_are(signed_in, alice, db):
    made = signed_in.post(reverse("collection-create"), {"name": "My coast"}, headers=HTMX)
    assert made["HX-Redirect"] == "/my/images/?q=in%3A%22My+coast%22"
    coast = Collection.objects.get()
    renamed = signed_in.post(reverse("collection-rename", args=[coast.pk]), {"name": "Boats"})
    assert renamed.url == "/my/images/?q=in%3ABoats"
    second = collecting.create_collection(alice, "Second")
    signed_in.post(reverse("collection-shift", args=[coast.pk]), {"way": "later"})
    assert [folder.collection for folder in collecting.folders_of(alice)] == [second, coast]
    signed_in.post(reverse("collection-move", args=[second.pk]), {"parent": str(coast.pk)})
    assert [folder.path for folder in collecting.folders_of(alice)] == [("Boats",), ("Boats", "Second")]
    signed_in.post(reverse("collection-delete", args=[second.pk]))
    refused = signed_in.post(reverse("collection-create"), {"name": "boats"}, headers=HTMX)
    assert (refused.status_code, "already" in refused.text) == (422, True)
    saved = signed_in.post(reverse("search-save"), {"name": "mine", "q": "in:Boats is:liked"})
    assert saved.url == "/my/images/?q=in%3ABoats+is%3Aliked"
    signed_in.post(reverse("search-forget", args=[SavedSearch.objects.get().pk]))
    signed_in.post(reverse("collection-delete", args=[coast.pk]))
    assert Collection.objects.count() == SavedSearch.objects.count() == 0


def test_the_zip_is_streamed(signed_in, grid):
    response = signed_in.post(reverse("images-zip"), {"images": joined(grid[::-1])})

    async def read() -> bytes:
        return b"".join([chunk async for chunk in response])

    content = async_to_sync(read)()
    assert response["Content-Type"] == "application/zip"
    assert int(response["Content-Length"]) == len(content)
    assert re.fullmatch(r'attachment; filename="mjweb-\d{4}-\d\d-\d\d.zip"', response["Content-Disposition"])
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        assert [name[-5:] for name in opened.namelist()] == ["4.png", "3.png", "2.png", "1.png"]


def test_one_picture_is_liked_and_the_buttons_say_so(signed_in, grid):
    address = reverse("image-like", args=[grid[0].pk])
    response = signed_in.post(address, {"liked": "1"}, headers=HTMX)
    assert 'aria-pressed="true"' in response.text
    assert json.loads(response["HX-Trigger"]) == {"organized": {"deed": "like", "images": [str(grid[0].pk)]}}
    assert 'aria-pressed="true"' not in signed_in.post(address, {"liked": "0"}, headers=HTMX).text
    assert Like.objects.count() == 0


def test_one_picture_goes_to_the_trash_and_comes_back(signed_in, grid):
    response = signed_in.post(reverse("image-trash", args=[grid[0].pk]), headers=HTMX)
    assert "In the trash since" in response.text
    response = signed_in.post(reverse("image-restore", args=[grid[0].pk]), headers=HTMX)
    assert "Like" in response.text
    assert signed_in.post(reverse("image-trash", args=[grid[0].pk])).url == reverse("my-images")


def test_one_picture_is_put_into_a_collection_and_taken_out(signed_in, alice, grid):
    coast = collecting.create_collection(alice, "Coast")
    address = reverse("collection-add", args=[grid[0].pk, coast.pk])
    assert re.search(r'aria-pressed="true">.*Coast', signed_in.post(address, headers=HTMX).text)
    assert CollectionItem.objects.count() == 1
    signed_in.post(address, {"collected": "0"}, headers=HTMX)
    assert CollectionItem.objects.count() == 0


def test_what_others_show_can_be_liked_and_no_more(client, bob, grid):
    client.force_login(bob)
    response = client.post(reverse("image-like", args=[grid[0].pk]), headers=HTMX)
    assert 'aria-pressed="true"' in response.text
    assert "Trash" not in response.text
    assert client.post(reverse("image-trash", args=[grid[0].pk]), headers=HTMX).status_code == 404
    assert client.post(reverse("image-like", args=[uuid.uuid4()]), headers=HTMX).status_code == 404


def test_a_picture_in_the_trash_is_its_owners_alone(client, alice, bob, grid):
    organizing.trash_images(alice, [grid[0].pk])
    file, page = reverse("image-rendition", args=[grid[0].pk, 320]), reverse("image", args=[grid[0].pk])
    for person in (None, bob):
        if person:
            client.force_login(person)
        assert (client.get(file).status_code, client.get(page).status_code) == (404, 404)
    client.force_login(alice)
    assert client.get(file).status_code == 200
    shown = client.get(page).text
    assert "In the trash since" in shown
    assert reverse("image-upscale", args=[grid[0].pk]) not in shown
    assert "In the trash since" not in client.get(reverse("image", args=[grid[1].pk])).text
