"""Follow, mute, block: what each changes for whom, over pages, files, the API, comments and likes."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from gallery.errors import KeepsOrderError, OneselfError, PersonNotFoundError, PublicationNotFoundError
from gallery.models import Block, Follow, Mute, Notification, NotificationKind
from gallery.selectors.feeds import Feed, explore_feed
from gallery.selectors.people import profile_page
from gallery.services import standing
from gallery.services.commenting import post_comment
from gallery.services.liking import like_picture
from gallery.services.notifying import tell
from gallery.services.publishing import publish_missed
from generation.errors import ImageNotFoundError
from generation.models import Image
from mjweb.accounts.models import ApiToken, User
from tests.factories import finished_job
from tests.gallery.order import moderators

SERVICES = [
    (standing.follow_person, standing.unfollow_person, Follow),
    (standing.mute_person, standing.unmute_person, Mute),
    (standing.block_person, standing.unblock_person, Block),
]


@pytest.fixture
def carol(db) -> User:
    return User.objects.create_user("carol", "carol@example.com", "paper clip moon")


@pytest.fixture
def image(alice, checkpoint) -> Image:
    image = finished_job(alice, "a red lighthouse").images.get(index=1)
    publish_missed()
    return image


def seen(user) -> set[str]:
    """Whose pictures Explore shows to somebody."""
    return {publication.author.username for publication in explore_feed(user).rows}


@pytest.mark.parametrize(("on", "off", "model"), SERVICES)
def test_each_can_be_repeated_and_taken_back(alice, bob, on, off, model):
    for _ in range(2):
        assert on(alice, "BOB") == bob
        assert model.objects.count() == 1
    for _ in range(2):
        assert off(alice, "bob") == bob
        assert model.objects.count() == 0


@pytest.mark.parametrize("service", [service for on, off, _ in SERVICES for service in (on, off)])
def test_nobody_does_it_to_themselves_or_to_nobody(alice, service):
    with pytest.raises(OneselfError):
        service(alice, "alice")
    with pytest.raises(PersonNotFoundError):
        service(alice, "nobody-here")


def test_following_brings_their_pictures_into_the_feed(alice, bob, image):
    assert explore_feed(bob, feed=Feed.FOLLOWING).rows == []
    standing.follow_person(bob, "alice")
    assert {row.author for row in explore_feed(bob, feed=Feed.FOLLOWING).rows} == {alice}
    head = profile_page(bob, "alice")
    assert (head.followers, head.standing.follows, head.standing.is_followed) == (1, True, False)
    assert profile_page(alice, "bob").standing.is_followed


def test_a_mute_hides_from_the_lists_of_the_muter_alone(alice, bob, image, client):
    standing.mute_person(bob, "alice")
    assert (seen(bob), seen(alice), seen(AnonymousUser())) == (set(), {"alice"}, {"alice"})
    client.force_login(bob)
    assert client.get(reverse("image", args=[image.pk])).status_code == HTTPStatus.OK
    page = client.get(reverse("people", args=["alice"]))
    assert page.status_code == HTTPStatus.OK
    assert "You have muted alice" in page.text
    assert not profile_page(alice, "bob").standing.mutes


@pytest.mark.parametrize("blocks", [("alice", "bob"), ("bob", "alice")])
def test_a_block_hides_everything_both_ways(alice, bob, image, client, blocks):
    people = {"alice": alice, "bob": bob}
    standing.block_person(people[blocks[0]], blocks[1])
    assert (seen(bob), seen(alice)) == (set(), {"alice"})
    client.force_login(bob)
    addresses = [
        reverse("people", args=["alice"]),
        reverse("people-likes", args=["alice"]),
        reverse("people-spotlight", args=["alice"]),
        reverse("people-followers", args=["alice"]),
        reverse("people-following", args=["alice"]),
        reverse("image", args=[image.pk]),
        reverse("image-rendition", args=[image.pk, 320]),
        reverse("image-original", args=[image.pk]),
        reverse("image-download", args=[image.pk]),
        reverse("comments", args=[image.pk]),
        reverse("api-image", args=[image.pk]),
        reverse("api-person", args=["alice"]),
        reverse("api-publication", args=[image.pk]),
    ]
    assert {client.get(address).status_code for address in addresses} == {HTTPStatus.NOT_FOUND}
    assert "alice" not in client.get(reverse("explore")).text
    token = ApiToken.issue(owner=bob, name="test")
    listed = client.get(reverse("api-publications"), headers={"Authorization": f"Bearer {token}"})
    assert listed.json()["results"] == []


@pytest.mark.parametrize("blocks", [("alice", "bob"), ("bob", "alice")])
def test_neither_can_act_on_the_other(alice, bob, image, blocks):
    people = {"alice": alice, "bob": bob}
    standing.block_person(people[blocks[0]], blocks[1])
    with pytest.raises(PublicationNotFoundError):
        post_comment(bob, image.pk, "hello")
    with pytest.raises(ImageNotFoundError):
        like_picture(bob, image.pk)
    for person, name in ((alice, "bob"), (bob, "alice")):
        with pytest.raises(PersonNotFoundError):
            standing.follow_person(person, name)


def test_a_remix_of_a_blocked_persons_picture_is_refused(alice, bob, image, client):
    standing.block_person(alice, "bob")
    client.force_login(bob)
    answer = client.post(reverse("image-vary", args=[image.pk]), {"strength": "strong"})
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "a red lighthouse" not in client.get(reverse("create"), {"remix": str(image.pk)}).text


def test_comments_of_blocked_people_are_hidden_from_each_other_and_from_nobody_else(alice, bob, carol, image, client):
    post_comment(bob, image.pk, "bobs word")
    post_comment(alice, image.pk, "alices word")
    standing.block_person(carol, "bob")
    said = {}
    for person in (alice, carol):
        client.force_login(person)
        said[person.username] = client.get(reverse("comments", args=[image.pk])).text
    assert "bobs word" in said["alice"]
    assert "bobs word" not in said["carol"]
    assert "alices word" in said["carol"]


def test_a_block_ends_follows_and_takes_out_what_was_told(alice, bob, carol):
    standing.follow_person(alice, "bob")
    standing.follow_person(bob, "alice")
    for person in (bob, carol):
        tell(alice, NotificationKind.FOLLOWED, person=person)
    tell(bob, NotificationKind.FOLLOWED, person=alice)
    standing.block_person(alice, "bob")
    assert not Follow.objects.exists()
    assert not Notification.objects.filter(recipient=bob).exists()
    line = Notification.objects.get(recipient=alice)
    assert (line.people_count, line.people.get().person) == (1, carol)
    standing.unblock_person(alice, "bob")
    assert profile_page(bob, "alice").person == alice


def test_both_may_block_and_one_taking_it_back_changes_nothing(alice, bob):
    standing.block_person(alice, "bob")
    standing.block_person(bob, "alice")
    standing.unblock_person(alice, "bob")
    with pytest.raises(PersonNotFoundError):
        profile_page(alice, "bob")


def test_moderators_are_muted_and_not_blocked(alice, bob):
    bob.groups.add(moderators())
    with pytest.raises(KeepsOrderError):
        standing.block_person(alice, "bob")
    standing.mute_person(alice, "bob")


def test_a_feed_asks_no_further_query_for_it(alice, bob, image, client, django_assert_num_queries):
    client.force_login(bob)
    client.get(reverse("explore"))
    with django_assert_num_queries(1):
        list(explore_feed(bob).rows)
    standing.block_person(bob, "alice")
    with django_assert_num_queries(1):
        list(explore_feed(bob).rows)


# --- pages


def test_follow_swaps_the_buttons_and_the_count(client, alice, bob):
    client.force_login(alice)
    answer = client.post(reverse("people-follow", args=["bob"]), {"on": "1"}, headers={"HX-Request": "true"})
    assert "Following" in answer.text
    assert 'id="followers-count" hx-swap-oob="true"' in answer.text
    assert "<b>1</b> follower<" in answer.text.replace("\n", "")
    answer = client.post(reverse("people-follow", args=["bob"]), {"on": "0"}, headers={"HX-Request": "true"})
    assert "<b>0</b> followers" in answer.text
    assert client.post(reverse("people-follow", args=["bob"]), {"on": "1"}).status_code == HTTPStatus.FOUND


def test_blocked_and_muted_people_stand_on_a_page_of_their_own(client, alice, bob, carol):
    client.force_login(alice)
    page = client.post(reverse("people-block", args=["bob"]), follow=True)
    assert "bob is blocked." in page.text
    assert "Unblock bob" in page.text
    client.post(reverse("people-mute", args=["carol"]))
    assert "Unmute carol" in client.get(reverse("standing")).text
    page = client.post(reverse("people-block", args=["bob"]), {"on": "0"}, follow=True)
    assert "You have blocked nobody." in page.text


def test_followers_are_listed_a_page_at_a_time(client, alice, django_assert_max_num_queries):
    people = [User.objects.create_user(f"fan{chr(97 + at // 26)}{chr(97 + at % 26)}") for at in range(45)]
    for person in people:
        standing.follow_person(person, "alice")
    with django_assert_max_num_queries(2):
        first = client.get(reverse("people-followers", args=["alice"]))
    assert first.text.count('<span class="who__mark"') == 40
    cursor = first.context["page"].next_cursor
    second = client.get(reverse("people-followers", args=["alice"]), {"cursor": cursor})
    assert second.text.count('<span class="who__mark"') == 5
    assert "alice" in client.get(reverse("people-following", args=["fanaa"])).text
