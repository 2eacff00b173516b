"""The gallery's background work."""

import time
from typing import Final

from celery import shared_task

from gallery import search
from gallery.services import ageing, digests, leaving, notifying, publishing, reporting

WRITES_FOR_S: Final = 1.5
"""The worker of the sweeps has one process: others wait behind it."""


@shared_task(name="gallery.publish_missed")  # type: ignore[untyped-decorator]
def publish_missed() -> None:
    """Sweeps for public pictures whose signal was lost."""
    publishing.publish_missed()
    reporting.ask_for_missed()


@shared_task(name="gallery.write_missing_words")  # type: ignore[untyped-decorator]
def write_missing_words() -> None:
    """Makes publications findable that were forgotten, for some seconds at a time."""
    until = time.monotonic() + WRITES_FOR_S
    while search.write_missing_words() and time.monotonic() < until:
        pass


@shared_task(name="gallery.lower_recency")  # type: ignore[untyped-decorator]
def lower_recency() -> None:
    """Takes what is no longer of today, of the week or of the month out of their indexes."""
    ageing.lower_recency()


@shared_task(name="gallery.send_digests")  # type: ignore[untyped-decorator]
def send_digests() -> None:
    """Sends the mails that are due to those who wish them."""
    digests.send_digests()


@shared_task(name="gallery.sweep_notifications")  # type: ignore[untyped-decorator]
def sweep_notifications() -> None:
    """Removes notifications that are ninety days old."""
    notifying.sweep_notifications()


@shared_task(name="gallery.finish_leavings")  # type: ignore[untyped-decorator]
def finish_leavings() -> None:
    """Removes what is left of accounts that are being deleted."""
    leaving.finish_leavings()
