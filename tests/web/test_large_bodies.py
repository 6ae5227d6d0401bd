"""Many large bodies at once do not fill the memory."""

from __future__ import annotations

import asyncio
import ssl
import tracemalloc

import pytest

from tasks.files.model import Outcome
from tasks.web.client import Client, Options
from tasks.web.model import Request
from tests.web.server import Hit, Server

pytestmark = pytest.mark.anyio
SIZE = 6 << 20
COUNT = 16
PIECE = b"x" * (1 << 16)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_large_bodies_are_read_a_few_at_a_time() -> None:
    async def answer(hit: Hit, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % SIZE)
        for _ in range(SIZE >> 16):
            writer.write(PIECE)
            await writer.drain()

    async with (
        Server(other=answer) as server,
        Client(Options("newslake/1", verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))) as client,
    ):

        async def size(n: int) -> int:
            url = server.url(f"/{n}")
            response = await client.fetch(
                Request(url, allow_private=True, obey_robots=False, delay=0, concurrency=COUNT)
            )
            return len(response.body or b"")

        tracemalloc.start()
        sizes = await asyncio.wait_for(asyncio.gather(*map(size, range(COUNT))), 30)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert sizes == [SIZE] * COUNT
    assert peak < COUNT * SIZE * 0.6


async def test_a_body_that_is_given_up_makes_room() -> None:
    """More endless bodies than may be large at once: each ends, and the next is read."""

    async def endless(hit: Hit, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while True:
            writer.write(PIECE)
            await writer.drain()

    async with (
        Server(other=endless) as server,
        Client(Options("newslake/1", verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))) as client,
    ):
        requests = [
            Request(
                server.url(f"/{n}"),
                allow_private=True,
                obey_robots=False,
                delay=0,
                concurrency=12,
                max_bytes=SIZE,
            )
            for n in range(12)
        ]
        responses = await asyncio.wait_for(asyncio.gather(*map(client.fetch, requests)), 20)
    assert {response.outcome for response in responses} == {Outcome.TOO_LARGE}
