"""Start everything on one machine, and stop it all again: what `make run` does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from mjweb.local.address import Address, free_address
from mjweb.local.connections import remember_connections
from mjweb.local.lock import sole_owner
from mjweb.local.paths import DataDirectory
from mjweb.local.postgres import Postgres
from mjweb.local.processes import Command, stop_orphans
from mjweb.local.product import product_tiers
from mjweb.local.supervisor import Supervisor
from mjweb.local.valkey import Valkey

Plan = Callable[[DataDirectory, Address, Mapping[str, str]], list[list[Command]]]


def run_everything(
    environment: Mapping[str, str],
    *,
    say: Callable[[str], None],
    warn: Callable[[str], None],
    plan: Plan = product_tiers,
) -> None:
    """Run the product until SIGINT, SIGTERM or SIGHUP; main thread only.

    Args:
        environment: read for `MJWEB_DATA`, `MJWEB_HOST`, `MJWEB_PORT`, `DATABASE_URL` and `REDIS_URL`, and given to
            every child.
        say: called once, with the address, when everything serves.
        warn: called with a sentence whenever a child had to be restarted.
        plan: the tiers above the servers.

    Raises:
        LocalError: in one sentence, why it does not run; nothing is left running.
    """
    data = DataDirectory.from_environment(environment)
    data.make()
    with sole_owner(data, "it has just been started") as announce:
        stop_orphans(data)
        address = free_address(environment)
        announce(address.url)
        data.make_secret_key()
        try:
            servers, connections = _own_servers(data, environment)
            everything = {**_defaults(), **environment, **connections, "MJWEB_DATA": str(data.root)}
            remember_connections(data, everything)
            tiers = [servers, *plan(data, address, everything)]
            Supervisor(data, tiers, warn=warn).run(on_ready=lambda: say(f"mjweb is ready: {address.url}"))
        finally:
            data.remove_sockets()


def _own_servers(data: DataDirectory, environment: Mapping[str, str]) -> tuple[list[Command], dict[str, str]]:
    """The servers nobody else provides, prepared, and the variables by which the product finds them."""
    commands: list[Command] = []
    connections: dict[str, str] = {}
    servers: Sequence[tuple[str, Postgres | Valkey]] = (("DATABASE_URL", Postgres(data)), ("REDIS_URL", Valkey(data)))
    for variable, server in servers:
        if not environment.get(variable):
            server.prepare()
            commands.append(server.command(environment))
            connections[variable] = server.url
    return commands, connections


def _defaults() -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "mjweb.settings.development",
        "PYTHONUNBUFFERED": "1",  # a log that lags is of no use when its process is killed
    }
