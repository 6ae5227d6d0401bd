"""An input that has been opened: where it is, its bytes, and how to speak of it."""

from __future__ import annotations

import codecs
import io
import os
import stat
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

from tasks.files.model import Document, Limits, Outcome, Refusal
from tasks.files.paths import STDIN, refused, shown, uri
from tasks.files.sniff import HEAD
from tasks.files.streams import Codec, Expanding, Prefixed, Readable, Recoded, buffered, read_head

_MEGABYTE = 1 << 20
_SPECIAL = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a directory",
}


def open_file(path: str) -> tuple[io.FileIO, os.stat_result]:
    """The one place where files are opened. Raises OSError, or Refusal for what is no regular file."""
    _regular(os.stat(path))  # before opening: devices may act on being opened
    # Should it have become a pipe in between, O_NONBLOCK keeps the call from waiting for a writer.
    file = io.FileIO(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC))
    try:
        status = os.fstat(file.fileno())
        _regular(status)
    except BaseException:
        file.close()
        raise
    return file, status


def _regular(status: os.stat_result) -> None:
    kind = stat.S_IFMT(status.st_mode)
    if kind != stat.S_IFREG:
        what = _SPECIAL.get(kind, "a special file")
        raise Refusal(Outcome.UNREADABLE, f"cannot be read: it is {what}, not a file")


class Available:
    """A stream that hands out what it has instead of waiting until a read is filled."""

    def __init__(self, stream: BinaryIO) -> None:
        """``stream`` stays open; its owner closes it."""
        self._read = getattr(stream, "read1", stream.read)

    def read(self, size: int, /) -> bytes:
        """Up to ``size`` bytes."""
        data: bytes | None = self._read(size)
        return data or b""


@dataclass(frozen=True)
class Source:
    """One input, or what a compressed one holds. ``raw`` goes on where ``head`` ends (``whole``: nowhere).

    ``size`` is the file's length on disk, 0 for standard input. ``file`` is the file itself where the content
    may be read from it in any order; ``expanding`` the decompressor where it comes through one.
    """

    path: str
    raw: Readable
    head: bytes
    whole: bool
    size: int
    limits: Limits
    file: io.FileIO | None = None
    expanding: Expanding | None = None

    @classmethod
    def of_file(cls, path: str, file: io.FileIO, size: int, limits: Limits) -> Source:
        """Of a file just opened."""
        return cls(path, file, *read_head(file, HEAD), size, limits, file=file)

    @classmethod
    def of_stream(cls, stream: BinaryIO, limits: Limits) -> Source:
        """Of standard input."""
        raw = Available(stream)
        return cls(STDIN, raw, *read_head(raw, HEAD), 0, limits)

    def expanded(self, codec: Codec) -> Source:
        """What this gzip or zstd input holds."""
        raw = Expanding(Prefixed(self.head, self.raw), codec, self.limits)
        return Source(self.path, raw, *read_head(raw, HEAD), self.size, self.limits, expanding=raw)

    def recoded(self, charset: str) -> Source:
        """This input, written in UTF-16 or UTF-32, as UTF-8 without a mark."""
        raw = Recoded(Prefixed(self.head, self.raw), charset)
        return Source(self.path, raw, b"", False, self.size, self.limits, expanding=self.expanding)

    @cached_property
    def location(self) -> str:
        """The input's URI."""
        return uri(self.path)

    @cached_property
    def name(self) -> str:
        """The input as messages call it."""
        return shown(self.path)

    @cached_property
    def stream(self) -> io.BufferedReader:
        """The content from its first byte; a UTF-8 mark is left out."""
        return buffered(Prefixed(self.head.removeprefix(codecs.BOM_UTF8), self.raw))

    def refused(self, outcome: Outcome, reason: str) -> Document:
        """The record of refusing the input as a whole, or what is left of it."""
        return refused(self.path, outcome, reason, self.size)

    def content(self) -> bytes:
        """All bytes of an input that is one document. Raises Refusal if there are more than may be."""
        longest = self.limits.max_document_bytes
        if self.whole and len(self.head) <= longest:
            return self.head
        data = buffered(Prefixed(self.head, self.raw)).read(longest + 1)
        if len(data) <= longest:
            return data
        if self.expanding is not None and self.expanding.is_bomb():
            raise Refusal(
                Outcome.BOMB, f"expands to more than {self.limits.max_ratio} times its compressed size"
            )
        raise Refusal(Outcome.TOO_LARGE, f"is longer than the limit of {longest} bytes")

    def is_bomb(self) -> bool:
        """Whether compressed data that is no text is a bomb: expands it, up to a document's limit."""
        if self.expanding is None:
            return False
        left = self.limits.max_document_bytes
        while left >= 0 and (piece := self.stream.read(min(left + 1, _MEGABYTE))):
            left -= len(piece)
        return left < 0 and self.expanding.is_bomb()
