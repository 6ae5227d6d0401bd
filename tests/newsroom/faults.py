"""Faults that an ASGI application can commit: one function a fault, each at ``/fault/<name>/<number>`` on any host."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from tests.newsroom.answer import HTML, Answer, conditional, http_date, redirect, zipped


@dataclass(frozen=True, slots=True)
class Ask:
    """What a fault is asked. ``count``: how often this address was before. ``page``: a healthy article page."""

    base: str
    path: str
    name: str
    number: int
    headers: Mapping[str, str]
    count: int
    page: bytes


Fault = Callable[[Ask], Answer]
FAULTS: dict[str, Fault] = {}
_CHUNK = 16 << 10


def fault(name: str) -> Callable[[Fault], Fault]:
    """Enter a fault under its name."""

    def enter(function: Fault) -> Fault:
        FAULTS[name] = function
        return function

    return enter


def _html(body: bytes | AsyncIterator[bytes], *headers: tuple[str, str], status: int = 200) -> Answer:
    return Answer(status, (("content-type", HTML), *headers), body)


def _page(title: str, words: str) -> bytes:
    return (
        f'<!doctype html>\n<html lang="en"><head><title>{title}</title></head><body><h1>{title}</h1>'
        f"<p>{words}</p></body></html>\n"
    ).encode()


def _simple(name: str, answer: Callable[[Ask], Answer]) -> None:
    FAULTS[name] = answer


# Validators that lie.


@fault("etag-changes")
def etag_changes(ask: Ask) -> Answer:
    """The ETag is another one each time, the body never is."""
    return _html(ask.page, ("etag", f'"{ask.count}-{ask.number}"'))


@fault("etag-stays")
def etag_stays(ask: Ask) -> Answer:
    """The body changes each time, and the ETag, on whose word 304 is answered, never does."""
    body = ask.page.replace(b"</h1>", b" (update %d)</h1>" % ask.count, 1)
    return conditional(_html(body, ("etag", '"constant"')), ask.headers)


_simple("unasked-304", lambda ask: Answer(304, (("etag", '"x"'),)))

# Bodies that never end, or cost too much.


@fault("drip")
def drip(ask: Ask) -> Answer:
    """A byte a second."""

    async def bytes_of() -> AsyncIterator[bytes]:
        for position in range(len(ask.page)):
            yield ask.page[position : position + 1]
            await asyncio.sleep(1)

    return _html(bytes_of())


@fault("endless")
def endless(ask: Ask) -> Answer:
    """Text without end."""

    async def chunks() -> AsyncIterator[bytes]:
        yield b"<!doctype html><title>Endless</title><p>"
        while True:
            yield b"and so on, " * (_CHUNK // 11)

    return _html(chunks())


@cache
def bomb(mebibytes: int = 1024) -> bytes:
    """Gzip of so many mebibytes of zeros, about a thousandth of that; its check sum is wrong."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)  # repeats as it stands
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + packed * mebibytes + b"\x03\0" + bytes(8)


_simple("gzip-bomb", lambda ask: _html(bomb(), ("content-encoding", "gzip")))
_simple("gzip-twice", lambda ask: _html(zipped(zipped(ask.page)), ("content-encoding", "gzip, gzip")))
_simple("gzip-invalid", lambda ask: _html(b"this is not gzip" * 50, ("content-encoding", "gzip")))
_simple("gzip-cut", lambda ask: _html(zipped(ask.page)[:-200], ("content-encoding", "gzip")))
_simple("gzip-undeclared", lambda ask: _html(zipped(ask.page)))
_simple("encoding-unknown", lambda ask: _html(b"\x00\x01\x02" * 500, ("content-encoding", "x-secret")))
_simple("nesting", lambda ask: _html(b"<div>" * 50_000 + b"deep" + b"</div>" * 50_000))

# Characters and types.

_simple(
    "charset-wrong",
    lambda ask: Answer(200, (("content-type", "text/html; charset=windows-1251"),), ask.page),
)
_simple(
    "charset-unknown",
    lambda ask: Answer(200, (("content-type", "text/html; charset=klingon-8"),), ask.page),
)


@fault("utf-16")
def utf_16(ask: Ask) -> Answer:
    """UTF-16 with a byte order mark, and no charset in the header."""
    text = ask.page.decode().replace('<meta charset="utf-8">', "", 1)
    return Answer(200, (("content-type", "text/html"),), text.encode("utf-16"))


_simple("type-missing", lambda ask: Answer(200, (), ask.page))
_simple("binary-as-html", lambda ask: _html(bytes(range(256)) * 64))
_simple(
    "image", lambda ask: Answer(200, (("content-type", "image/png"),), b"\x89PNG\r\n\x1a\n" + bytes(2_000))
)
_simple("image-as-html", lambda ask: _html(b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(range(256)) * 20))
_simple(
    "pdf",
    lambda ask: Answer(200, (("content-type", "application/pdf"),), b"%PDF-1.7\n" + b"1 0 obj <<>>\n" * 90),
)
_simple("empty", lambda ask: _html(b""))
_simple("no-content", lambda ask: Answer(204))
_simple("header-huge", lambda ask: _html(ask.page, ("x-trace", "a" * 300_000)))
_simple("cookies-many", lambda ask: _html(ask.page, *(("set-cookie", f"c{n}=1") for n in range(300))))

# Redirects.

_simple("redirect-self", lambda ask: redirect(ask.path))
_simple(
    "redirect-loop",
    lambda ask: redirect(ask.path.partition("?")[0] + ("" if "?" in ask.path else "?again"), 301),
)


@fault("redirect-chain")
def redirect_chain(ask: Ask) -> Answer:
    """Thirty redirects, then the page."""
    hop = int(ask.path.partition("?hop=")[2] or 0)
    return _html(ask.page) if hop >= 30 else redirect(f"{ask.path.partition('?')[0]}?hop={hop + 1}")


_simple("redirect-loopback", lambda ask: redirect("http://127.0.0.1:9/admin"))
_simple("redirect-metadata", lambda ask: redirect("http://169.254.169.254/latest/meta-data/"))
_simple("redirect-file", lambda ask: redirect("file:///etc/passwd"))
_simple("redirect-script", lambda ask: redirect("javascript:alert(1)"))
_simple("redirect-relative", lambda ask: redirect(f"../../a/{50_000 + ask.number}", 301))
_simple("redirect-empty", lambda ask: redirect(""))
_simple("redirect-nowhere", lambda ask: Answer(302))
_simple("redirect-garbage", lambda ask: redirect("http://[::bad/%zz\x7f"))

# Refusals.

_simple("rate-seconds", lambda ask: Answer(429, (("retry-after", "120"),), b"slow down"))


@fault("rate-date")
def rate_date(ask: Ask) -> Answer:
    """Too many requests; come back at a date, two minutes from now."""
    return Answer(429, (("retry-after", http_date(datetime.now(UTC) + timedelta(minutes=2))),), b"slow down")


@fault("rate-once")
def rate_once(ask: Ask) -> Answer:
    """Too many requests, the first time; one second later all is well."""
    return _html(ask.page) if ask.count else Answer(429, (("retry-after", "1"),), b"slow down")


@fault("unavailable-once")
def unavailable_once(ask: Ask) -> Answer:
    """503 the first time, then the page."""
    return _html(ask.page) if ask.count else Answer(503, (), b"back soon")


_simple("error-500", lambda ask: _html(_page("Error", "Something went wrong."), status=500))
_simple("not-found", lambda ask: _html(_page("Not found", "There is nothing here."), status=404))
_simple("gone", lambda ask: _html(_page("Gone", "It was deleted."), status=410))
_simple("forbidden", lambda ask: _html(_page("Forbidden", "You may not read this."), status=403))
_simple("payment", lambda ask: _html(_page("Subscribe", "Subscribe to read on."), status=402))
_simple("status-odd", lambda ask: _html(ask.page, status=599))
_simple("teapot", lambda ask: _html(_page("Teapot", "Short and stout."), status=418))

# Pages that are no article, and say 200.

_simple(
    "paywall-stub",
    lambda ask: _html(
        _page(
            "For subscribers",
            "This article is for subscribers only. Subscribe now for 1 crown a month to read on.",
        )
    ),
)
_simple(
    "soft-404",
    lambda ask: _html(
        _page(
            "Page not found", "The page you are looking for was moved or deleted. Please check the address."
        )
    ),
)
_simple(
    "bot-wall",
    lambda ask: _html(
        _page("Just a moment", "Please enable JavaScript. We are checking your browser before you can enter.")
    ),
)


@fault("cookie-wall")
def cookie_wall(ask: Ask) -> Answer:
    """Redirects to itself until the cookie comes that it sets."""
    if "passed=1" in ask.headers.get("cookie", ""):
        return _html(ask.page)
    return Answer(302, (("location", ask.path), ("set-cookie", "passed=1; Path=/")))


# Feeds.

_FEED = "application/rss+xml"
_ITEM = "<item><title>Gulls</title><link>{}/a/1</link></item>"
_ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))


def _rss(ask: Ask, head: str, item: str) -> Answer:
    text = f'<?xml version="1.0"?>{head}<rss version="2.0"><channel><title>x</title>{item}</channel></rss>'
    return Answer(200, (("content-type", _FEED),), text.encode())


_simple(
    "feed-malformed",
    lambda ask: Answer(
        200, (("content-type", _FEED),), b'<rss version="2.0"><channel><item><title>a & b</titel'
    ),
)
_simple("feed-html", lambda ask: Answer(200, (("content-type", _FEED),), ask.page))
_simple(
    "feed-entity-bomb",
    lambda ask: _rss(
        ask,
        f'<!DOCTYPE r [<!ENTITY e0 "ha">{_ENTITIES}]>',
        f"<item><title>&e9;</title><link>{ask.base}/a/1</link></item>",
    ),
)
_simple(
    "feed-external-dtd",
    lambda ask: _rss(ask, f'<!DOCTYPE rss SYSTEM "{ask.base}/fault/dtd/1">', _ITEM.format(ask.base)),
)
_simple(
    "feed-external-entity",
    lambda ask: _rss(
        ask,
        '<!DOCTYPE rss [<!ENTITY secret SYSTEM "file:///etc/hostname">]>',
        f"<item><title>&secret;</title><link>{ask.base}/a/1</link></item>",
    ),
)
# Asked for only by a parser that loads external DTDs: the log tells.
_simple(
    "dtd", lambda ask: Answer(200, (("content-type", "application/xml-dtd"),), b'<!ENTITY secret "loaded">')
)
# In no list: the one is no fault of its own, the other's target is past loopback, where a client that is allowed
# private addresses might really ask.
UNLISTED = frozenset({"dtd", "redirect-metadata"})
