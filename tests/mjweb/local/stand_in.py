"""`manage.py up` with a small web server in the product's place: `python -m tests.mjweb.local.stand_in`."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from mjweb.local.address import Address
from mjweb.local.errors import LocalError
from mjweb.local.paths import DataDirectory
from mjweb.local.processes import Command
from mjweb.local.up import run_everything

NOTE = "import os, pathlib; pathlib.Path(os.environ['MJWEB_DATA'], 'urls').write_text(os.environ['DATABASE_URL'])"
# Its own child is what a prefork worker's would be.
STUBBORN = "import signal, subprocess; signal.signal(signal.SIGTERM, signal.SIG_IGN); subprocess.run(['sleep', '600'])"


def plan(data: DataDirectory, address: Address, environment: Mapping[str, str]) -> list[list[Command]]:
    """A one-shot, then a web server, and what the variable STAND_IN asks for."""

    def python(name: str, *arguments: str, **options: object) -> Command:
        return Command(name=name, argv=(sys.executable, *arguments), environment=environment, **options)  # type: ignore[arg-type]

    serve = ("-m", "http.server", "--bind", address.host, str(address.port))
    web = python("web", *serve, folder=data.logs, is_ready=lambda _: address.answers("/"))
    extra = {
        "stubborn": python("stubborn", "-c", STUBBORN, stop_timeout_s=60.0),
        # Never ready: on a quick machine the web would be up, and all of it running, before this one has ended.
        "failing": python("failing", "-c", "raise SystemExit('the model is gone')", is_ready=lambda _: False),
        "late": python("late", "-c", "import signal; signal.pause()", is_ready=lambda _: False, ready_timeout_s=1.0),
    }
    wanted = environment.get("STAND_IN")
    return [[python("note", "-c", NOTE, once=True)], [web, *([extra[wanted]] if wanted else [])]]


if __name__ == "__main__":
    try:
        run_everything(
            os.environ,
            say=lambda line: print(line, flush=True),  # noqa: T201
            warn=lambda line: print(line, file=sys.stderr, flush=True),  # noqa: T201
            plan=plan,
        )
    except LocalError as error:
        sys.exit(str(error))
