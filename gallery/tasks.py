"""The gallery's background work."""

from celery import shared_task

from gallery.services import publishing


@shared_task(name="gallery.publish_missed")  # type: ignore[untyped-decorator]
def publish_missed() -> None:
    """Sweeps for public pictures whose signal was lost."""
    publishing.publish_missed()
