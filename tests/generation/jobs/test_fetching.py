"""Fetching what a prompt names by its address: a real server answers, and nobody reaches what is not public."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from generation.errors import PictureRefusedError
from generation.jobs import fetching
from generation.jobs.fetching import Deadline, fetch, is_public


class Host:
    """A server of the test's own; `seen` are the addresses that were asked for."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.port = server.server_address[1]
        self.seen: list[str] = []
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.drips = False

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


@contextmanager
def serving() -> Iterator[Host]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host.seen.append(self.path)
            status, headers, body = host.answers[self.path]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                for at in range(0, len(body), 1 if host.drips else 2**16):
                    self.wfile.write(body[at : at + (1 if host.drips else 2**16)])
                    self.wfile.flush()
                    time.sleep(0.05 if host.drips else 0)
            except OSError:
                self.close_connection = True

        def log_message(self, *args) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    host = Host(server)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def host(monkeypatch) -> Iterator[Host]:
    """A host on this machine that counts as a public one; the rest of the machine does not."""
    with serving() as found:
        monkeypatch.setattr(fetching, "PORTS", frozenset({found.port}))
        monkeypatch.setattr(fetching, "is_public", lambda address: address == "127.0.0.1")
        yield found


@pytest.fixture
def hidden(monkeypatch) -> Iterator[Host]:
    """A host on this machine that is what it is: not public."""
    with serving() as found:
        found.answers["/"] = (200, {}, b"secret")
        monkeypatch.setattr(fetching, "PORTS", frozenset({found.port}))
        yield found


def test_what_lies_there_comes_back(host):
    host.answers["/a%20b.png?x=1"] = (200, {}, b"picture")
    assert fetch(host.url("/a b.png?x=1")) == b"picture"


def test_redirects_are_followed_a_few_times(host):
    host.answers["/1"] = (302, {"Location": "/2"}, b"")
    host.answers["/2"] = (301, {"Location": host.url("/3")}, b"")
    host.answers["/3"] = (200, {}, b"picture")
    assert fetch(host.url("/1")) == b"picture"
    host.answers["/3"] = (307, {"Location": "/1"}, b"")
    host.seen.clear()
    with pytest.raises(PictureRefusedError, match="one address to the next"):
        fetch(host.url("/1"))
    assert len(host.seen) == 4


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0.0.0.0"])
def test_no_spelling_of_this_machine_is_asked(hidden, name):
    with pytest.raises(PictureRefusedError):
        fetch(hidden.url("/", name))
    assert hidden.seen == []


def test_a_redirect_into_the_house_is_not_followed(host):
    host.answers["/1"] = (302, {"Location": host.url("/in", "127.0.0.2")}, b"")
    with pytest.raises(PictureRefusedError, match="not a public host"):
        fetch(host.url("/1"))
    assert host.seen == ["/1"]


def test_a_name_with_one_address_in_the_house_is_not_asked(host, monkeypatch):
    addresses = [(2, 1, 6, "", (address, host.port)) for address in ("127.0.0.1", "10.0.0.1")]
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *_, **__: addresses)
    with pytest.raises(PictureRefusedError, match="not a public host"):
        fetch(host.url("/", "two-faced.example"))
    assert host.seen == []


def test_the_address_that_was_looked_at_is_the_one_that_is_asked(host, monkeypatch):
    answers = iter(["127.0.0.1", "10.0.0.1"])  # the second time the name leads into the house
    real = fetching.socket.getaddrinfo

    def look_up(name, *details, **options):
        if name != "rebinding.example":
            return real(name, *details, **options)
        return [(2, 1, 6, "", (next(answers), host.port))]

    monkeypatch.setattr(fetching.socket, "getaddrinfo", look_up)
    host.answers["/"] = (200, {}, b"picture")
    assert fetch(host.url("/", "rebinding.example")) == b"picture"
    assert next(answers) == "10.0.0.1"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
        "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "2001:db8::1", "2001:0:a00:1::",
    ],
)  # fmt: skip
def test_addresses_that_are_not_anybodys_to_reach(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_addresses_that_are(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "ftp://example.com/a.png", "file:///etc/passwd", "http://", "http:///a.png", "//example.com/a.png",
        "http://user:word@example.com/a.png", "http://example.com:22/", "http://example.com:99999/", "gopher://x",
        "http://[::1/a.png", "http://exa\u0000mple.com/", "http://" + "a" * 70 + ".com/",
    ],
)  # fmt: skip
def test_what_is_no_plain_address_is_refused_and_nobody_is_asked(address, monkeypatch):
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *_, **__: pytest.fail("looked up"))
    with pytest.raises(PictureRefusedError):
        fetch(address)


def test_too_much_is_not_read_to_its_end(host):
    host.answers["/"] = (200, {}, b"x" * (12 * 2**20))
    with pytest.raises(PictureRefusedError, match="larger than 10 MB"):
        fetch(host.url("/"))


def test_a_failure_of_the_other_side_is_one_sentence(host):
    host.answers["/"] = (404, {}, b"no")
    with pytest.raises(PictureRefusedError, match="status 404"):
        fetch(host.url("/"))


def test_who_drips_is_not_waited_for(host):
    host.drips = True
    host.answers["/"] = (200, {}, b"x" * 1000)
    started = time.monotonic()
    with pytest.raises(PictureRefusedError, match="did not answer"):
        fetch(host.url("/"), Deadline.within(0.5))
    assert time.monotonic() - started < 5


def test_a_dead_host_is_one_sentence(host):
    with pytest.raises(PictureRefusedError, match="could not be reached"):
        fetch(f"http://no-such-host.invalid:{host.port}/")
