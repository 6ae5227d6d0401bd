"""What is tried again, when, and what is not."""

from __future__ import annotations

import asyncio
import ssl
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tasks.files.model import Outcome
from tasks.web.client import Client, Options
from tasks.web.model import Request
from tasks.web.retry import backoff, retry_after
from tests.web.server import Handler, Hit, Server, reply

pytestmark = pytest.mark.anyio

OPTIONS = Options(
    "newslake/1", read=0.2, backoff=0.01, wait=2.0, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
)
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def ask(url: str) -> Request:
    return Request(url, allow_private=True, delay=0, obey_robots=False)


@pytest.mark.parametrize("status", [408, 425, 500, 502, 504])
async def test_a_passing_failure_is_tried_again(status: int) -> None:
    async with Server({"/": [reply(status=status), reply("news")]}) as server, Client(OPTIONS) as client:
        response = await client.fetch(ask(server.url()))
    assert (response.body, response.attempts, len(server.hits)) == (b"news", 2, 2)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451, 501, 505, 304, 206])
async def test_a_final_answer_is_not(status: int) -> None:
    async with Server({"/": reply(status=status)}) as server, Client(OPTIONS) as client:
        response = await client.fetch(ask(server.url()))
    assert (response.attempts, len(server.hits)) == (1, 1)


async def test_attempts_come_to_an_end() -> None:
    async with Server({"/": reply(status=500)}) as server, Client(OPTIONS) as client:
        response = await client.fetch(ask(server.url()))
    assert (response.outcome, response.attempts, len(server.hits)) == (Outcome.SERVER_ERROR, 3, 3)


async def test_a_body_that_broke_off_is_asked_for_again() -> None:
    asked = 0

    async def twice_broken(hit: Hit, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        if asked == 1:
            writer.transport.abort()
        elif asked == 2:
            writer.write(reply("ne", content_length="4"))
            writer.close()
        else:
            writer.write(reply("news"))

    async with Server({"/": twice_broken}) as server, Client(OPTIONS) as client:
        response = await client.fetch(ask(server.url()))
    assert (response.body, response.attempts) == (b"news", 3)


@pytest.mark.parametrize(
    "page",
    [reply("x" * 2000), reply("x", content_encoding="rot13"), reply(status=302, location="/"), reply("")],
    ids=["too large", "encoding", "loop", "empty"],
)
async def test_what_would_end_the_same_way_is_not(page: bytes) -> None:
    async with Server({"/": page}) as server, Client(OPTIONS) as client:
        request = Request(server.url(), allow_private=True, delay=0, obey_robots=False, max_bytes=1000)
        assert (await client.fetch(request)).attempts == 1
    assert len(server.hits) == 1


async def test_a_silent_server_is_not_waited_for_twice() -> None:
    async def silent(hit: Hit, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(5)

    async with Server({"/": silent}) as server, Client(OPTIONS) as client:
        response = await client.fetch(ask(server.url()))
    assert (response.outcome, response.attempts) == (Outcome.TIMEOUT, 1)


async def test_no_connection_is_tried_again_and_a_redirect_target_alone() -> None:
    async with Server() as other:
        gone = other.url()
    async with Server({"/": reply(status=301, location=gone)}) as server, Client(OPTIONS) as client:
        response = await client.fetch(ask(server.url()))
    assert (response.outcome, response.attempts) == (Outcome.UNREACHABLE, 3)
    assert len(server.hits) == 1
    assert response.final_url == server.url()


@pytest.mark.parametrize(("status", "form"), [(429, "seconds"), (503, "date")])
async def test_retry_after_holds_the_whole_host(status: int, form: str) -> None:
    at = datetime.now(UTC) + timedelta(seconds=1.5)
    value = "1" if form == "seconds" else format_datetime(at, usegmt=True)
    pages: dict[str, bytes | list[bytes] | Handler] = {
        "/": [reply(status=status, retry_after=value), reply("news")],
        "/other": reply("other news"),
    }
    async with Server(pages) as server, Client(OPTIONS) as client:
        first = asyncio.create_task(client.fetch(ask(server.url())))
        await asyncio.sleep(0.1)
        other = await client.fetch(ask(server.url("/other")))
        assert ((await first).body, other.body) == (b"news", b"other news")
        waited = [hit.start - server.hits[0].start for hit in server.hits[1:]]
    asked_for = 1.0 if form == "seconds" else 0.4  # HTTP dates have whole seconds
    assert asked_for <= min(waited)
    assert max(waited) < 4


async def test_too_long_a_wait_defers_the_host() -> None:
    async with Server(
        {"/": reply(status=429, retry_after="3600")}, addresses=("127.0.0.2", "127.0.0.3")
    ) as server:
        async with Client(OPTIONS) as client:
            started = time.monotonic()
            first = await client.fetch(ask(server.url()))
            second = await client.fetch(ask(server.url("/other")))
            elsewhere = await client.fetch(ask(server.url("/other", "127.0.0.3")))
        assert time.monotonic() - started < 1
    assert (first.outcome, first.status, first.attempts) == (Outcome.DEFERRED, 429, 1)
    assert (second.outcome, second.status, second.attempts) == (Outcome.DEFERRED, None, 0)
    assert elsewhere.outcome is Outcome.NOT_FOUND
    for response in first, second:
        assert response.retry_at is not None
        assert 3500 < (response.retry_at - datetime.now(UTC)).total_seconds() < 3601
    assert len(server.hits) == 2


async def test_those_in_line_hear_of_it_at_once() -> None:
    async def busy(hit: Hit, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.1)
        writer.write(reply(status=503, retry_after="3600"))

    async with Server(other=busy) as server, Client(OPTIONS) as client:
        requests = [
            Request(server.url(f"/{n}"), allow_private=True, delay=0, obey_robots=False, concurrency=1)
            for n in range(5)
        ]
        responses = await asyncio.wait_for(asyncio.gather(*map(client.fetch, requests)), 2)
    assert {response.outcome for response in responses} == {Outcome.DEFERRED}
    assert len(server.hits) == 1


async def test_a_throttled_host_is_slowed_down() -> None:
    async with Server({"/": [reply(status=429), reply("news")]}, other=reply("more")) as server:
        async with Client(OPTIONS) as client:
            assert (await client.fetch(ask(server.url()))).attempts == 2
            await client.fetch(ask(server.url("/more")))
        starts = [hit.start for hit in server.hits]
    assert starts[1] - starts[0] >= 1.0  # the first delay of a host that had none
    assert 0.5 <= starts[2] - starts[1] < 1.0  # halved by the success


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        (" 120 ", 120),
        ("1.5", 1.5),
        ("Sun, 22 Nov 2026 12:01:00 GMT", 60),
        ("Sun, 22 Nov 2026 14:01:00 +0200", 60),
        ("Sunday, 22-Nov-26 12:01:00 GMT", 60),
        ("Sun Nov 22 12:01:00 2026", 60),
        ("Sun, 22 Nov 1026 12:01:00 GMT", 0),
        ("999999999", 30 * 86400),
        ("Sun, 22 Nov 9999 12:01:00 GMT", 30 * 86400),
        ("", None),
        (None, None),
        ("-5", None),
        ("soon", None),
        ("9" * 5000, None),
        ("Fri, 31 Dec 9999 23:59:59 -2359", None),
        ("Sun, 99 Nov 2026 12:01:00 GMT", None),
        ("\u0661\u0662", None),
    ],
)
def test_retry_after_forms(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == (None if seconds is None else NOW + timedelta(seconds=seconds))


def test_backoff_doubles_below_a_ceiling() -> None:
    most = [max(backoff(attempt, 1.0) for _ in range(500)) for attempt in (1, 2, 3, 60)]
    assert all(bound / 2 < longest <= bound for longest, bound in zip(most, (1, 2, 4, 30), strict=True))
