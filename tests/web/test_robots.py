"""robots.txt is asked for once, read by the standard, and obeyed on every hop."""

from __future__ import annotations

import asyncio
import gzip
import ssl

import pytest

from tasks.files.model import Outcome
from tasks.web.client import Client, Options
from tasks.web.model import Request, Response
from tests.web.server import Handler, Server, reply

pytestmark = pytest.mark.anyio

OPTIONS = Options(
    "NewsLake/1.0 (+x)", attempts=2, backoff=0.01, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
)
FORBIDDEN = b"User-agent: *\nDisallow: /\n"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def ask(url: str) -> Request:
    return Request(url, allow_private=True, delay=0, concurrency=50)


async def outcome(robots: bytes | list[bytes] | Handler, path: str = "/news/1") -> Outcome:
    """How a page ends under this robots.txt; the server's word for whether it was asked for is checked."""
    async with Server({"/robots.txt": robots}, other=reply("news")) as server, Client(OPTIONS) as client:
        response = await client.fetch(ask(server.url(path)))
        assert bool(server.paths()) == (response.outcome is Outcome.READ)
        assert (response.attempts, response.status) == ((1, 200) if server.paths() else (0, None))
        return response.outcome


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("User-agent: *\nDisallow: /news/", "/news/1", False),
        ("User-agent: *\nDisallow: /news/", "/sport/1", True),
        ("User-agent: *\nDisallow: /news/\nAllow: /news/1", "/news/1", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: newslake\nDisallow:", "/news/1", True),
        ("User-agent: *\nDisallow:\n\nUser-agent: NEWSLAKE/2\nDisallow: /", "/news/1", False),
        ("User-agent: *\nDisallow:\n\nUser-agent: news\nDisallow: /", "/news/1", True),
        ("User-agent: *\nDisallow:\n\nUser-agent: lake\nDisallow: /", "/news/1", True),
        ("User-agent: *\nDisallow:\n\nUser-agent: newslake-images\nDisallow: /", "/news/1", True),
        ("User-agent: other\nUser-agent: newslake\nDisallow: /n", "/news/1", False),
        ("\ufeffUser-agent: *\r\nDisallow: /*.pdf$", "/news/1.pdf", False),
        ("User-agent: *\nDisallow: /f\N{LATIN SMALL LETTER A WITH DIAERESIS}hre", "/f%C3%A4hre", False),
        ("User-agent: *\nDisallow: /news?page=", "/news?page=2", False),
        ("User-agent: other\rDisallow:\r\rUser-agent: newslake\rDisallow: /news/\r", "/news/1", False),
        ("<html><body>Disallow: /</body></html>", "/news/1", True),
        ("\x00\xff" * 99, "/news/1", True),
    ],
)
async def test_rules(text: str, path: str, allowed: bool) -> None:
    assert await outcome(reply(text), path) is (Outcome.READ if allowed else Outcome.ROBOTS)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (reply(status=404), Outcome.READ),
        (reply(FORBIDDEN, 403), Outcome.READ),
        (reply(FORBIDDEN, 410), Outcome.READ),
        (reply(b""), Outcome.READ),
        (reply(status=429), Outcome.DEFERRED),
        (reply(status=503), Outcome.DEFERRED),
        (reply(FORBIDDEN, 599), Outcome.DEFERRED),
        ([reply(status=500), reply("User-agent: *\nAllow: /")], Outcome.READ),
        (b"no HTTP at all\r\n\r\n", Outcome.DEFERRED),
        (reply(status=301, location="/robots.txt"), Outcome.READ),
        (reply(status=301, location="http://reader:x@10.0.0.1/robots.txt"), Outcome.DEFERRED),
        (reply(gzip.compress(FORBIDDEN, mtime=0), content_encoding="gzip"), Outcome.ROBOTS),
        (reply(b"#" * (500 << 10) + b"\n" + FORBIDDEN), Outcome.READ),
        (reply(b"#" * (499 << 10) + b"\n" + FORBIDDEN + b"#" * (600 << 10)), Outcome.ROBOTS),
    ],
)
async def test_answers(answer: bytes | list[bytes], expected: Outcome) -> None:
    assert await outcome(answer) is expected


@pytest.mark.parametrize(("hops", "expected"), [(5, Outcome.ROBOTS), (6, Outcome.READ)])
async def test_five_redirects_are_followed(hops: int, expected: Outcome) -> None:
    routes: dict[str, bytes | list[bytes] | Handler] = {
        f"/robots.txt{n or ''}": reply(status=302, location=f"/robots.txt{n + 1}") for n in range(hops)
    }
    routes[f"/robots.txt{hops}"] = reply(FORBIDDEN)
    async with Server(routes, other=reply("news")) as server, Client(OPTIONS) as client:
        assert (await client.fetch(ask(server.url("/news/1")))).outcome is expected


async def test_a_host_that_cannot_be_reached_is_left_alone() -> None:
    async with Server() as server:
        gone = server.url()
    async with Client(OPTIONS) as client:
        response = await client.fetch(ask(gone))
    assert (response.outcome, response.attempts) == (Outcome.DEFERRED, 0)
    assert response.error and "unreachable" in response.error


async def test_it_is_asked_for_once_by_fifty_at_once_and_seen_once() -> None:
    seen: list[Response] = []
    robots = reply("User-agent: *\nDisallow: /no\nSitemap: /map.xml\nSitemap: https://ferry.example/news.xml")
    async with (
        Server({"/robots.txt": robots}, other=reply("news")) as server,
        Client(OPTIONS, seen.append) as client,
    ):
        asked = [client.fetch(ask(server.url(f"/{'no' if n % 2 else 'yes'}/{n}"))) for n in range(50)]
        outcomes = [response.outcome for response in await asyncio.gather(*asked)]
        assert outcomes == [Outcome.READ, Outcome.ROBOTS] * 25
        assert await client.sitemaps(ask(server.url("/any"))) == [
            "/map.xml",
            "https://ferry.example/news.xml",
        ]
        assert [hit.path for hit in server.hits].count("/robots.txt") == 1
        assert not [path for path in server.paths() if path.startswith("/no")]
    assert [(r.outcome, r.body) for r in seen] == [(Outcome.READ, robots.partition(b"\r\n\r\n")[2])]
    assert not seen[0].request.obey_robots


async def test_who_asks_first_may_give_up() -> None:
    async def slow(hit: object, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.2)
        writer.write(reply("User-agent: *\nAllow: /"))

    async with Server({"/robots.txt": slow}, other=reply("news")) as server, Client(OPTIONS) as client:
        first = asyncio.create_task(client.fetch(ask(server.url("/1"))))
        second = asyncio.create_task(client.fetch(ask(server.url("/2"))))
        await asyncio.sleep(0.05)
        first.cancel()
        assert (await second).outcome is Outcome.READ


async def test_redirects_are_checked_again() -> None:
    routes: dict[str, bytes | list[bytes] | Handler] = {"/robots.txt": reply("User-agent: *\nDisallow: /no")}
    async with Server(routes, addresses=("127.0.0.2", "127.0.0.3")) as server, Client(OPTIONS) as client:
        server.routes["/a"] = reply(status=302, location="/no/1")
        server.routes["/b"] = reply(status=302, location=server.url("/no/2", "127.0.0.3"))
        for path in "/a", "/b":
            response = await client.fetch(ask(server.url(path)))
            assert (response.outcome, response.status) == (Outcome.ROBOTS, None)
            assert response.final_url == server.url(path)
            assert len(response.redirects) == 1
        assert server.paths() == ["/a", "/b"]
        assert sorted(h.address for h in server.hits if h.path == "/robots.txt") == ["127.0.0.2", "127.0.0.3"]


async def test_robots_may_be_left_aside() -> None:
    async with (
        Server({"/robots.txt": reply(FORBIDDEN)}, other=reply("news")) as server,
        Client(OPTIONS) as client,
    ):
        request = Request(server.url("/1"), allow_private=True, obey_robots=False)
        assert (await client.fetch(request)).outcome is Outcome.READ
        assert len(server.hits) == 1
