"""Captures as a web archive: what warcio makes of it, and what loading it again gives."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from warcio.archiveiterator import ArchiveIterator

from flows import journeys
from tasks.export import write_warc
from tasks.files import Document, documents
from tasks.lake.store import Lake
from tasks.lake.stored import Selection
from tasks.reextract import FIELDS
from tasks.run import Run
from tasks.web.model import Redirect, Visit
from tests.bench.generate import article, write

AT = datetime(2026, 11, 2, 8, 30, 0, 123456, UTC)
URL = "https://shorepost.example/ferry"
PAGE = """<html><head><title>Ferry to Marren cancelled</title></head><body><article><h1>Ferry to Marren cancelled</h1>
<p>The evening ferry from Saltby to Marren was cancelled on Monday after a pump failed in the engine room, the company
said in a statement. “We are sorry,” said Ada Quill, its director.</p><p>Passengers were taken to the island by bus and
by a fishing boat, which needed three journeys for the forty people who were waiting at the quay in heavy rain; the
cafés stayed open.</p></article></body></html>"""


def visit(**fields: Any) -> Visit:
    usual: dict[str, Any] = {
        "location": fields.get("url", URL),
        "source_id": "shorepost",
        "url": URL,
        "captured_at": AT,
        "status": 200,
        "content_type": "text/html",
        "body": PAGE.encode(),
        "media": "html",
        "size": len(PAGE.encode()),
    }
    return Visit(**usual | fields)


UNCHANGED: dict[str, Any] = {"outcome": "unchanged", "body": None, "media": None, "size": 0, "status": 304}


def ingest(lake: Lake, *runs: Sequence[Document]) -> None:
    for visits in runs:
        journeys.load(visits, lake, Run.begin("shorepost"), workers=1)


def records(file: Path) -> list[tuple[str, str, str | None, bytes, Any]]:
    """(type, address, status, payload, record's headers) of each; its digests must be right."""
    found = []
    with file.open("rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            payload = record.content_stream().read()
            headers = record.rec_headers
            status = record.http_headers.get_statuscode() if record.http_headers else None
            found.append((record.rec_type, headers.get_header("WARC-Target-URI"), status, payload, record))
    return found


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def test_what_was_fetched_is_a_response(lake: Lake, tmp_path: Path) -> None:
    page = PAGE.encode("cp1252")
    ingest(
        lake,
        [
            visit(
                body=page, charset="windows-1252", etag='W/"7"', last_modified="Mon, 02 Nov 2026 08:00:00 GMT"
            )
        ],
    )
    assert write_warc(lake, tmp_path / "x.warc.gz", Selection()) == {"response": 1}
    info, (kind, url, status, payload, record) = records(tmp_path / "x.warc.gz")
    assert (info[0], b"software: newslake/" in info[3]) == ("warcinfo", True)
    assert (kind, url, status, payload) == ("response", URL, "200", page)
    assert record.rec_headers.protocol == "WARC/1.1"
    assert record.rec_headers.get_header("WARC-Date") == "2026-11-02T08:30:00.123456Z"
    assert record.rec_headers.get_header("WARC-Payload-Digest").startswith("sha1:")
    assert record.http_headers.headers == [
        ("Content-Type", "text/html; charset=windows-1252"),
        ("ETag", 'W/"7"'),
        ("Last-Modified", "Mon, 02 Nov 2026 08:00:00 GMT"),
        ("Content-Length", str(len(page))),
    ]


def test_each_record_is_a_gzip_member(lake: Lake, tmp_path: Path) -> None:
    ingest(lake, [visit(), visit(url=URL + "/2", body=PAGE.replace("Monday", "Friday").encode())])
    write_warc(lake, tmp_path / "x.warc.gz", Selection())
    write_warc(lake, tmp_path / "x.warc", Selection())
    packed, plain = (tmp_path / "x.warc.gz").read_bytes(), (tmp_path / "x.warc").read_bytes()
    assert packed.count(b"\x1f\x8b\x08") == plain.count(b"WARC/1.1\r\n") == 3
    assert gzip.decompress(packed).count(b"WARC/1.1\r\n") == 3
    assert not list(tmp_path.glob("*.part"))


def test_redirects_lead_to_the_page(lake: Lake, tmp_path: Path) -> None:
    way = (Redirect(301, "https://shorepost.example/2"), Redirect(302, "https://www.shorepost.example/3"))
    ingest(lake, [visit(redirects=way, final_url=way[-1].url)])
    write_warc(lake, tmp_path / "x.warc.gz", Selection())
    _, *found = records(tmp_path / "x.warc.gz")
    assert [(url, status) for _, url, status, *_ in found] == [
        (URL, "301"),
        (way[0].url, "302"),
        (way[1].url, "200"),
    ]
    assert [r.http_headers.get_header("Location") for *_, r in found] == [way[0].url, way[1].url, None]
    assert len({r.rec_headers.get_header("WARC-Record-ID") for *_, r in found}) == 3


def test_what_was_unchanged_is_a_revisit_of_what_the_archive_holds(lake: Lake, tmp_path: Path) -> None:
    later = AT + timedelta(days=1)
    never = visit(url=URL + "/never-stored", captured_at=later, **UNCHANGED)
    ingest(
        lake,
        [visit()],
        [visit(captured_at=later)],
        [visit(captured_at=later + timedelta(hours=1), **UNCHANGED), never],
    )
    counts = write_warc(lake, tmp_path / "x.warc.gz", Selection())
    assert counts == {"response": 1, "revisit": 2, "left out": 1}
    _, (*_, response), *revisits = records(tmp_path / "x.warc.gz")
    profiles = []
    for kind, url, _, payload, record in revisits:
        assert (kind, url, payload) == ("revisit", URL, b"")
        headers = record.rec_headers
        for name, value in (("Target-URI", URL), ("Date", response.rec_headers.get_header("WARC-Date"))):
            assert headers.get_header(f"WARC-Refers-To-{name}") == value
        digest = response.rec_headers.get_header("WARC-Payload-Digest")
        assert headers.get_header("WARC-Payload-Digest") == digest
        profiles.append(headers.get_header("WARC-Profile").rpartition("/")[2])
    assert profiles == ["identical-payload-digest", "server-not-modified"]
    assert write_warc(lake, tmp_path / "x.warc.gz", Selection(since=later)) == {"left out": 3}


def test_a_revisit_is_of_what_the_address_said_last(lake: Lake, tmp_path: Path) -> None:
    one, two = PAGE.encode(), PAGE.replace("pump", "propeller").encode()
    hours = [AT + timedelta(hours=n) for n in range(6)]
    bodies = (one, None, two, None, one, None)
    for at, body in zip(hours, bodies, strict=True):
        ingest(lake, [visit(captured_at=at, **({"body": body} if body else UNCHANGED))])
    assert write_warc(lake, tmp_path / "x.warc.gz", Selection()) == {"response": 2, "revisit": 4}
    refers = {
        record.rec_headers.get_header("WARC-Date"): record.rec_headers.get_header("WARC-Refers-To-Date")
        for kind, *_, record in records(tmp_path / "x.warc.gz")
        if kind == "revisit"
    }
    dates = [f"{at:%Y-%m-%dT%H:%M:%S.%fZ}" for at in hours]
    assert refers == {dates[n]: dates[original] for n, original in ((1, 0), (3, 2), (4, 0), (5, 0))}


def test_a_feeds_text_is_not_what_the_page_sent(lake: Lake, tmp_path: Path) -> None:
    ingest(lake, [visit(status=403, body_from="feed", charset="utf-8")])
    assert write_warc(lake, tmp_path / "x.warc.gz", Selection()) == {"resource": 1}


def test_an_address_cannot_add_headers(lake: Lake, tmp_path: Path) -> None:
    row = {"url": "https://shorepost.example/a\r\nWARC-Type: request b", "html": PAGE}
    (tmp_path / "x.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    ingest(lake, list(documents([str(tmp_path / "x.jsonl")])))
    assert write_warc(lake, tmp_path / "x.warc", Selection()) == {"resource": 1}
    assert b"\r\nWARC-Type: request" not in (tmp_path / "x.warc").read_bytes()


def test_loading_it_again_gives_the_same_articles(lake: Lake, tmp_path: Path) -> None:
    write(tmp_path / "in", 3, 1_200)
    (tmp_path / "in" / "page.html").write_bytes(PAGE.replace("Marren", "Saltby").encode("cp1252"))
    rows = [{"url": f"https://wire.example/{n}", "text": article(20 + n, 900)} for n in range(2)]
    (tmp_path / "in" / "rows.jsonl").write_text(
        "".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8"
    )
    pages = [
        visit(charset="utf-8"),
        visit(url=URL + "/2", body=PAGE.replace("Monday", "Friday").encode("cp1252")),
    ]
    ingest(lake, pages, list(documents([str(tmp_path / "in")])))
    write_warc(lake, tmp_path / "x.warc.gz", Selection())
    other = Lake(tmp_path / "other")
    report = journeys.load(documents([str(tmp_path / "x.warc.gz")]), other, Run.begin("files"), workers=1)
    assert report.outcomes == {"new": 8}
    # Not the reasons for NULLs: a file has an address now, though it is none of the web.
    fields = ", ".join(
        f'"{name}"' for name in ("article_id", "content_hash", *FIELDS) if name != "field_errors"
    )
    articles = []
    for each in (lake, other):
        with duckdb.connect(str(each.catalog), read_only=True) as con:
            articles.append(
                con.sql(f"SELECT {fields} FROM articles ORDER BY article_id").to_arrow_table().to_pylist()
            )
    for before, after in zip(*articles, strict=True):
        assert {k: (v, after[k]) for k, v in before.items() if v != after[k]} == {}
