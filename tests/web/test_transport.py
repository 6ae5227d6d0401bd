"""Connections: how many are kept, and when a request counts as sent."""

from __future__ import annotations

import asyncio

import httpcore
import pytest

from tasks.files.model import Outcome
from tasks.web import transport
from tasks.web.client import Client, Options
from tasks.web.model import Request
from tests.web.server import Hit, Server, reply

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_connections_to_many_hosts_are_closed_though_one_is_slow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(transport, "_POOLS", 10)
    monkeypatch.setattr(transport, "_CHOSEN_FOR", 0.0)
    release = asyncio.Event()

    async def slow(hit: Hit, writer: asyncio.StreamWriter) -> None:
        await release.wait()
        writer.write(reply("at last"))

    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    async with (
        Server({"/slow": slow}, other=reply("news")) as server,
        Client(Options("newslake/1", resolve=resolve)) as client,
    ):

        def ask(n: int, path: str = "/") -> Request:
            url = f"http://host{n}.example:{server.port}{path}"
            return Request(url, allow_private=True, obey_robots=False, delay=0)

        first = asyncio.create_task(client.fetch(ask(0, "/slow")))
        for n in range(1, 41):
            assert (await client.fetch(ask(n))).outcome is Outcome.READ
        assert server.connections == 41
        for n in range(40, 0, -1):  # those used last are open still, and no others
            assert (await client.fetch(ask(n))).attempts == 1
        assert 41 + 30 <= server.connections <= 41 + 32
        release.set()
        assert (await first).body == b"at last"


async def test_a_tunnel_through_a_proxy_is_not_yet_a_request() -> None:
    sent: list[str] = []
    trace = transport.extensions(False, lambda: sent.append("sent"))["trace"]
    for method, expected in (("CONNECT", []), ("GET", ["sent"])):
        request = httpcore.Request(method, "https://ferry.example/")
        await trace("http11.send_request_headers.started", {"request": request})
        assert sent == expected
