"""A response's body as it comes in: Content-Encoding undone piece by piece, so that nothing inflates in memory."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import brotli  # type: ignore[import-untyped]
import zstandard

from tasks.files.model import DEFAULT_LIMITS, Outcome
from tasks.web.failure import Failure

# Bytes that go in and, at most, come out at once. In zstd all of a slice is expanded, up to 128 KiB from four bytes.
_SLICE = 512
_PIECE = 1 << 18
_MOST_ENCODINGS = 2


class _Codec(Protocol):
    """One encoding being undone."""

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""

    def expand(self, data: bytes) -> Iterator[bytes]:
        """What the next bytes expand to, in pieces of bounded size. Raises its library's error."""


class _Plain:
    complete = True

    def expand(self, data: bytes) -> Iterator[bytes]:
        yield data


class _Members:
    """gzip, zlib, deflate and zstd: members one after the other; what follows the last one is ignored."""

    def __init__(self, fresh: Callable[[], Any], piece: Callable[[Any, bytes], tuple[bytes, bytes]]) -> None:
        self._fresh = fresh
        self._piece = piece
        self._current = fresh()
        self._members = 0
        self._over = False

    @property
    def complete(self) -> bool:
        return self._over or self._current.eof

    def expand(self, data: bytes) -> Iterator[bytes]:
        part = b""
        while (data or len(part) >= _PIECE) and not self._over:
            if self._current.eof:
                self._members += 1
                self._current = self._fresh()
            try:
                part, data = self._piece(self._current, data)
            except (zlib.error, zstandard.ZstdError):
                if not self._members:
                    raise
                self._over = True
                return
            yield part


class _Brotli:
    def __init__(self) -> None:
        self._decompressor = brotli.Decompressor()

    @property
    def complete(self) -> bool:
        return bool(self._decompressor.is_finished())

    def expand(self, data: bytes) -> Iterator[bytes]:
        if self.complete:
            return
        yield self._decompressor.process(data, output_buffer_limit=_PIECE)
        while not (self.complete or self._decompressor.can_accept_more_data()):
            yield self._decompressor.process(b"", output_buffer_limit=_PIECE)


def _zlib_piece(current: Any, data: bytes) -> tuple[bytes, bytes]:
    part = current.decompress(data, _PIECE)
    return part, current.unused_data if current.eof else current.unconsumed_tail


def _zstd_piece(current: Any, data: bytes) -> tuple[bytes, bytes]:
    part = current.decompress(data)
    return part, current.unused_data if current.eof else b""


def _zlib(window: int) -> _Codec:
    return _Members(lambda: zlib.decompressobj(window), _zlib_piece)


def _codec(encoding: str, head: bytes) -> _Codec:
    """What undoes an encoding. Many a server declares one and sends the body as it is: ``head`` tells."""
    if encoding in {"gzip", "x-gzip"}:
        return _zlib(16 + zlib.MAX_WBITS) if head.startswith(b"\x1f") else _Plain()
    if encoding == "zstd":
        zstd = zstandard.ZstdDecompressor()
        return _Members(zstd.decompressobj, _zstd_piece) if head.startswith(b"\x28") else _Plain()
    if encoding not in {"deflate", "br"}:
        raise Failure(Outcome.BROKEN, f"has an unknown Content-Encoding: {encoding[:40]}")
    if head.startswith((b"<", b"{")):
        return _Plain()
    if encoding == "br":
        return _Brotli()
    # The standard's deflate has a zlib header; servers send it without as well.
    return _zlib(zlib.MAX_WBITS if head[0] & 0x0F == 8 else -zlib.MAX_WBITS)


class Body:
    """Takes the bytes on the wire with ``feed``; ``finish`` gives the body.

    Both raise Failure: ``too_large`` or ``bomb`` beyond ``max_bytes`` (on the wire or after any step of
    decompression), ``broken`` for an encoding that is unknown, wrong or breaks off.
    """

    def __init__(self, encodings: str, max_bytes: int) -> None:
        """``encodings``: the value of Content-Encoding."""
        names = [name.strip().lower() for name in encodings.split(",")]
        self._encodings = [n for n in reversed(names) if n not in {"", "identity", "none", "utf-8"}]
        if len(self._encodings) > _MOST_ENCODINGS:
            raise Failure(Outcome.BROKEN, f"has {len(self._encodings)} Content-Encodings")
        self._max_bytes = max_bytes
        self.received = 0
        self._codecs: list[_Codec] = []
        self._sizes = [0] * (len(self._encodings) + 1)
        self._parts: list[bytes] = []

    @property
    def size(self) -> int:
        """Bytes of the body so far."""
        return self._sizes[-1]

    def feed(self, data: bytes) -> None:
        """The next bytes on the wire; ``received`` counts them."""
        self.received += len(data)
        if not self._encodings:
            return self._take(0, data)
        try:
            for start in range(0, len(data), _SLICE):
                self._take(0, data[start : start + _SLICE])
        except (zlib.error, zstandard.ZstdError, brotli.error) as error:
            raise Failure(Outcome.BROKEN, f"holds broken compressed data: {error}") from None

    def head(self) -> bytes:
        """The body as far as it has come, at most ``max_bytes``."""
        return b"".join(self._parts)[: self._max_bytes]

    def finish(self) -> bytes:
        """The whole body: nothing more comes."""
        if not all(codec.complete for codec in self._codecs):
            raise Failure(Outcome.BROKEN, "its compressed data breaks off")
        return self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)

    def _take(self, step: int, data: bytes) -> None:
        """``data`` came out of step - 1; the body comes out of the last one."""
        if not data:
            return
        self._sizes[step] += len(data)
        if step == len(self._encodings):
            self._parts.append(data)
        if self._sizes[step] > self._max_bytes:
            raise self._outgrown(step)
        if step == len(self._encodings):
            return
        if step == len(self._codecs):
            self._codecs.append(_codec(self._encodings[step], data))
        for part in self._codecs[step].expand(data):
            self._take(step + 1, part)

    def _outgrown(self, step: int) -> Failure:
        ratio = DEFAULT_LIMITS.max_ratio
        if step and self._sizes[step] > ratio * self._sizes[0]:
            return Failure(Outcome.BOMB, f"expands to more than {ratio} times its compressed size")
        return Failure(Outcome.TOO_LARGE, f"longer than {self._max_bytes} bytes")
