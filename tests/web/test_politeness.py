"""Politeness, proved from the server's own log."""

from __future__ import annotations

import asyncio
import itertools
import ssl
import time

import pytest

from tasks.files.model import Outcome
from tasks.web.client import Client, Options
from tasks.web.model import Request
from tests.web.server import Hit, Server, reply

pytestmark = pytest.mark.anyio

TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
# The server notes a request when its loop gets to it: on a busy machine the first of two may be noted late, so that the
# second seems to come too soon. Delays are several times as long.
LATE = 0.08


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def spacing(hits: list[Hit]) -> float:
    """Seconds between the closest two starts."""
    starts = sorted(hit.start for hit in hits)
    return min(later - earlier for earlier, later in itertools.pairwise(starts))


def at_once(hits: list[Hit]) -> int:
    """The most requests that were being answered at one time."""
    return max(sum(other.start <= hit.start < (other.end or float("inf")) for other in hits) for hit in hits)


async def test_hosts_are_asked_politely_and_none_holds_up_another() -> None:
    """127.0.0.2 has a delay, 127.0.0.3 a concurrency, 127.0.0.4 is slow with both, 127.0.0.5 wants a crawl delay."""

    async def answer(hit: Hit, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(2.0 if hit.address == "127.0.0.4" else 0.02)
        writer.write(reply("news"))

    async def robots(hit: Hit, writer: asyncio.StreamWriter) -> None:
        delay = "Crawl-delay: 0.3\n" if hit.address == "127.0.0.5" else ""
        writer.write(reply(f"User-agent: newslake\n{delay}Disallow: /no\n"))

    manners = {  # concurrency, delay, requests
        "127.0.0.2": (4, 0.2, 6),
        "127.0.0.3": (2, 0.0, 40),
        "127.0.0.4": (1, 0.2, 30),
        "127.0.0.5": (4, 0.0, 4),
    }
    async with Server({"/robots.txt": robots}, tuple(manners), answer) as server:
        async with Client(Options("newslake/1", concurrency=8, verify=TLS)) as client:
            tasks = {
                address: [
                    asyncio.create_task(
                        client.fetch(
                            Request(
                                server.url(f"/{'no' if n % 4 == 3 else 'yes'}/{n}", address),
                                allow_private=True,
                                concurrency=concurrency,
                                delay=delay,
                            )
                        )
                    )
                    for n in range(count)
                ]
                for address, (concurrency, delay, count) in manners.items()
            }
            started = time.monotonic()
            quick = [task for address in manners if address != "127.0.0.4" for task in tasks[address]]
            outcomes = {response.outcome for response in await asyncio.gather(*quick)}
            assert time.monotonic() - started < 8
            assert not all(task.done() for task in tasks["127.0.0.4"])
            for task in tasks["127.0.0.4"]:
                task.cancel()
        assert outcomes == {Outcome.READ, Outcome.ROBOTS}
        by_host = {address: [hit for hit in server.hits if hit.address == address] for address in manners}

    for address, (concurrency, delay, _) in manners.items():
        hits = by_host[address]
        assert at_once(hits) <= concurrency
        assert spacing(hits) >= delay - LATE
        assert hits[0].path == "/robots.txt"
        assert sum(hit.path == "/robots.txt" for hit in hits) == 1
    assert at_once(by_host["127.0.0.3"]) == 2
    assert spacing(by_host["127.0.0.5"]) >= 0.3 - LATE
    assert not [path for path in server.paths() if path.startswith("/no")]


async def test_fifty_hosts_at_once_all_make_progress() -> None:
    """Five of them answer slowly, more of their pages wait than there are slots, and the others do not notice."""

    async def answer(hit: Hit, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(15 if int(hit.address.rpartition(".")[2]) < 7 else 0)
        writer.write(reply("news"))

    addresses = tuple(f"127.0.0.{n}" for n in range(2, 52))
    async with Server({"/robots.txt": reply(status=404)}, addresses, answer) as server:
        async with Client(Options("newslake/1", concurrency=16, verify=TLS)) as client:
            tasks = {
                address: [
                    asyncio.create_task(
                        client.fetch(Request(server.url(f"/{n}", address), allow_private=True, delay=0.3))
                    )
                    for n in range(4)
                ]
                for address in addresses
            }
            quick = [task for address in addresses[5:] for task in tasks[address]]
            done = await asyncio.wait_for(asyncio.gather(*quick), 10)
            assert {response.outcome for response in done} == {Outcome.READ}
            for address in addresses[:5]:
                for task in tasks[address]:
                    task.cancel()
        by_host = [[hit for hit in server.hits if hit.address == address] for address in addresses]
    assert all(spacing(hits) >= 0.3 - LATE for hits in by_host[5:])


async def test_the_stricter_manners_count_for_the_whole_host() -> None:
    async with Server(other=reply("news")) as server, Client(Options("newslake/1", verify=TLS)) as client:
        requests = [
            Request(server.url(f"/{n}"), allow_private=True, obey_robots=False, delay=0.3 if n else 0.0)
            for n in range(4)
        ]
        for request in requests[1:], [requests[0]] * 2:
            await asyncio.gather(*map(client.fetch, request))
        assert spacing(server.hits) >= 0.3 - LATE


async def test_first_come_first_served() -> None:
    async with Server(other=reply("news")) as server, Client(Options("newslake/1", verify=TLS)) as client:
        tasks = [
            client.fetch(
                Request(server.url(f"/{n}"), allow_private=True, obey_robots=False, delay=0.01, concurrency=1)
            )
            for n in range(10)
        ]
        await asyncio.gather(*tasks)
        assert server.paths() == [f"/{n}" for n in range(10)]


async def test_a_cancelled_request_leaves_its_place() -> None:
    async def answer(hit: Hit, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.1)
        writer.write(reply("news"))

    async with (
        Server(other=answer) as server,
        Client(Options("newslake/1", concurrency=1, verify=TLS)) as client,
    ):
        requests = [
            Request(server.url(f"/{n}"), allow_private=True, obey_robots=False, delay=0.0, concurrency=1)
            for n in range(4)
        ]
        tasks = [asyncio.create_task(client.fetch(request)) for request in requests]
        await asyncio.sleep(0.05)
        for task in tasks[:3]:  # one that is answered, one at the head of the line, one behind it
            task.cancel()
        assert (await tasks[3]).outcome is Outcome.READ
        assert (await client.fetch(requests[0])).outcome is Outcome.READ
