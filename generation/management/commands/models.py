"""`manage.py models`: which models this server renders with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from generation.jobs import checkpoints
from generation.jobs.presence import workers_by_checkpoint
from generation.management.actions import ActionsCommand
from generation.models import Checkpoint

_COLUMNS = ("NAME", "TITLE", "NATIVE", "MB", "LICENSE", "DEFAULT", "WORKERS")
_RIGHT = {"NATIVE", "MB"}


class Command(ActionsCommand):
    """Adds, lists, removes and verifies models. The workers notice within seconds."""

    help = "The models of this server: add SOURCE, list, remove NAME, default NAME, verify [NAME]."

    def add_arguments(self, parser: CommandParser) -> None:
        """One subcommand per thing to do."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        add = actions.add_parser("add", help="let people use one more model")
        add.add_argument("source", help="a folder in diffusers layout, a .safetensors file, or a hub id")
        add.add_argument("--like", help="for a file: a whole model of its kind (name, folder or hub id)")
        add.add_argument("--name", help="what people type after --model; the folder's name unless said")
        add.add_argument("--title", help="what people read; made of the name unless said")
        add.add_argument("--default", action="store_true", help="new pictures are made with it from now on")
        actions.add_parser("list", help="all models, and which workers serve them now")
        remove = actions.add_parser("remove", help="let no new job use a model; its files stay")
        remove.add_argument("name")
        default = actions.add_parser("default", help="make new pictures with this model from now on")
        default.add_argument("name")
        verify = actions.add_parser("verify", help="read all weights again and say which file changed")
        verify.add_argument("name", nargs="?", help="all models unless said")

    def _add(self, options: dict[str, Any]) -> None:
        added = checkpoints.add_checkpoint(
            options["source"],
            name=options["name"],
            title=options["title"],
            like=options["like"],
            makes_default=options["default"],
        )
        count = len(added.weights)
        files = "1 file" if count == 1 else f"{count} files"
        self.stdout.write(f"{added.title}: {added.card.native_px} px, {_megabytes(added)} MB of weights in {files}.")
        self.stdout.write(f"License: {added.license}." if added.license else "Its folder names no license.")
        self.stdout.write(f"Added. People use it with --model {added.name}, or choose it on the Create page.")
        if options["default"]:
            self._warn_of_the_environment()

    def _list(self, options: dict[str, Any]) -> None:  # noqa: ARG002 - it takes none
        workers = workers_by_checkpoint()
        rows = Checkpoint.objects.usable().order_by("-is_default", "name")
        self.write_table([_COLUMNS, *(_cells(row, workers.get(row.name, [])) for row in rows)], right=_RIGHT)

    def _remove(self, options: dict[str, Any]) -> None:
        removed = checkpoints.remove_checkpoint(options["name"])
        self.stdout.write(f"Removed {removed.name}. Its files stay where they are: {removed.source}.")

    def _default(self, options: dict[str, Any]) -> None:
        default = checkpoints.set_default_checkpoint(options["name"])
        self.stdout.write(f"New pictures are made with {default.name} where nobody says another.")
        self._warn_of_the_environment()

    def _warn_of_the_environment(self) -> None:
        if settings.MJWEB_CHECKPOINT_IS_NAMED:
            named = settings.MJWEB_CHECKPOINT
            self.stdout.write(f"MJWEB_CHECKPOINT is set: from the next start on it is {named} again.")

    def _verify(self, options: dict[str, Any]) -> None:
        rows = Checkpoint.objects.usable().order_by("name")
        chosen = [checkpoints.usable_checkpoint(options["name"])] if options["name"] else rows
        reports = [self._verify_one(row) for row in chosen]
        if any(reports):
            msg = "Not every model is as it was when it came."
            raise CommandError(msg)

    def _verify_one(self, checkpoint: Checkpoint) -> bool:
        """Whether anything has changed."""
        changes = checkpoints.changes_of(checkpoint)
        for change in changes:
            self.stderr.write(f"{checkpoint.name}: {change}")
        if not changes:
            self.stdout.write(f"{checkpoint.name}: all {len(checkpoint.weights)} files are as they were.")
        return bool(changes)


def _cells(checkpoint: Checkpoint, workers: Sequence[str]) -> tuple[str, ...]:
    return (
        checkpoint.name,
        checkpoint.title,
        f"{checkpoint.card.native_px} px",
        _megabytes(checkpoint),
        checkpoint.license or "-",
        "yes" if checkpoint.is_default else "",
        ", ".join(workers) or "none",
    )


def _megabytes(checkpoint: Checkpoint) -> str:
    return f"{checkpoint.size_bytes / 1e6:,.0f}"
