"""What one person is told reaches their open pages, and nobody else's."""

import pytest
from asgiref.sync import sync_to_async

from gallery.services import standing
from gallery.services.notifying import mark_read
from tests.generation.realtime.test_consumers import connected

pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_follow_is_heard_by_whom_it_is_told_alone(alice, bob):
    theirs, own = await connected(alice), await connected(bob)
    await sync_to_async(standing.follow_person)(bob, "alice")
    assert await theirs.receive() == {"type": "notices", "schema": 1, "unread": 1}
    await sync_to_async(mark_read)(alice)
    assert (await theirs.receive())["unread"] == 0
    assert await own.hears_nothing()
    await sync_to_async(standing.block_person)(alice, "bob")
    assert (await theirs.receive())["unread"] == 0
    await theirs.disconnect()
    await own.disconnect()


async def test_people_who_are_muted_are_not_heard(alice, bob):
    await sync_to_async(standing.mute_person)(alice, "bob")
    theirs = await connected(alice)
    await sync_to_async(standing.follow_person)(bob, "alice")
    assert await theirs.hears_nothing()
    await theirs.disconnect()
