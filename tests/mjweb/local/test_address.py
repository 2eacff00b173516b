from __future__ import annotations

import socket

import pytest

from mjweb.local.address import Address, free_address
from mjweb.local.errors import BadPortError


@pytest.mark.parametrize("text", ["-1", "65536", "eight", "٨٠٠٠", "80 80"])
def test_it_refuses_what_is_no_port(text):
    with pytest.raises(BadPortError, match="from 0 to 65535"):
        free_address({"MJWEB_PORT": text})


def test_it_refuses_a_port_somebody_listens_on():
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(BadPortError, match="already in use"):
        free_address({"MJWEB_PORT": str(taken.getsockname()[1])})


def test_it_refuses_a_host_that_is_not_this_machine():
    with pytest.raises(BadPortError, match="cannot listen on port 0 of"):
        free_address({"MJWEB_PORT": "0", "MJWEB_HOST": "192.0.2.1"})


def test_port_zero_takes_a_free_one():
    address = free_address({"MJWEB_PORT": "0"})
    assert address.host == "127.0.0.1"
    assert address.port > 0


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://127.0.0.1:8000/"),
        ("::", "http://[::1]:8000/"),
        ("studio.example", "http://studio.example:8000/"),
    ],
)
def test_the_url_is_one_that_a_browser_here_can_open(host, url):
    assert Address(host, 8000).url == url


def test_nothing_answers_where_nobody_listens():
    assert not free_address({"MJWEB_PORT": "0"}).answers("/")
