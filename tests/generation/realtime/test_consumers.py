"""The socket, through the real ASGI application and the real channel layer."""

import asyncio
import uuid
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test import Client
from django.utils import timezone

from generation.events.publish import publish
from generation.events.types import ImagesChanged
from generation.jobs.selectors import own_snapshots, snapshot
from generation.models import Job
from mjweb.asgi import application
from tests.factories import claimed, queued_job
from tests.sockets import PageSocket

pytestmark = pytest.mark.django_db(transaction=True)


def socket(user=None, origin=b"http://testserver"):
    """A socket of this person's browser."""
    headers = [(b"origin", origin), (b"host", b"testserver")]
    if user is not None:
        client = Client()
        client.force_login(user)
        headers.append((b"cookie", f"sessionid={client.cookies['sessionid'].value}".encode()))
    return PageSocket(application, "/ws/", headers)


async def connected(user):
    page = await sync_to_async(socket)(user)
    assert await page.connect()
    return page


async def test_a_stranger_is_closed():
    page = await sync_to_async(socket)()
    await page.connect()
    assert await page.receive() == 4401


async def test_a_page_of_another_origin_is_refused(alice):
    page = await sync_to_async(socket)(alice, origin=b"http://elsewhere.example")
    assert not await page.connect()


async def test_watching_answers_with_the_present_state(alice, checkpoint):
    job = await sync_to_async(queued_job)(alice)
    page = await connected(alice)
    await page.send({"type": "watch", "jobs": [str(job.pk)]})
    message = await page.receive()
    assert (message["job_id"], message["state"], message["position"]) == (str(job.pk), "queued", 1)
    await page.disconnect()


async def test_a_published_snapshot_reaches_every_page_of_the_owner_and_nobody_else(alice, bob, checkpoint):
    job = await sync_to_async(queued_job)(alice)
    first, second, other = await connected(alice), await connected(alice), await connected(bob)
    message = await sync_to_async(snapshot)(job)
    publish(message, owner_id=alice.pk)
    for page in (first, second):
        assert (await page.receive())["job_id"] == str(job.pk)
    assert await other.hears_nothing()
    for page in (first, second, other):
        await page.disconnect()


async def test_a_page_that_comes_back_hears_of_everything_since(alice, bob, checkpoint):
    await sync_to_async(queued_job)(bob)
    job = await sync_to_async(queued_job)(alice)
    old = await sync_to_async(queued_job)(alice)
    long_ago = timezone.now() - timedelta(seconds=100)
    await Job.objects.filter(pk=old.pk).aupdate(created_at=long_ago)
    page = await connected(alice)
    await page.send({"type": "watch", "since_s": 50})
    assert (await page.receive())["job_id"] == str(job.pk)
    assert await page.hears_nothing()
    await Job.objects.filter(pk=old.pk).aupdate(state="canceled", finished_at=timezone.now())
    await page.send({"type": "watch", "jobs": [str(job.pk)], "since_s": 50})
    heard = [await page.receive(), await page.receive()]
    assert [(one["job_id"], one["state"]) for one in heard] == [(str(old.pk), "canceled"), (str(job.pk), "queued")]
    assert await page.hears_nothing()
    await page.disconnect()


async def test_what_becomes_of_pictures_reaches_every_page_of_their_owner(alice, checkpoint):
    page = await connected(alice)
    publish(ImagesChanged(change="trashed", image_ids=("1",), job_ids=("2",)), owner_id=alice.pk)
    message = await page.receive()
    assert message == {"type": "images", "schema": 1, "change": "trashed", "image_ids": ["1"], "job_ids": ["2"]}
    await page.disconnect()


async def test_many_jobs_are_told_in_few_queries(alice, checkpoint):
    from django.test.utils import CaptureQueriesContext

    def told() -> tuple[int, int]:
        jobs = [queued_job(alice).pk for _ in range(5)]
        with CaptureQueriesContext(connection) as queries:
            return len(own_snapshots(alice, jobs, since=timedelta(seconds=50))), len(queries)

    assert await sync_to_async(told)() == (5, 5)


async def test_the_jobs_of_others_are_not_told(alice, bob, checkpoint):
    job = await sync_to_async(queued_job)(alice)
    page = await connected(bob)
    await page.send({"type": "watch", "jobs": [str(job.pk)]})
    assert await page.hears_nothing()
    await page.disconnect()


async def test_a_page_that_comes_back_in_mid_grid_sees_the_last_preview(alice, checkpoint):
    job = await sync_to_async(queued_job)(alice)
    await sync_to_async(claimed)(job)
    await sync_to_async(job.refresh_from_db)()
    preview = "data:image/webp;base64,AAAA"
    publish(await sync_to_async(snapshot)(job, preview=preview), owner_id=alice.pk)
    page = await connected(alice)
    for _ in range(20):
        await page.send({"type": "watch", "jobs": [str(job.pk)]})
        message = await page.receive()
        if message["preview"]:
            break
        await asyncio.sleep(0.05)
    assert message["preview"] == preview
    await page.disconnect()


@pytest.mark.parametrize(
    "message",
    [
        "not json",
        "[1, 2]",
        '{"type": "watch", "jobs": 7}',
        '{"type": "watch", "jobs": ["x"]}',
        '{"type": "watch", "since_s": "x"}',
        '{"type": "watch", "since_s": -1}',
        '{"type": "watch", "since_s": true}',
        '{"type": "watch", "since_s": NaN}',
        '{"type": "watch", "since_s": Infinity}',
    ],
)
async def test_unreadable_messages_harm_nobody(alice, message):
    page = await connected(alice)
    await page.send(message)
    await asyncio.sleep(0.05)
    await page.disconnect()
    again = await connected(alice)
    await again.send({"type": "watch", "jobs": [str(uuid.uuid4())]})
    assert await again.hears_nothing()
    await again.disconnect()
