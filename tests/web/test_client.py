"""Every way an answer can go wrong has its outcome, and none of them an exception."""

from __future__ import annotations

import asyncio
import gzip
import logging
import ssl
import time
import zlib
from collections.abc import Callable

import brotli
import httpx
import pytest
import zstandard

from tasks.files.model import Outcome
from tasks.web.client import Client, Options
from tasks.web.model import Request, Response
from tasks.web.proxies import Proxies
from tests.web.server import Handler, Hit, Server, reply

pytestmark = pytest.mark.anyio

PAGE = b"<p>The ferry to Marren sails again.</p>" * 100
TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
OPTIONS = Options("newslake/1 (+mailto:desk@lake.example)", total=2.0, read=0.3, attempts=1, verify=TLS)
Pages = dict[str, bytes | list[bytes] | Handler]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def fetch(
    routes: Pages,
    url: str = "/",
    *,
    options: Options = OPTIONS,
    etag: str | None = None,
    max_bytes: int = 1 << 20,
) -> Response:
    async with Server(routes) as server, Client(options) as client:
        request = Request(server.url(url), etag=etag, allow_private=True, delay=0, max_bytes=max_bytes)
        return await client.fetch(request)


def raw(*pieces: bytes, pause: float = 0.0, close: bool = True) -> Handler:
    """A handler that writes these bytes, pausing after each, and then closes the connection or is silent."""

    async def handle(hit: Hit, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
        if close:
            writer.close()
        else:
            await asyncio.sleep(10)

    return handle


def endless(head: bytes, piece: bytes) -> Handler:
    async def handle(hit: Hit, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(piece)
            await writer.drain()

    return handle


async def test_a_page_with_all_that_is_said_of_it() -> None:
    page = reply(PAGE, content_type='Text/HTML; Charset="iso-8859-1"', etag='"v1"', set_cookie="id=secret")
    response = await fetch({"/a%20b": page}, "/a b#top")
    assert response.outcome is Outcome.READ
    assert response.body == PAGE
    assert (response.status, response.attempts, response.error) == (200, 1, None)
    assert (response.content_type, response.charset) == ("text/html", "iso-8859-1")
    assert response.headers["etag"] == '"v1"'
    assert "set-cookie" not in response.headers
    assert response.final_url is not None and response.final_url.endswith("/a%20b")
    assert (response.size, response.received) == (len(PAGE), len(PAGE))
    assert 0 < response.elapsed_ms < 1000


async def test_what_we_say_of_ourselves() -> None:
    async with Server({"/": reply(PAGE)}) as server, Client(OPTIONS) as client:
        await client.fetch(
            Request(server.url(), allow_private=True, delay=0, last_modified=" Sun, 22 Nov 2026 ")
        )
        await client.fetch(Request(server.url(), allow_private=True, delay=0, etag='"a"\r\nx: y'))
        await client.fetch(Request(server.url(), allow_private=True, delay=0, etag='"\N{EURO SIGN}"'))
        robots, page, injected, exotic = (hit.headers for hit in server.hits)
    assert robots["user-agent"] == page["user-agent"] == OPTIONS.user_agent
    assert page["accept-encoding"] == "gzip, deflate, br, zstd"
    assert page["if-modified-since"] == "Sun, 22 Nov 2026"
    assert "if-none-match" not in page | injected | exotic


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (201, Outcome.CLIENT_ERROR),
        (202, Outcome.CLIENT_ERROR),
        (203, Outcome.READ),
        (204, Outcome.EMPTY),
        (206, Outcome.CLIENT_ERROR),
        (300, Outcome.CLIENT_ERROR),
        (301, Outcome.CLIENT_ERROR),
        (304, Outcome.CLIENT_ERROR),
        (400, Outcome.CLIENT_ERROR),
        (401, Outcome.DENIED),
        (402, Outcome.DENIED),
        (403, Outcome.DENIED),
        (404, Outcome.NOT_FOUND),
        (407, Outcome.DENIED),
        (410, Outcome.GONE),
        (418, Outcome.CLIENT_ERROR),
        (429, Outcome.RATE_LIMITED),
        (451, Outcome.DENIED),
        (500, Outcome.SERVER_ERROR),
        (599, Outcome.SERVER_ERROR),
        (799, Outcome.CLIENT_ERROR),
    ],
)
async def test_statuses(status: int, outcome: Outcome) -> None:
    body = b"" if status in {204, 304} else PAGE
    response = await fetch({"/": reply(body, status)})
    assert (response.outcome, response.status) == (outcome, status)
    assert (response.body is None) == (outcome is not Outcome.READ)


async def test_not_modified_is_an_answer_to_a_condition_alone() -> None:
    response = await fetch({"/": reply(b"", 304, etag='"v1"')}, etag='"v1"')
    assert (response.outcome, response.error) == (Outcome.UNCHANGED, None)


async def test_validators_go_to_their_own_address_only() -> None:
    routes: Pages = {"/old": reply(status=301, location="/new"), "/new": reply(b"", 304)}
    async with Server(routes) as server, Client(OPTIONS) as client:
        response = await client.fetch(Request(server.url("/old"), etag='"v1"', allow_private=True, delay=0))
        assert response.outcome is Outcome.CLIENT_ERROR
        assert [hit.headers.get("if-none-match") for hit in server.hits[1:]] == ['"v1"', None]


ENCODED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "raw deflate": lambda data: zlib.compress(data, wbits=-15),
    "br": lambda data: brotli.compress(data, quality=2),
    "zstd": zstandard.compress,
    "GZIP , identity": gzip.compress,
    "gzip, br": lambda data: brotli.compress(gzip.compress(data, mtime=0), quality=2),
}


@pytest.mark.parametrize("encoding", ENCODED)
async def test_encodings(encoding: str) -> None:
    name = encoding.removeprefix("raw ")
    data = ENCODED[encoding](PAGE)
    head = reply(content_encoding=name, content_length=str(len(data)))
    one_by_one = raw(head, *(data[n : n + 1] for n in range(len(data))))
    for page in (head + data, one_by_one):
        response = await fetch({"/": page})
        assert response.body == PAGE, response
        assert (response.size, response.received) == (len(PAGE), len(data))
    cut = await fetch({"/": reply(data[:-9], content_encoding=name)})
    assert (cut.outcome, cut.body) == (Outcome.BROKEN, None)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
async def test_bombs_do_not_go_off(encoding: str) -> None:
    bomb = ENCODED[encoding](bytes(64 << 20))
    response = await fetch({"/": reply(bomb, content_encoding=encoding)}, max_bytes=1 << 20)
    assert response.outcome is Outcome.BOMB
    assert response.received < 1 << 16


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
async def test_a_body_that_is_not_encoded_as_declared_is_taken_as_it_is(encoding: str) -> None:
    assert (await fetch({"/": reply(PAGE, content_encoding=encoding)})).body == PAGE


async def test_members_and_padding_of_gzip() -> None:
    data = gzip.compress(PAGE, mtime=0) + gzip.compress(PAGE, mtime=0) + b"\0" * 100
    assert (await fetch({"/": reply(data, content_encoding="gzip")})).body == 2 * PAGE


@pytest.mark.parametrize(
    ("page", "outcome"),
    [
        (reply(b""), Outcome.EMPTY),
        (reply(b"", content_encoding="gzip"), Outcome.EMPTY),
        (reply(PAGE, content_encoding="rot13"), Outcome.BROKEN),
        (reply(PAGE, content_encoding="gzip, gzip, gzip"), Outcome.BROKEN),
        (reply(b"\x1f\x8b" + PAGE, content_encoding="gzip"), Outcome.BROKEN),
        (reply(bytes(2 << 20)), Outcome.TOO_LARGE),
        (reply(b"", content_length="9" * 19), Outcome.TOO_LARGE),
        (endless(b"HTTP/1.1 200 OK\r\n\r\n", bytes(1 << 16)), Outcome.TOO_LARGE),
        (
            endless(
                b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
                b"5\r\nferry\r\n" * 99 + b"f000\r\n" + bytes(0xF000) + b"\r\n",
            ),
            Outcome.TOO_LARGE,
        ),
        (endless(b"HTTP/1.1 200 OK\r\n", b"x: y\r\n" * 9000), Outcome.BROKEN),
        (reply(PAGE, x="y" * 400_000), Outcome.BROKEN),
        (raw(b""), Outcome.BROKEN),
        (raw(b"SSH-2.0-OpenSSH\r\n\r\n"), Outcome.BROKEN),
        (raw(b"HTTP/1.1 200 OK\r\n"), Outcome.BROKEN),
        (raw(reply(PAGE, content_length="9000")), Outcome.BROKEN),
        (raw(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nferry\r\n"), Outcome.BROKEN),
        (raw(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\nferry\r\n"), Outcome.BROKEN),
        (raw(b"HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n"), Outcome.BROKEN),
        (raw(b"", close=False), Outcome.TIMEOUT),
        (raw(reply(PAGE, content_length="9000"), close=False), Outcome.TIMEOUT),
        (raw(reply(b"", 404, content_length="9000"), close=False), Outcome.NOT_FOUND),
        (raw(reply(b"x", 410, content_length="9000")), Outcome.GONE),
    ],
)
async def test_broken_and_hostile_answers(page: bytes | Handler, outcome: Outcome) -> None:
    response = await fetch({"/": page})
    assert response.outcome is outcome, response
    assert response.body is None and response.error and response.error.isprintable()
    assert response.received < 3 << 20


async def test_a_slow_drip_ends_at_the_total_deadline() -> None:
    started = time.monotonic()
    drip = raw(reply(b"", content_length="9000"), *[b"x"] * 100, pause=0.05)
    options = Options("newslake/1", read=1.0, total=0.4, attempts=3, verify=TLS)
    response = await fetch({"/": drip}, options=options)
    assert response.outcome is Outcome.TIMEOUT
    assert response.attempts == 1
    assert 0.4 <= time.monotonic() - started < 1.0


async def test_a_drip_of_header_bytes_ends_too() -> None:
    options = Options("newslake/1", read=1.0, total=0.3, attempts=1)
    assert (await fetch({"/": raw(*[b"H"] * 100, pause=0.05)}, options=options)).outcome is Outcome.TIMEOUT


async def test_redirects_are_followed_and_recorded() -> None:
    statuses = (301, 302, 303, 307, 308)
    routes: Pages = {f"/{n}": reply(PAGE, s, location=f"/{n + 1}") for n, s in enumerate(statuses)}
    response = await fetch(routes | {"/5": reply(PAGE)}, "/0")
    assert response.body == PAGE
    assert [r.status for r in response.redirects] == list(statuses)
    assert [r.url.rpartition("/")[2] for r in response.redirects] == list("12345")
    assert response.final_url == response.redirects[-1].url
    assert response.attempts == 1


@pytest.mark.parametrize(
    ("location", "outcome", "followed"),
    [
        ("/", Outcome.REDIRECT_LOOP, 1),
        ("", Outcome.REDIRECT_LOOP, 1),
        ("#top", Outcome.REDIRECT_LOOP, 1),
        ("/b", Outcome.REDIRECT_LOOP, 2),
        ("/count?1", Outcome.REDIRECT_LOOP, 10),
        ("http://[", Outcome.REDIRECT_LOOP, 0),
        ("mailto:desk@lake.example", Outcome.ADDRESS, 0),
        ("http://reader:secret@ferry.example/", Outcome.ADDRESS, 0),
        ("/f\xe4hre", Outcome.NOT_FOUND, 1),
    ],
)
async def test_redirects_that_lead_nowhere(location: str, outcome: Outcome, followed: int) -> None:
    async def count(hit: Hit, writer: asyncio.StreamWriter) -> None:
        writer.write(reply(status=302, location=hit.target + "1"))

    routes: Pages = {
        "/": reply(status=302, location=location),
        "/b": reply(status=302, location="/"),
        "/count": count,
    }
    response = await fetch(routes)
    assert (response.outcome, len(response.redirects)) == (outcome, followed), response
    assert "secret" not in str(response)


async def test_a_cookie_wall_is_passed_once() -> None:
    async def wall(hit: Hit, writer: asyncio.StreamWriter) -> None:
        known = hit.headers.get("cookie") == "seen=yes"
        writer.write(reply(PAGE) if known else reply(status=302, location="/", set_cookie="seen=yes"))

    response = await fetch({"/": wall})
    assert response.body == PAGE
    assert [r.status for r in response.redirects] == [302]


async def test_cookies_stay_with_their_run_and_out_of_the_logs(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with Server({"/": reply(PAGE, set_cookie="id=s3cret; path=/")}) as server:
        for _ in range(2):
            async with Client(OPTIONS) as client:
                for _ in range(2):
                    await client.fetch(Request(server.url(), allow_private=True, delay=0, obey_robots=False))
        sent = ["cookie" in hit.headers for hit in server.hits]
    assert sent == [False, True, False, True]
    assert "s3cret" not in caplog.text


async def test_cookies_that_cannot_be_sent_back_are_not_kept() -> None:
    async with Server({"/": reply(PAGE, set_cookie="id=f\xe4hre")}) as server, Client(OPTIONS) as client:
        for _ in range(2):
            assert (await client.fetch(Request(server.url(), allow_private=True, delay=0))).body == PAGE
        assert "cookie" not in server.hits[-1].headers


async def test_no_connection() -> None:
    async with Server() as server:
        gone = server.url()
    async with Client(OPTIONS) as client:
        response = await client.fetch(Request(gone, allow_private=True, obey_robots=False))
    assert (response.outcome, response.status, response.final_url) == (Outcome.UNREACHABLE, None, None)


async def test_a_name_without_an_address_and_one_that_takes_for_ever() -> None:
    async def resolve(host: str, port: int) -> list[str]:
        if host == "slow.example":
            await asyncio.sleep(10)
        raise OSError("no such name\r\n")

    async with Client(Options("n", connect=0.1, attempts=1, resolve=resolve)) as client:
        none = await client.fetch(Request("http://none.example/", obey_robots=False))
        slow = await client.fetch(Request("http://slow.example/", obey_robots=False))
    assert (none.outcome, slow.outcome) == (Outcome.UNREACHABLE, Outcome.TIMEOUT)
    assert none.error and none.error.isprintable()


async def test_proxies() -> None:
    async def proxy(hit: Hit, writer: asyncio.StreamWriter) -> None:
        writer.write(reply("no", 403) if hit.method == "CONNECT" else reply(f"{hit.target} by proxy"))

    async with Server(other=proxy) as server, Server({"/": reply(PAGE)}) as direct:
        host = server.url().removeprefix("http://")
        proxies = Proxies(
            http=f"http://reader:secret@{host}",
            all=server.url(),
            no_proxy="localhost, .marren.example,127.0.0.0/8",
        )
        async with Client(Options("n", proxies=proxies, attempts=3)) as client:
            request = Request("http://ferry.example/", allow_private=True, delay=0, obey_robots=False)
            assert (await client.fetch(request)).body == b"http://ferry.example/ by proxy"
            assert server.hits[0].headers["proxy-authorization"].startswith("Basic ")
            request = Request(direct.url(), allow_private=True, delay=0, obey_robots=False)
            assert (await client.fetch(request)).body == PAGE
            request = Request("https://ferry.example/", allow_private=True, delay=0, obey_robots=False)
            tunnel = await client.fetch(request)
    assert (tunnel.outcome, tunnel.attempts) == (Outcome.UNREACHABLE, 1)
    assert [hit.method for hit in server.hits] == ["GET", "CONNECT"]


@pytest.mark.parametrize(
    ("no_proxy", "url", "bypassed"),
    [
        ("", "http://ferry.example/", False),
        ("*", "http://ferry.example/", True),
        ("ferry.example", "http://www.ferry.example/", True),
        (".ferry.example", "http://ferry.example/", True),
        ("ferry.example", "http://myferry.example/", False),
        ("ferry.example:8080", "http://ferry.example/", False),
        ("ferry.example:80", "http://ferry.example/", True),
        ("10.0.0.0/8,::1", "http://10.2.3.4/", True),
        ("10.0.0.0/8,::1", "http://[::1]:80/", True),
    ],
)
def test_no_proxy(no_proxy: str, url: str, bypassed: bool) -> None:
    assert (
        Proxies(http="proxy.example:3128", no_proxy=no_proxy).proxy_for(httpx.URL(url)) is None
    ) is bypassed


def test_bad_options_are_found_at_the_start() -> None:
    for wrong in ("", "news\r\nlake", "newslake ", "1/2"):
        with pytest.raises(ValueError, match="user agent"):
            Client(Options(wrong))
    with pytest.raises(ValueError, match="proxy"):
        Proxies(all="socks5://127.0.0.1")
