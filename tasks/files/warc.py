"""WARC 1.0 and 1.1: the captures among the records of a web archive."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from warcio.bufferedreaders import ChunkedDataReader
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

from tasks.files.http_body import WHY, decoded, media_of
from tasks.files.model import Document, Outcome, Refusal
from tasks.files.streams import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tasks.files.source import Source

_VERSION = re.compile(rb"WARC/[01]\.\d+\s*$")
_LONGEST_HEADER = 1 << 20
_PIECE = 1 << 20
_CAPTURES = {"response", "resource", "conversion"}
_CHARSET = re.compile(r"""charset\s*=\s*["']?([^\s;,"']+)""", re.IGNORECASE)


class _Cursor:
    """The stream with a position, bounded headers, and breaking off told apart from ending."""

    def __init__(self, source: Source) -> None:
        self._stream = source.stream
        self.position = 0

    def line(self, longest: int = _PIECE) -> bytes:
        line = self._stream.readline(longest)
        self.position += len(line)
        return line

    def header(self, first: bytes) -> StatusAndHeaders | None:
        """The header that starts with this line, None if it is longer than any header is."""
        lines = [first]
        size = len(first)
        while True:
            line = self.line()
            lines.append(line)
            size += len(line)
            if size > _LONGEST_HEADER:
                return None
            if not line:
                raise Refusal(Outcome.CORRUPT, "breaks off in the header of a WARC record")
            if not line.strip():
                return _headers(b"".join(lines))

    def block(self, length: int) -> bytes:
        data = self._stream.read(length)
        self.position += len(data)
        self._require(length - len(data))
        return data

    def skip(self, length: int) -> None:
        while length and (piece := self._stream.read(min(length, _PIECE))):
            length -= len(piece)
            self.position += len(piece)
        self._require(length)

    @staticmethod
    def _require(missing: int) -> None:
        if missing:
            raise Refusal(Outcome.CORRUPT, "breaks off in the middle of a WARC record")


def read_warc(source: Source) -> Iterator[Document]:
    """A document for each capture: response, resource, conversion, revisit (as ``unchanged``).

    Requests, metadata, warcinfo and DNS records are no documents. Where a record is damaged, reading goes on
    at the next one.
    """
    cursor = _Cursor(source)
    number = 0
    lost = False
    while True:
        start = cursor.position
        line = cursor.line()
        if not line:
            break
        if not line.strip():
            continue
        location = _location(source, start, number + 1)
        if not _VERSION.match(line):
            if not lost:
                why = f"{source.name} has no WARC record where one should be, at byte {start}"
                yield Document(location, outcome=Outcome.CORRUPT, error=why)
            lost = True
            continue
        lost = False
        number += 1
        headers = cursor.header(line)
        length = None if headers is None else _length(headers)
        if headers is None or length is None:
            lost = True
            why = f"{source.name}, WARC record {number}, has a broken header"
            yield Document(location, outcome=Outcome.CORRUPT, error=why)
            continue
        yield from _record(source, cursor, headers, Document(location, size=length), number)
    if number == 0:
        raise Refusal(Outcome.CORRUPT, "holds no WARC record")


def _record(
    source: Source, cursor: _Cursor, headers: StatusAndHeaders, document: Document, number: int
) -> Iterator[Document]:
    """What becomes of one record, whose block the cursor stands at. ``document.size``: the block's length."""
    kind = (headers.get_header("WARC-Type") or "").lower()
    url = (headers.get_header("WARC-Target-URI") or "").strip().strip("<>") or None
    document = replace(document, url=url, captured_at=_time(headers.get_header("WARC-Date")))
    length = document.size
    name = f"{source.name}, WARC record {number},"
    limit = source.limits.max_document_bytes
    if kind in _CAPTURES and not (url or "").startswith("dns:"):
        if length > limit + _LONGEST_HEADER:
            cursor.skip(length)
            why = f"{name} is longer than the limit of {limit} bytes"
            yield replace(document, outcome=Outcome.TOO_LARGE, error=why)
            return
        block = cursor.block(length)
        try:
            yield _capture(source, document, headers.get_header("Content-Type") or "", block, name)
        except Refusal as refusal:
            yield replace(document, outcome=refusal.outcome, error=f"{name} {refusal.reason}")
        return
    cursor.skip(length)
    if kind == "revisit":
        why = f"{name} is a revisit: the content is that of an earlier capture"
        yield replace(document, outcome=Outcome.UNCHANGED, error=why)
    elif kind == "continuation":
        why = f"{name} continues another record; records in several segments are not joined"
        yield replace(document, outcome=Outcome.BAD_RECORD, error=why)


def _capture(source: Source, document: Document, content_type: str, block: bytes, name: str) -> Document:
    """The document of a record's block, the HTTP header taken off and the body's encodings undone."""
    limits = source.limits
    status = None
    if content_type.lower().startswith("application/http") or block.startswith(b"HTTP/"):
        if not block.startswith(b"HTTP/"):
            outcome = Outcome.BAD_RECORD if block.strip() else Outcome.EMPTY
            raise Refusal(outcome, "holds no HTTP response")
        stream = io.BytesIO(block)
        headers = StatusAndHeadersParser([], verify=False).parse(stream)
        if stream.tell() == len(block) and not block.endswith((b"\n\r\n", b"\n\n")):
            raise Refusal(Outcome.CORRUPT, "breaks off in its HTTP header")
        code = headers.get_statuscode()
        status = int(code) if re.fullmatch(r"[1-9]\d\d", code) else None
        content_type = headers.get_header("Content-Type") or ""
        if "chunked" in (headers.get_header("Transfer-Encoding") or "").lower():
            block = ChunkedDataReader(stream).read()
        else:
            block = stream.read()
        document = replace(document, status=status, content_type=one_line(content_type) or None)
        try:
            block = decoded(block, headers.get_header("Content-Encoding") or "", limits)
        except Refusal as refusal:
            return replace(document, outcome=refusal.outcome, error=f"{name} {refusal.reason}")
    charset = _CHARSET.search(content_type)
    document = replace(
        document,
        content_type=one_line(content_type) or None,
        charset=charset[1][:40] if charset else None,
        size=len(block),
    )
    if len(block) > limits.max_document_bytes:
        why = f"{name} is longer than the limit of {limits.max_document_bytes} bytes"
        return replace(document, outcome=Outcome.TOO_LARGE, error=why)
    media = media_of(content_type, block)
    if isinstance(media, Outcome):
        return replace(document, outcome=media, error=f"{name} {WHY[media]} ({document.content_type})")
    return replace(document, body=block, media=media)


def _headers(block: bytes) -> StatusAndHeaders:
    return StatusAndHeadersParser([], verify=False).parse(io.BytesIO(block))


def _length(headers: StatusAndHeaders) -> int | None:
    value = (headers.get_header("Content-Length") or "").strip()
    return int(value) if re.fullmatch(r"[0-9]{1,18}", value) else None


def _time(value: str | None) -> datetime | None:
    """A WARC-Date in UTC; None for one of less than a whole second (WARC 1.1 allows a bare year)."""
    if not value or "T" not in value:
        return None
    try:
        time = datetime.fromisoformat(value.strip())
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _location(source: Source, position: int, number: int) -> str:
    """By offset in the file where there is one: compressed records have it if each is a member of its own."""
    if source.expanding is None:
        return f"{source.location}#offset={position}"
    offset = source.expanding.member_at(position)
    return f"{source.location}#record={number}" if offset is None else f"{source.location}#offset={offset}"
