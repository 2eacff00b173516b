"""Pictures that a prompt names by their address, fetched by the server without becoming anybody's way into its network.

The web process fetches them while a prompt is submitted: whoever typed a dead address learns of it beside their words,
and a job never waits for somebody else's server. It holds a thread for `WITHIN_S` at most, whoever is at the other end.

Guarded at the one place that cannot be talked round: where a connection is made. The name is resolved once, each of its
addresses must be a public one, and the connection goes to the very address that was looked at. Redirects pass the
same door.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import httpcore

from generation.errors import PictureRefusedError
from mjweb.common.saying import say

MOST_BYTES: Final = 10 * 1024 * 1024
WITHIN_S: Final = 10.0
MOST_REDIRECTS: Final = 3
PORTS: Final = frozenset({80, 443, 8080, 8443})
"""Where pictures are served; others belong to other services, some of which take any line for a command."""
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_HEADERS: Final = (("User-Agent", "mjweb"), ("Accept", "image/*"), ("Accept-Encoding", "identity"))
_SHOWN: Final = 60
_LOOKUPS: Final = ThreadPoolExecutor(max_workers=8, thread_name_prefix="lookup")
"""The resolver knows no time limit: whoever waits for it may leave, and it ends by itself."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment by which all must be done, by the monotonic clock."""

    at_s: float

    @classmethod
    def within(cls, seconds: float) -> Deadline:
        """So many seconds from now."""
        return cls(time.monotonic() + seconds)

    def left_s(self) -> float:
        """Seconds until then, above 0; raises TimeoutError when there are none."""
        left = self.at_s - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def fetch(address: str, deadline: Deadline | None = None) -> bytes:
    """What lies at an http(s) address, at most `MOST_BYTES`; nobody has looked at it yet.

    deadline: may be shared by several; `WITHIN_S` from now unless said.

    Raises:
        PictureRefusedError: the address is none, leads to no public host, does not answer in time or with too much.
    """
    deadline = deadline or Deadline.within(WITHIN_S)
    try:
        return _follow(address, deadline)
    except (TimeoutError, httpcore.TimeoutException) as error:
        raise PictureRefusedError(
            say("{address} did not answer within {seconds} seconds.", address=_shown(address), seconds=f"{WITHIN_S:g}")
        ) from error
    except (OSError, httpcore.NetworkError, httpcore.ProtocolError, UnicodeError, ValueError) as error:
        raise PictureRefusedError(say("{address} could not be reached.", address=_shown(address))) from error


def _follow(address: str, deadline: Deadline) -> bytes:
    here = address
    for _ in range(MOST_REDIRECTS + 1):
        answer = _ask(here, deadline)
        if isinstance(answer, bytes):
            return answer
        here = urljoin(here, answer)
    raise PictureRefusedError(say("{address} leads from one address to the next.", address=_shown(address)))


def _ask(address: str, deadline: Deadline) -> bytes | str:
    """What lies there, or where it says that one should look instead."""
    url = _checked(address)
    with (
        httpcore.ConnectionPool(network_backend=_Door(deadline), ssl_context=_trust()) as pool,
        pool.stream("GET", url, headers=_HEADERS) as response,
    ):
        headers = {name.lower(): value.decode("latin-1") for name, value in response.headers}
        if response.status in _REDIRECTS and b"location" in headers:
            return headers[b"location"]
        if response.status != 200:  # noqa: PLR2004 - OK
            raise PictureRefusedError(
                say("{address} answered with status {status}.", address=_shown(address), status=response.status)
            )
        return _read(address, response.iter_stream())


@cache
def _trust() -> ssl.SSLContext:
    """The authorities that certificates are held against; reading them takes a while."""
    return httpcore.default_ssl_context()


def _read(address: str, chunks: Iterable[bytes]) -> bytes:
    content = bytearray()
    for chunk in chunks:
        content += chunk
        if len(content) > MOST_BYTES:
            raise PictureRefusedError(
                say("{address} is larger than {most} MB.", address=_shown(address), most=MOST_BYTES // 2**20)
            )
    return bytes(content)


def _checked(address: str) -> httpcore.URL:
    """The address in parts, if a picture may be asked for there."""
    parts = urlsplit(address)
    is_plain = parts.scheme in {"http", "https"} and not parts.username and not parts.password
    if not is_plain or not parts.hostname or not parts.hostname.isprintable():
        raise PictureRefusedError(say("{address} is no plain http or https address.", address=_shown(address)))
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if port not in PORTS:
        raise PictureRefusedError(
            say(
                "{address} asks for port {port}, where no pictures are fetched from.",
                address=_shown(address),
                port=port,
            )
        )
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    host = parts.hostname.encode("idna") if ":" not in parts.hostname else parts.hostname.encode()
    return httpcore.URL(scheme=parts.scheme, host=host, port=port, target=_escaped(target))


def _escaped(target: str) -> bytes:
    """Path and query in ASCII; what is escaped already stays."""
    return "".join(c if "!" <= c <= "~" else "".join(f"%{b:02X}" for b in c.encode()) for c in target).encode()


def is_public(address: str) -> bool:
    """Whether an IP address is anybody's to reach; one that only carries another counts as none."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip.sixtofour or ip.teredo or ip in _NAT64:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


class _Door(httpcore.NetworkBackend):
    """Connects to public hosts alone, and to nobody for longer than there is time."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline is the shorter one
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address of the host that answers.

        Raises:
            PictureRefusedError: one of its addresses is not public.
        """
        addresses = _resolved(host, port, self._deadline)
        if not all(map(is_public, addresses)):
            raise PictureRefusedError(
                say("{host} is not a public host, and pictures are fetched from no other.", host=_shown(host))
            )
        for address in addresses[:-1]:
            try:
                return self._connect(address, port, local_address, socket_options)
            except httpcore.ConnectError:
                continue
        return self._connect(addresses[-1], port, local_address, socket_options)

    def _connect(
        self, address: str, port: int, local_address: str | None, options: Iterable[Any] | None
    ) -> httpcore.NetworkStream:
        left_s = self._deadline.left_s()
        return _Hurried(self._inner.connect_tcp(address, port, left_s, local_address, options), self._deadline)


class _Hurried(httpcore.NetworkStream):
    """A connection on which nobody is waited for beyond the deadline, however slowly they drip."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        """Some bytes, in what time is left."""
        return self._stream.read(max_bytes, self._deadline.left_s())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        """Sends, in what time is left."""
        self._stream.write(buffer, self._deadline.left_s())

    def close(self) -> None:
        """Ends it."""
        self._stream.close()

    def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> _Hurried:  # noqa: ARG002
        """The same connection, encrypted: the certificate must be that of the name, not of the address."""
        secure = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left_s())
        return _Hurried(secure, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """As the connection below says."""
        return self._stream.get_extra_info(info)


def _resolved(host: str, port: int, deadline: Deadline) -> list[str]:
    looked_up = _LOOKUPS.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(found[4][0]) for found in looked_up.result(deadline.left_s())))


def _shown(address: str) -> str:
    return address if len(address) <= _SHOWN else f"{address[: _SHOWN - 1]}…"
