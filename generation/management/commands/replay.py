"""`manage.py replay JOB`: paint a job's pictures once more and say whether they are the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from generation.errors import GenerationError
from generation.models import Job

if TYPE_CHECKING:
    from generation.workers.replaying import Replayed


class Command(BaseCommand):
    """Shows that a job's row is enough to make its pictures again."""

    help = "Paints the pictures of a finished job once more and compares them with those that were kept."

    def add_arguments(self, parser: CommandParser) -> None:
        """The job, and where the new pictures go."""
        parser.add_argument("job", type=UUID, help="the job's id, as the API names it")
        parser.add_argument("--out", type=Path, help="a folder for the pictures as PNG; none are written unless said")

    def handle(self, *args: Any, job: UUID, out: Path | None, **options: Any) -> None:  # noqa: ARG002 - Django's
        """Ends with status 1 where a picture came out differently."""
        from generation.workers import replaying  # noqa: PLC0415 - only this command needs the engine

        found = Job.objects.select_related("checkpoint", "source").filter(pk=job).first()
        if found is None:
            msg = f"There is no job {job}."
            raise CommandError(msg)
        try:
            replayed = replaying.replay(found, tell=self._tell)
        except GenerationError as error:
            raise CommandError(error.sentence) from error
        for one in replayed:
            self.stdout.write(_sentence(one))
            if out is not None:
                self.stdout.write(f"  {replaying.write_picture(one, out)}")
        if different := [one for one in replayed if one.levels]:
            made = ", ".join(f"{name} {value}" for name, value in sorted(found.made_with.items()))
            msg = f"{len(different)} of {len(replayed)} came out differently. Made with: {made or 'nobody noted it'}."
            raise CommandError(msg)

    def _tell(self, step: int, steps: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\rstep {step} of {steps}", ending="\n" if step == steps else "")


def _sentence(one: Replayed) -> str:
    name = f"Picture {one.image.index} (seed {one.image.seed})"
    if not one.levels:
        return f"{name}: the same, bit for bit."
    return f"{name}: {100 * one.share:.3g} % of its pixels differ, by {one.levels} of 255 levels at most."
