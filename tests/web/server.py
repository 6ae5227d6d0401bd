"""A loopback HTTP server that can misbehave at the byte level, and remembers when it was asked for what."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import TracebackType
from urllib.parse import urlsplit


@dataclass
class Hit:
    """One request: what was asked for, and when its answer began and ended (monotonic seconds)."""

    address: str
    method: str
    target: str
    headers: dict[str, str]
    start: float
    end: float = 0.0

    @property
    def path(self) -> str:
        return urlsplit(self.target).path  # a proxy is asked for whole addresses


Handler = Callable[[Hit, asyncio.StreamWriter], Awaitable[None]]


def reply(body: bytes | str = b"", status: int = 200, **headers: str) -> bytes:
    """A response's bytes. ``content_type="…"`` gives Content-Type; Content-Length is right unless given."""
    data = body.encode() if isinstance(body, str) else body
    given = {"content-length": str(len(data))} | {k.replace("_", "-"): v for k, v in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"HTTP/1.1 {status} Status\r\n{lines}\r\n".encode() + data


@dataclass
class Server:
    """Serves ``routes`` (path → response bytes, several for one after the other, or a handler) on loopback.

    What is not in ``routes`` goes to ``other``. A handler writes to the stream; the connection stays open unless it
    closes it.
    """

    routes: dict[str, bytes | list[bytes] | Handler] = field(default_factory=dict)
    addresses: tuple[str, ...] = ("127.0.0.1",)
    other: bytes | Handler = field(default_factory=lambda: reply("nothing here", 404))
    tls: ssl.SSLContext | None = None
    hits: list[Hit] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    _server: asyncio.Server | None = None
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    def url(self, path: str = "/", address: str | None = None) -> str:
        scheme = "https" if self.tls else "http"
        return f"{scheme}://{address or self.addresses[0]}:{self.port}{path}"

    def paths(self) -> list[str]:
        """What was asked for, robots.txt aside."""
        return [hit.path for hit in self.hits if hit.path != "/robots.txt"]

    async def __aenter__(self) -> Server:
        self._server = await asyncio.start_server(
            self._serve, list(self.addresses[:1]), self.port, ssl=self.tls, backlog=512
        )
        self.port = self._server.sockets[0].getsockname()[1]
        self._more = [
            await asyncio.start_server(self._serve, address, self.port, backlog=512)
            for address in self.addresses[1:]
        ]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for server in (self._server, *self._more):
            assert server is not None
            server.close()
        for writer in self._writers:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.add(writer)
        address = writer.get_extra_info("sockname")[0]
        try:
            while not writer.is_closing():
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                first, *lines = head.split("\r\n")[:-2]
                method, target, _ = first.split(" ")
                headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
                hit = Hit(address, method, target, headers, time.monotonic())
                self.hits.append(hit)
                await self._answer(hit, writer)
                await writer.drain()
                hit.end = time.monotonic()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass  # the client went, or the test is over
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _answer(self, hit: Hit, writer: asyncio.StreamWriter) -> None:
        answer = self.routes.get(hit.path, self.other)
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if isinstance(answer, bytes):
            writer.write(answer)
        else:
            await answer(hit, writer)
