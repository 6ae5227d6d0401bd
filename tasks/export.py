"""Captures as a web archive: WARC 1.1, which warcio, pywb and ``newslake load`` read."""

from __future__ import annotations

import importlib.metadata
import os
import re
import uuid
from bisect import bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tasks.lake.catalog import connect
from tasks.lake.store import Lake
from tasks.lake.stored import Selection, pieces

_VERSION = "1.1"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_STATUSES = frozenset(HTTPStatus)
_TYPES = {"html": "text/html", "text": "text/plain"}

_Row = Mapping[str, Any]


class _Original(NamedTuple):
    """A response in the archive that an unchanged capture may refer to."""

    date: str
    digest: str
    url: str


def write_warc(lake: Lake, file: Path, selection: Selection) -> Counter[str]:
    """Write the captures selected to ``file``, each record compressed by itself where the name ends in .gz.

    What was fetched is a ``response``, after one for each redirect that led to it; what was unchanged a ``revisit`` of
    a response in the same archive; everything else a ``resource``, under its address or, where it has none, its file's.
    Bodies are as stored: decompressed, so without their Content-Encoding. The file appears when it is whole.

    Returns how many records of each type were written, and under ``left out`` how many unchanged captures refer to
    none there. Raises LakeError, or OSError where the file cannot be written.
    """
    counts: Counter[str] = Counter()
    draft = file.with_name(file.name + ".part")
    with connect(lake.state()) as con, draft.open("wb") as out:
        writer = WARCWriter(out, gzip=file.suffix == ".gz", warc_version=_VERSION)
        writer.write_record(writer.create_warcinfo_record(file.name, _about()))
        archive = _Archive(writer)
        for piece in pieces(con, "export", "export_records", selection):
            for row in _rows(piece):
                kinds = [archive.write(record) for record in archive.records(row)]
                counts.update(kinds or ["left out"])
    os.replace(draft, file)
    return counts


def _rows(piece: pa.Table) -> Iterator[_Row]:
    """One at a time: a piece's bodies are in memory once, not twice."""
    for batch in piece.to_batches(max_chunksize=50):
        yield from batch.to_pylist()


def _about() -> dict[str, str]:
    return {
        "software": f"newslake/{importlib.metadata.version('newslake')}",
        "format": f"WARC File Format {_VERSION}",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    }


class _Archive:
    """An archive being written. It remembers the responses that later captures were found to be the same as."""

    def __init__(self, writer: WARCWriter) -> None:
        self._writer = writer
        self._by_body: dict[str, _Original] = {}
        # What each address answered with, and when, in order of time.
        self._by_address: defaultdict[int, list[tuple[str, _Original]]] = defaultdict(list)

    def write(self, record: ArcWarcRecord) -> str:
        """Write a record; its type."""
        self._writer.write_record(record)
        kind: str = record.rec_type
        return kind

    def records(self, row: _Row) -> Iterator[ArcWarcRecord]:
        """The records of one capture; none where it is unchanged since one that is not in the archive."""
        if row["body"] is None:
            if revisit := self._revisit(row):
                yield revisit
        elif row["url"] and row["status"] and row["body_from"] is None:
            yield from self._redirects(row)
            response = self._record(row, "response", _address(row), row["body"], _http(row))
            if row["revisited"]:
                self._remember(row, response)
            yield response
        else:
            # The feed's own text in place of a page that was refused is not what the page's server sent.
            yield self._record(row, "resource", _uri(row["url"] or row["location"]), row["body"])

    def _redirects(self, row: _Row) -> Iterator[ArcWarcRecord]:
        address = row["url"]
        for number, redirect in enumerate(row["redirects"] or ()):
            headers = _header(redirect["status"], [("Location", redirect["url"]), ("Content-Length", "0")])
            yield self._record(row, "response", _uri(address), b"", headers, part=f"redirect {number}")
            address = redirect["url"]

    def _revisit(self, row: _Row) -> ArcWarcRecord | None:
        same_bytes = self._by_body.get(row["body_hash"])
        original = same_bytes or (self._latest(row) if row["body_hash"] is None else None)
        if not row["url"] or original is None:
            return None
        if same_bytes:
            insort(self._by_address[row["url_key"]], (_date(row["fetched_at"]), same_bytes))
        # A revisit without the head of its response is replayed with that of the original: a 304's would be shown.
        http = None if row["status"] in {None, HTTPStatus.NOT_MODIFIED} else _http(row)
        record = self._writer.create_revisit_record(
            _address(row), original.digest, original.url, original.date,
            http_headers=http, warc_headers_dict=_identity(row),
        )  # fmt: skip
        if same_bytes is None:
            record.rec_headers.replace_header("WARC-Profile", _NOT_MODIFIED)
        return record

    def _latest(self, row: _Row) -> _Original | None:
        """What the address had answered with when its server said that this had not changed."""
        answers = self._by_address.get(row["url_key"], [])
        before = bisect_right(answers, _date(row["fetched_at"]), key=itemgetter(0))
        return answers[before - 1][1] if before else None

    def _record(
        self,
        row: _Row,
        kind: str,
        address: str,
        body: bytes,
        http: StatusAndHeaders | None = None,
        part: str = "",
    ) -> ArcWarcRecord:
        return self._writer.create_warc_record(
            address, kind,
            payload=BytesIO(body), length=len(body), http_headers=http,
            warc_content_type="" if http else _content_type(row), warc_headers_dict=_identity(row, part),
        )  # fmt: skip

    def _remember(self, row: _Row, response: ArcWarcRecord) -> None:
        headers = response.rec_headers
        original = _Original(
            headers.get_header("WARC-Date"), headers.get_header("WARC-Payload-Digest"), _address(row)
        )
        self._by_body[row["body_hash"]] = original
        insort(self._by_address[row["url_key"]], (original.date, original))


def _identity(row: _Row, part: str = "") -> dict[str, str]:
    """Record id and date. The id follows from the capture's: two exports of one lake have the same."""
    record = uuid.uuid5(uuid.UUID(row["capture_id"]), part)
    return {"WARC-Record-ID": f"<urn:uuid:{record}>", "WARC-Date": _date(row["fetched_at"])}


def _date(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def _address(row: _Row) -> str:
    """The address that answered: after the redirects, which have records of their own."""
    return _uri(row["final_url"] or row["url"])


def _uri(address: str) -> str:
    """The address as a header can hold it: one that a file stated may have blanks and line breaks in it."""
    return re.sub(r"[\x00-\x20\x7f]", lambda found: f"%{ord(found[0]):02X}", address)


def _http(row: _Row) -> StatusAndHeaders:
    headers = [
        ("Content-Type", _content_type(row)),
        ("ETag", row["etag"]),
        ("Last-Modified", row["last_modified"]),
    ]
    if row["body"] is not None:
        headers.append(("Content-Length", str(len(row["body"]))))
    return _header(
        row["status"] or HTTPStatus.NOT_MODIFIED, [(name, value) for name, value in headers if value]
    )


def _header(status: int, headers: list[tuple[str, str]]) -> StatusAndHeaders:
    reason = HTTPStatus(status).phrase if status in _STATUSES else ""
    return StatusAndHeaders(f"{status} {reason}", headers, protocol="HTTP/1.1")


def _content_type(row: _Row) -> str:
    declared: str = row["content_type"] or _TYPES.get(row["media"], "application/octet-stream")
    if row["charset"] and "charset" not in declared.lower():
        return f"{declared}; charset={row['charset']}"
    return declared
