"""Faults below HTTP, at ``/fault/<name>/<number>`` of the raw port: bytes that no server should send."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.newsroom.log import Entry, Log


@dataclass(slots=True)
class Wire:
    """The connection to whoever asked; counts what is sent."""

    writer: asyncio.StreamWriter
    page: bytes
    entry: Entry

    async def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        if not self.entry.bytes and data[:9] in (b"HTTP/1.1 ", b"HTTP/1.0 ") and data[9:12].isdigit():
            self.entry.status = int(data[9:12])
        self.entry.bytes += len(data)
        self.writer.write(data)
        await self.writer.drain()

    async def respond(self, *headers: str, body: bytes = b"", status: str = "200 OK") -> None:
        """Send a status line, headers and a body, whatever they are."""
        head = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", *headers, "Connection: close"))
        await self.send(head.encode("latin-1") + b"\r\n" + body)

    def reset(self) -> None:
        """End the connection with RST in place of FIN."""
        handle = self.writer.get_extra_info("socket")
        handle.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Break = Callable[[Wire], Awaitable[None]]
RAW: dict[str, Break] = {}
_HTML = "Content-Type: text/html; charset=utf-8"
_FOREVER = 3600.0


def _raw(name: str) -> Callable[[Break], Break]:
    def enter(function: Break) -> Break:
        RAW[name] = function
        return function

    return enter


def _length(wire: Wire, more: int = 0) -> str:
    return f"Content-Length: {len(wire.page) + more}"


@_raw("length-too-long")
async def length_too_long(wire: Wire) -> None:
    """Content-Length promises more than comes."""
    await wire.respond(_HTML, _length(wire, 5_000), body=wire.page)


@_raw("length-too-short")
async def length_too_short(wire: Wire) -> None:
    """Content-Length promises less than comes."""
    await wire.respond(_HTML, _length(wire, -500), body=wire.page)


@_raw("length-garbage")
async def length_garbage(wire: Wire) -> None:
    """Content-Length is no number."""
    await wire.respond(_HTML, "Content-Length: plenty", body=wire.page)


@_raw("length-twice")
async def length_twice(wire: Wire) -> None:
    """Two lengths that contradict each other."""
    await wire.respond(_HTML, _length(wire), "Content-Length: 3", body=wire.page)


@_raw("length-and-chunks")
async def length_and_chunks(wire: Wire) -> None:
    """A length and chunks at once, the mark of request smuggling."""
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(wire.page), wire.page)
    await wire.respond(_HTML, "Content-Length: 30", "Transfer-Encoding: chunked", body=body)


@_raw("headers-contradict")
async def headers_contradict(wire: Wire) -> None:
    """Two types, two ETags, two charsets."""
    await wire.respond(
        "Content-Type: image/png", _HTML, 'ETag: "a"', 'ETag: "b"', _length(wire), body=wire.page
    )


@_raw("reset-mid-body")
async def reset_mid_body(wire: Wire) -> None:
    """The connection is reset within the body."""
    await wire.respond(_HTML, _length(wire), body=wire.page[:1_000])
    await asyncio.sleep(0.02)
    wire.reset()


@_raw("close-at-once")
async def close_at_once(wire: Wire) -> None:
    """No answer."""


@_raw("reset-at-once")
async def reset_at_once(wire: Wire) -> None:
    """No answer, rudely."""
    wire.reset()


@_raw("hang")
async def hang(wire: Wire) -> None:
    """Accepted, and never answered."""
    await asyncio.sleep(_FOREVER)


@_raw("hang-in-headers")
async def hang_in_headers(wire: Wire) -> None:
    """The headers never end."""
    await wire.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n")
    await asyncio.sleep(_FOREVER)


@_raw("headers-drip")
async def headers_drip(wire: Wire) -> None:
    """A byte of the headers every half second."""
    for byte in b"HTTP/1.1 200 OK\r\n" + b"X-Slow: yes\r\n" * 100:
        await wire.send(bytes([byte]))
        await asyncio.sleep(0.5)


@_raw("headers-endless")
async def headers_endless(wire: Wire) -> None:
    """One header after the other, for ever."""
    await wire.send(b"HTTP/1.1 200 OK\r\n")
    while not wire.writer.is_closing():
        await wire.send(b"X-More: and more\r\n" * 500)
        await asyncio.sleep(0)


@_raw("chunk-broken")
async def chunk_broken(wire: Wire) -> None:
    """Chunks that break off."""
    body = b"%x\r\n%s" % (len(wire.page), wire.page[:800])
    await wire.respond(_HTML, "Transfer-Encoding: chunked", body=body)


@_raw("chunk-garbage")
async def chunk_garbage(wire: Wire) -> None:
    """A chunk whose size is no number."""
    await wire.respond(_HTML, "Transfer-Encoding: chunked", body=b"many\r\n" + wire.page)


@_raw("status-garbage")
async def status_garbage(wire: Wire) -> None:
    """No status line at all."""
    await wire.send(b"HELLO THERE\r\n\r\n" + wire.page)


@_raw("status-impossible")
async def status_impossible(wire: Wire) -> None:
    """A status outside 100 to 599."""
    await wire.respond(_HTML, _length(wire), body=wire.page, status="999 Request denied")


@_raw("continue-for-ever")
async def continue_for_ever(wire: Wire) -> None:
    """100 Continue, again and again."""
    while not wire.writer.is_closing():
        await wire.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        await asyncio.sleep(0.05)


@_raw("header-control")
async def header_control(wire: Wire) -> None:
    """Control characters and bare line feeds in a header."""
    await wire.respond(_HTML, "X-Odd: a\x1b[31mred\x07", _length(wire), body=wire.page)


class RawServer:
    """Answers the raw port. ``page``: host and number → a healthy article page."""

    def __init__(self, log: Log, page: Callable[[str, int], bytes]) -> None:
        self._log, self._page = log, page

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one request."""
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, target = f"{head[0]}  ".split(" ")[:2]
            fields = (line.partition(":") for line in head[1:] if ":" in line)
            headers = {name.strip().lower(): value.strip() for name, _, value in fields}
            host, port = writer.get_extra_info("sockname")[:2]
            entry = self._log.begin(host, port, method, target, headers)
            try:
                await self._answer(reader, writer, target, entry)
            finally:
                entry.finish()
        writer.close()

    async def _answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, target: str, entry: Entry
    ) -> None:
        parts = target.partition("?")[0].strip("/").split("/")
        known = len(parts) == 3 and parts[0] == "fault" and parts[1] in RAW and parts[2].isdigit()
        if not known:
            await Wire(writer, b"", entry).respond("Content-Length: 0", status="404 Not Found")
            return
        page = self._page(entry.host, int(parts[2]))
        breaking = asyncio.ensure_future(RAW[parts[1]](Wire(writer, page, entry)))
        leaving = asyncio.ensure_future(reader.read())  # ends when the other side closes
        await asyncio.wait({breaking, leaving}, return_when=asyncio.FIRST_COMPLETED)
        for task in (breaking, leaving):
            task.cancel()
        await asyncio.gather(breaking, leaving, return_exceptions=True)
