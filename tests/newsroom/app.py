"""The newsroom as an ASGI application: outlets, faults, and its own controls under ``/__/``."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

from tests.newsroom.answer import Answer, conditional
from tests.newsroom.articles import World
from tests.newsroom.faults import FAULTS, UNLISTED, Ask
from tests.newsroom.log import Entry, Log
from tests.newsroom.raw import RAW
from tests.newsroom.site import Site

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
SLOW = 0.5  # seconds that hosts 127.0.4.x take for an answer


class Newsroom:
    """The application. ``port`` is the one it is served on; the raw faults are on the next."""

    def __init__(self, world: World, port: int) -> None:
        self.log, self.site, self._port = Log(), Site(world, port), port

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        host = scope["server"][0]
        path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
        if path.startswith("/__/"):
            await _send(self._control(scope["method"], path), None, scope["method"], receive, send)
            return
        target = f"{path}?{query}" if query else path
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        entry = self.log.begin(host, self._port, scope["method"], target, headers)
        try:
            if host.startswith("127.0.4."):
                await asyncio.sleep(SLOW)
            answer = self._answer(host, path, query, target, headers)
            await _send(answer, entry, scope["method"], receive, send)
        finally:
            entry.finish()

    def _answer(self, host: str, path: str, query: str, target: str, headers: dict[str, str]) -> Answer:
        if not path.startswith("/fault/"):
            return conditional(self.site.answer(host, path, query), headers)
        if path == "/fault/feed.xml":
            asked = {name: int(value) for name, value in parse_qsl(query) if value.isdigit()}
            feed = self._fault_feed(asked.get("n", len(fault_names())), asked.get("spread", 1))
            return Answer(200, (("content-type", "application/rss+xml"),), feed.encode())
        parts = path.split("/")
        if len(parts) != 4 or parts[2] not in FAULTS or not parts[3].isdigit():
            return Answer(404)
        number = int(parts[3])
        return FAULTS[parts[2]](
            Ask(
                base=self.site.base(host),
                path=target,
                name=parts[2],
                number=number,
                headers=headers,
                count=self.log.count(f"{host}{target}"),
                page=self.site.generic_page(host, number),
            )
        )

    def _fault_feed(self, count: int, spread: int) -> str:
        items = "\n".join(
            f"<item><title>{name} {number}</title><link>{url}</link><guid>{url}</guid></item>"
            for name, number, url in fault_urls(self._port, count, spread)
        )
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>Faults</title>'
            f"<link>http://127.0.2.1:{self._port}/</link><description>Faults</description>\n{items}\n"
            "</channel></rss>\n"
        )

    def _control(self, method: str, path: str) -> Answer:
        if method == "GET" and path == "/__/log":
            return Answer(200, (("content-type", "application/x-ndjson"),), self.log.lines().encode())
        if method == "POST" and path == "/__/advance":
            self.site.go_to(self.site.edition + 1)
        elif method == "POST" and path == "/__/reset":
            self.log.clear()
            self.site.go_to(0)
        elif method != "GET" or path != "/__/state":
            return Answer(404)
        time = self.site.world.time(self.site.edition).isoformat()
        state = {"edition": self.site.edition, "time": time, "faults": fault_names()}
        return Answer(200, (("content-type", "application/json"),), json.dumps(state).encode())


def fault_names() -> list[str]:
    """All faults, those of the raw port last."""
    return [*(name for name in FAULTS if name not in UNLISTED), *RAW]


def fault_urls(port: int, count: int, spread: int = 1) -> list[tuple[str, int, str]]:
    """``count`` addresses over all faults in turn, as (fault, number, URL).

    Each fault has a host of its own, or ``spread`` of them: one that asks to be left alone delays no other.
    """
    names = fault_names()
    urls = []
    for position in range(count):
        which, number = position % len(names), position // len(names)
        name = names[which]
        at = port + 1 if name in RAW else port
        urls.append(
            (name, number, f"http://127.0.{20 + number % spread}.{1 + which}:{at}/fault/{name}/{number}")
        )
    return urls


async def _send(answer: Answer, entry: Entry | None, method: str, receive: Receive, send: Send) -> None:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    if isinstance(answer.body, bytes) and answer.status not in (204, 304):
        headers.append((b"content-length", b"%d" % len(answer.body)))
    if entry:
        entry.status = answer.status
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if isinstance(answer.body, bytes):
        body = b"" if method == "HEAD" or answer.status in (204, 304) else answer.body
        await send({"type": "http.response.body", "body": body})
        if entry:
            entry.bytes = len(body)
        return
    await _stream(answer.body, entry, receive, send)


async def _stream(parts: AsyncIterator[bytes], entry: Entry | None, receive: Receive, send: Send) -> None:
    """Send parts as they come, until they end or the other side has gone."""
    gone = asyncio.ensure_future(_disconnected(receive))
    try:
        while True:
            following = asyncio.ensure_future(anext(parts, None))
            await asyncio.wait({following, gone}, return_when=asyncio.FIRST_COMPLETED)
            part = following.result() if following.done() else None
            if part is None or gone.done():
                following.cancel()
                break
            await send({"type": "http.response.body", "body": part, "more_body": True})
            if entry:
                entry.bytes += len(part)
        await send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
