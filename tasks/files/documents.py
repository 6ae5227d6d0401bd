"""From paths on the command line to documents: the entry of this package."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, BinaryIO

from tasks.files.model import DEFAULT_LIMITS, Document, Limits, Media, Outcome, Refusal
from tasks.files.paths import STDIN, failed, listing, refused
from tasks.files.sniff import Kind, Sniffed, sniff
from tasks.files.source import Source, open_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def documents(
    paths: Sequence[str],
    *,
    limits: Limits = DEFAULT_LIMITS,
    stdin: BinaryIO | None = None,
    leave_out: str | None = None,
) -> Iterator[Document]:
    """Every document that the paths lead to, in a fixed order, and a record of everything that gave none.

    A path is a file, a directory (recursively, sorted, hidden names left out), a glob pattern (``**`` too) or
    ``-`` for standard input (``stdin``, else the process's). Files are told by content: plain text, HTML,
    JSON lines, JSON, CSV, Parquet, WARC, each also in gzip or zstd. A file that several paths lead to is read
    once; the directory ``leave_out`` is not entered, whatever leads to it. Memory stays bounded whatever the
    files hold. Bad input never raises.
    """
    seen: set[tuple[int, int, int]] = set()
    read_stdin = False
    for path in listing(paths, leave_out):
        if isinstance(path, Document):
            yield path
        elif path != STDIN:
            yield from _file(path, limits, seen)
        elif not read_stdin:
            read_stdin = True
            yield from _stdin(stdin, limits)


def extract_rows(stream: BinaryIO, *, limits: Limits = DEFAULT_LIMITS) -> Iterator[Document]:
    """Documents of JSON lines ``{"id", "url"?, "html" | "text"}``, in order, one for each line not blank.

    Each is handed out as soon as its line is there. A line that is no such row gives a ``bad_record``.
    """
    from tasks.files.jsonl import read_lines
    from tasks.files.source import Available

    source = Source(STDIN, Available(stream), b"", False, 0, limits)
    try:
        yield from read_lines(source)
    except OSError as error:
        yield failed(STDIN, error)


def _file(path: str, limits: Limits, seen: set[tuple[int, int, int]]) -> Iterator[Document]:
    try:
        file, status = open_file(path)
    except OSError as error:
        yield failed(path, error)
        return
    except Refusal as refusal:
        yield refused(path, refusal.outcome, refusal.reason)
        return
    with file:
        # With the time of change, since a file removed while we read leaves its number to the next one made.
        identity = (status.st_dev, status.st_ino, status.st_mtime_ns)
        if identity in seen:
            return
        seen.add(identity)
        try:
            yield from _documents(Source.of_file(path, file, status.st_size, limits))
        except Refusal as refusal:
            yield refused(path, refusal.outcome, refusal.reason, status.st_size)
        except OSError as error:
            yield failed(path, error)


def _stdin(stdin: BinaryIO | None, limits: Limits) -> Iterator[Document]:
    stream = stdin
    if stream is None and sys.stdin is not None:
        stream = sys.stdin.buffer
    if stream is None or stream.closed:
        yield refused(STDIN, Outcome.UNREADABLE, "is closed")
        return
    try:
        yield from _documents(Source.of_stream(stream, limits))
    except Refusal as refusal:
        yield refused(STDIN, refusal.outcome, refusal.reason)
    except OSError as error:
        yield failed(STDIN, error)


def _documents(source: Source) -> Iterator[Document]:
    found = sniff(source.head, whole=source.whole)
    if found.kind in {Kind.TEXT, Kind.HTML}:
        yield _single(source, found)
        return
    if found.kind in {Kind.GZIP, Kind.ZSTD} and source.expanding is None:
        yield from _documents(source.expanded("gzip" if found.kind is Kind.GZIP else "zstd"))
        return
    for document in _rows(source, found):
        yield document
        if source.expanding is not None and document.outcome is Outcome.READ:
            source.expanding.mark()


def _single(source: Source, found: Sniffed) -> Document:
    body = source.content()
    if body.isspace():
        raise Refusal(Outcome.EMPTY, "holds only white space")
    media: Media = "html" if found.kind is Kind.HTML else "text"
    return Document(source.location, body, media, size=len(body))


def _rows(source: Source, found: Sniffed) -> Iterator[Document]:
    """The documents of a container. Readers are imported where needed: a text needs none of them."""
    if found.charset is not None:
        source = source.recoded(found.charset)
    match found.kind:
        case Kind.JSONL:
            from tasks.files import jsonl

            return jsonl.read_lines(source)
        case Kind.JSON:
            from tasks.files import jsonl

            return jsonl.read_values(source)
        case Kind.TABLE:
            from tasks.files import table

            return table.read_table(source, found.delimiter)
        case Kind.WARC:
            from tasks.files import warc

            return warc.read_warc(source)
        case Kind.PARQUET:
            from tasks.files import parquet

            return parquet.read_parquet(source)
        case Kind.EMPTY:
            raise Refusal(Outcome.EMPTY, "holds only white space" if source.head else "is empty")
        case Kind.XML:
            raise Refusal(Outcome.NOT_HTML_OR_TEXT, "is XML, but not a page")
    if source.is_bomb():
        ratio = source.limits.max_ratio
        raise Refusal(Outcome.BOMB, f"expands to more than {ratio} times its compressed size")
    compressed = found.kind in {Kind.GZIP, Kind.ZSTD}
    raise Refusal(
        Outcome.BINARY, f"holds {'compressed data within compressed data' if compressed else found.what}"
    )
