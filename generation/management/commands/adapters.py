"""`manage.py adapters`: which LoRAs, learned words, ControlNets and IP-Adapters people may add to a model."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from generation.jobs import adapters
from generation.management.actions import ActionsCommand
from generation.models import Adapter

_A_KIND = {"lora": "a LoRA", "embedding": "a learned word", "control": "a ControlNet", "image_prompt": "an IP-Adapter"}
_COLUMNS = ("NAME", "KIND", "FAMILY", "MB", "LICENSE", "FILE")


class Command(ActionsCommand):
    """Adds, lists, removes and verifies adapters. Workers ask for them with every job."""

    help = "The adapters of this server: add SOURCE, list, remove NAME, verify [NAME]."

    def add_arguments(self, parser: CommandParser) -> None:
        """One subcommand per thing to do."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        add = actions.add_parser("add", help="let people use one more LoRA, learned word, ControlNet or IP-Adapter")
        add.add_argument("source", help="a .safetensors file, or the folder of a ControlNet")
        add.add_argument("--name", help="what people call it; the file's name unless said")
        add.add_argument(
            "--encoder", help="the image encoder's folder of an IP-Adapter, unless image_encoder beside it"
        )
        add.add_argument("--family", choices=list(adapters.TITLES), help="what it fits, where its layers do not tell")
        add.add_argument("--license", help="where the file does not say it")
        actions.add_parser("list", help="all adapters")
        remove = actions.add_parser("remove", help="let no new job use an adapter; its file stays")
        remove.add_argument("name")
        verify = actions.add_parser("verify", help="read all files again and say which changed")
        verify.add_argument("name", nargs="?", help="all adapters unless said")

    def _add(self, options: dict[str, Any]) -> None:
        added = adapters.add_adapter(
            options["source"],
            name=options["name"],
            family=options["family"],
            license_name=options["license"],
            encoder=options["encoder"],
        )
        title = adapters.TITLES.get(added.family, added.family)
        self.stdout.write(f"{added.name}: {_A_KIND[added.kind]} for {title}, {_megabytes(added)} MB.")
        self.stdout.write(f"License: {added.license}." if added.license else "Its file names no license.")
        self.stdout.write(f"Added. Its word in a prompt is <{added.name}>." if added.kind == "embedding" else "Added.")

    def _list(self, options: dict[str, Any]) -> None:  # noqa: ARG002 - it takes none
        self.write_table([_COLUMNS, *map(_cells, Adapter.objects.usable().order_by("family", "name"))])

    def _remove(self, options: dict[str, Any]) -> None:
        removed = adapters.remove_adapter(options["name"])
        self.stdout.write(f"Removed {removed.name}. Its file stays where it is: {removed.source}.")

    def _verify(self, options: dict[str, Any]) -> None:
        rows = Adapter.objects.usable().order_by("name")
        chosen = [adapters.usable_adapter(options["name"])] if options["name"] else rows
        reports = [self._verify_one(row) for row in chosen]
        if any(reports):
            msg = "Not every adapter is as it was when it came."
            raise CommandError(msg)

    def _verify_one(self, adapter: Adapter) -> bool:
        """Whether it has changed."""
        change = adapters.changes_of(adapter)
        if change:
            self.stderr.write(f"{adapter.name}: {change}")
        else:
            self.stdout.write(f"{adapter.name}: its file is as it was.")
        return bool(change)


def _cells(adapter: Adapter) -> tuple[str, ...]:
    size = _megabytes(adapter)
    return adapter.name, adapter.get_kind_display(), adapter.family, size, adapter.license or "-", adapter.source


def _megabytes(adapter: Adapter) -> str:
    return f"{adapter.size_bytes / 1e6:,.1f}"
