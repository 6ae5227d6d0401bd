"""Byte streams with bounded memory: a head put back, compressed data expanded, UTF-16 turned into UTF-8."""

from __future__ import annotations

import codecs
import io
import zlib
from abc import abstractmethod
from collections import deque
from typing import TYPE_CHECKING, Any, Literal, Protocol

from tasks.files.model import Limits, Outcome, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from _typeshed import WriteableBuffer

Codec = Literal["gzip", "zstd", "zlib", "deflate"]
# One compressed byte becomes at most 1,032 in zlib; in zstd a block of 128 KiB may take four bytes and a call
# returns all that its input expands to, so that 1 KiB of input keeps a call below 32 MiB.
_SLICE: dict[str, int] = {"gzip": 1 << 16, "zlib": 1 << 16, "deflate": 1 << 16, "zstd": 1 << 10}
_WINDOW_BITS = {"gzip": 16 + zlib.MAX_WBITS, "zlib": zlib.MAX_WBITS, "deflate": -zlib.MAX_WBITS}
_BUFFER = 1 << 17


class Readable(Protocol):
    """Anything with ``read(n)`` that returns at most ``n`` bytes and b"" at the end."""

    def read(self, size: int, /) -> bytes | None:
        """Up to ``size`` bytes."""


def read_head(raw: Readable, size: int) -> tuple[bytes, bool]:
    """The first ``size`` bytes, and whether they are all there is.

    If the stream breaks off within them, what came before is the head; the next read raises the Refusal.
    """
    head = b""
    while len(head) < size:
        try:
            more = raw.read(size - len(head))
        except Refusal:
            if not head:
                raise
            return head, False
        if not more:
            return head, True
        head = head + more if head else more
    return head, False


class Prefixed(io.RawIOBase):
    """``head``, then what is left of ``rest``."""

    def __init__(self, head: bytes, rest: Readable) -> None:
        """``rest`` stays open; its owner closes it."""
        super().__init__()
        self._head = memoryview(head)
        self._rest = rest

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill ``buffer`` as far as one read of the source goes."""
        view = memoryview(buffer)
        data: memoryview | bytes = self._head[: len(view)]
        if data:
            self._head = self._head[len(data) :]
        else:
            data = self._rest.read(len(view)) or b""
        view[: len(data)] = data
        return len(data)


class _Chunked(io.RawIOBase):
    """A raw stream over an iterator of chunks of any length."""

    def __init__(self) -> None:
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    @abstractmethod
    def _more(self, wanted: int) -> bytes | None:
        """The next bytes, b"" if none came of this step, None at the end."""

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        while not self._ready:
            data = self._more(len(view))
            if data is None:
                return 0
            self._ready = memoryview(data)
        part = self._ready[: len(view)]
        view[: len(part)] = part
        self._ready = self._ready[len(part) :]
        return len(part)


class Expanding(_Chunked):
    """The expanded bytes of gzip (all members) or zstd (all frames).

    Raises Refusal with ``corrupt`` where the data breaks off or contradicts itself (whatever came before has
    been handed out by then) and with ``bomb`` by the rule of ``Limits``. ``consumed`` and ``produced`` count
    compressed and expanded bytes.
    """

    def __init__(self, raw: Readable, codec: Codec, limits: Limits) -> None:
        """``raw`` stands at the first compressed byte."""
        super().__init__()
        self.consumed = self.produced = 0
        self._raw = raw
        self._codec = codec
        self._limits = limits
        self._fresh = _decompressor(codec)
        self._current: Any = None
        self._pending = b""
        self._mark = (0, 0)
        self._failed: Refusal | None = None
        self._members: deque[tuple[int, int]] = deque(maxlen=1 << 16)

    def mark(self) -> None:
        """A whole record has been read: the bomb rule starts anew."""
        self._mark = (self.consumed, self.produced)

    def is_bomb(self) -> bool:
        """Whether more than ``max_ratio`` bytes came out of each byte since the last mark."""
        return self.produced - self._mark[1] > self._limits.max_ratio * max(1, self.consumed - self._mark[0])

    def member_at(self, position: int) -> int | None:
        """Compressed offset of the member that starts at this expanded position, if one does.

        Positions have to be asked for in ascending order.
        """
        while self._members and self._members[0][0] < position:
            self._members.popleft()
        return self._members[0][1] if self._members and self._members[0][0] == position else None

    def _more(self, wanted: int) -> bytes | None:
        if self._failed is not None:
            raise self._failed
        try:
            return self._next(wanted)
        except Refusal as refusal:
            self._failed = refusal
            raise

    def _next(self, wanted: int) -> bytes | None:
        chunk = self._pending or self._raw.read(_SLICE[self._codec]) or b""
        if self._current is None:
            if self.consumed and self._codec == "gzip":  # members may be padded with zeros
                padded, chunk = len(chunk), chunk.lstrip(b"\0")
                self.consumed += padded - len(chunk)
                self._pending = b""
                if padded and not chunk:
                    return b""
            if not chunk:
                return None
            self._current = self._fresh()
            if self._members and self._members[-1][0] == self.produced:  # an empty member
                self._members.pop()
            self._members.append((self.produced, self.consumed))
        expanded, rest, ended = self._expand(chunk, wanted)
        if not chunk and not expanded and not ended:
            raise Refusal(Outcome.CORRUPT, f"breaks off in the middle of its {self._codec} data")
        self.consumed += len(chunk) - len(rest)
        self.produced += len(expanded)
        self._pending = rest
        if ended:
            self._current = None
        if self.produced - self._mark[1] > self._limits.max_expanded_bytes and self.is_bomb():
            raise Refusal(
                Outcome.BOMB, f"expands to more than {self._limits.max_ratio} times its compressed size"
            )
        return expanded

    def _expand(self, chunk: bytes, wanted: int) -> tuple[bytes, bytes, bool]:
        """What came out, what of the chunk is left over, and whether the member ended."""
        current = self._current
        try:
            if self._codec == "zstd":
                expanded = current.decompress(chunk) if chunk else b""
                return expanded, current.unused_data if current.eof else b"", current.eof
            expanded = current.decompress(chunk, wanted)
        except _broken_data() as error:
            raise Refusal(Outcome.CORRUPT, f"holds broken {self._codec} data ({one_line(error)})") from error
        return expanded, current.unused_data if current.eof else current.unconsumed_tail, current.eof


def _decompressor(codec: Codec) -> Callable[[], Any]:
    if codec == "zstd":
        import zstandard

        return lambda: zstandard.ZstdDecompressor().decompressobj()
    return lambda: zlib.decompressobj(_WINDOW_BITS[codec])


def _broken_data() -> tuple[type[Exception], ...]:
    import zstandard

    return (zlib.error, zstandard.ZstdError)


class Recoded(_Chunked):
    """Text in a wide charset (UTF-16, UTF-32) as UTF-8; damaged units become U+FFFD."""

    def __init__(self, raw: Readable, charset: str) -> None:
        """``raw`` stands at the first byte of the text."""
        super().__init__()
        self._raw = raw
        self._decoder = codecs.getincrementaldecoder(charset)("replace")
        self._ended = False

    def _more(self, wanted: int) -> bytes | None:
        if self._ended:
            return None
        data = self._raw.read(_BUFFER) or b""
        self._ended = not data
        return self._decoder.decode(data, final=self._ended).encode("utf-8", "replace")


def buffered(raw: io.RawIOBase) -> io.BufferedReader:
    """A buffered reader with the buffer size of this package."""
    return io.BufferedReader(raw, _BUFFER)


def bounded_lines(stream: io.BufferedReader, limit: int) -> Iterator[tuple[bytes | None, int]]:
    """Each line with its length; None in its place if it is longer than ``limit`` (it is streamed past)."""
    while line := stream.readline(limit + 1):
        if len(line) <= limit or (len(line) == limit + 1 and line.endswith(b"\n")):
            yield line, len(line)
            continue
        size = len(line)
        del line
        while piece := stream.readline(_BUFFER):
            size += len(piece)
            if piece.endswith(b"\n"):
                break
        yield None, size


def one_line(message: object, longest: int = 200) -> str:
    """A message on one line, without control characters."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in str(message)[: 4 * longest]).split())
    return flat if len(flat) <= longest else flat[: longest - 1] + "…"
