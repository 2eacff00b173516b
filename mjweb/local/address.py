"""Decide where the web listens, before anything starts, and say so in a way a browser understands."""

from __future__ import annotations

import errno
import http.client
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from mjweb.local.errors import BadPortError

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
_HIGHEST_PORT = 65535
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - looked up, not bound
_ANSWER_S = 2.0


@dataclass(frozen=True)
class Address:
    """Where the web server listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """What to open in a browser on this machine."""
        host = self.reachable_host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"

    @property
    def reachable_host(self) -> str:
        """A host by which this machine reaches the server, also when it listens on every interface."""
        return _EVERYWHERE.get(self.host, self.host)

    def answers(self, path: str) -> bool:
        """Whether a GET of that path says 200."""
        connection = http.client.HTTPConnection(self.reachable_host, self.port, timeout=_ANSWER_S)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def free_address(environment: Mapping[str, str]) -> Address:
    """The address that `MJWEB_HOST` and `MJWEB_PORT` name, found free; port 0 takes any free one.

    Raises:
        BadPortError: it is no port, or it is taken or forbidden.
    """
    host = environment.get("MJWEB_HOST") or DEFAULT_HOST
    port = _port(environment.get("MJWEB_PORT") or str(DEFAULT_PORT))
    try:
        family, kind, protocol, _, target = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            # As the web server does: connections of an earlier run that are still closing are no obstacle.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(target)
            return Address(host, probe.getsockname()[1])
    except OSError as error:
        raise BadPortError(_refusal(host, port, error)) from error


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= _HIGHEST_PORT:
        return int(text)
    raise BadPortError(f"MJWEB_PORT must be a number from 0 to {_HIGHEST_PORT}, not {text!r}.")


def _refusal(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is already in use: stop what uses it, or choose another with MJWEB_PORT."
    return f"mjweb cannot listen on port {port} of {host}: {error.strerror}."
