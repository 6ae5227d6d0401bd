"""WARC records, written with warcio, as documents."""

import gzip
import io
import zlib
from datetime import UTC, datetime
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tasks.files import Document, Limits, documents

URL = "https://gazette.test/ferry"
PAGE = b"<html><body><p>The ferry left at noon.</p></body></html>"
HTML = {"Content-Type": "text/html; charset=iso-8859-1"}


def record(
    writer: WARCWriter,
    body: bytes,
    kind: str = "response",
    date: str = "2021-03-04T05:06:07Z",
    **headers: str,
) -> None:
    http = None
    if kind in {"response", "revisit"}:
        http = StatusAndHeaders("200 OK", list(headers.items()), protocol="HTTP/1.1")
    writer.write_record(
        writer.create_warc_record(
            URL,
            kind,
            payload=io.BytesIO(body),
            http_headers=http,
            warc_content_type=headers.get("Content-Type", ""),
            warc_headers_dict={"WARC-Date": date},
        )
    )


def archive(*bodies: bytes, packed: bool = False, headers: dict[str, str] = HTML) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed)
    writer.write_record(writer.create_warcinfo_record("a.warc", {"software": "by hand"}))
    for body in bodies:
        record(writer, body, **headers)
    return out.getvalue()


def read(path: Path, data: bytes, limits: Limits = Limits()) -> list[Document]:  # noqa: B008
    (path / "a").write_bytes(data)
    return list(documents([str(path / "a")], limits=limits))


def test_a_response_gives_what_its_headers_say(tmp_path: Path) -> None:
    data = archive(PAGE, PAGE)
    first, second = read(tmp_path, data)
    assert first == Document(
        location=f"file://{tmp_path}/a#offset={data.index(b'WARC/1', 9)}",
        body=PAGE,
        media="html",
        charset="iso-8859-1",
        url=URL,
        captured_at=datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC),
        status=200,
        content_type="text/html; charset=iso-8859-1",
        size=len(PAGE),
    )
    assert second.location.endswith(f"#offset={data.rindex(b'WARC/1')}")


def test_an_offset_leads_to_the_member_of_a_gzip_file(tmp_path: Path) -> None:
    data = archive(PAGE, PAGE, packed=True)
    for document in read(tmp_path, data):
        offset = int(document.location.partition("#offset=")[2])
        assert zlib.decompressobj(31).decompress(data[offset:]).startswith(b"WARC/1.0\r\nWARC-Date")


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_records_that_share_a_member_are_numbered(tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    found = read(tmp_path, pack(archive(PAGE, PAGE)))
    assert [(d.body, d.location.partition("#")[2]) for d in found] == [(PAGE, "record=2"), (PAGE, "record=3")]


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(PAGE, mtime=0)),
        ("br", brotli.compress(PAGE)),
        ("zstd", zstandard.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)[2:-4]),
        ("br, gzip", gzip.compress(brotli.compress(PAGE), mtime=0)),
        ("gzip", PAGE),
        ("br", PAGE),
        ("deflate", PAGE),
    ],
)
def test_encodings_of_the_body_are_undone(tmp_path: Path, encoding: str, body: bytes) -> None:
    chunks = b"%x\r\n%s\r\n%x;ext=1\r\n%s\r\n0\r\n\r\n" % (9, body[:9], len(body) - 9, body[9:])
    for data, more in ((body, {}), (chunks, {"Transfer-Encoding": "chunked"})):
        found = read(
            tmp_path,
            archive(data, headers={"Content-Type": "text/html", "Content-Encoding": encoding, **more}),
        )
        assert [d.body for d in found] == [PAGE]


@pytest.mark.parametrize(
    ("encoding", "body", "outcome"),
    [
        ("gzip", gzip.compress(b"a" * 9000, mtime=0), "bomb"),
        ("br", brotli.compress(b"a" * 9000), "bomb"),
        ("gzip", gzip.compress(bytes(range(256)) * 9, mtime=0)[:80], "corrupt"),
        ("br", brotli.compress(PAGE * 3)[:-20], "corrupt"),
        ("identity", b"a" * 5000, "too_large"),
        ("identity", b"a" * 3_000_000, "too_large"),
        ("identity", b" ", "empty"),
        ("identity", b"\x89PNG\r\n\x1a\n", "binary"),
    ],
)
def test_a_bad_body_costs_only_its_own_record(
    tmp_path: Path, encoding: str, body: bytes, outcome: str
) -> None:
    limits = Limits(max_document_bytes=2000, max_ratio=20)
    headers = {"Content-Type": "text/html", "Content-Encoding": encoding}
    found = read(tmp_path, archive(PAGE, body, PAGE, headers=headers), limits)
    assert [d.outcome.value for d in found] == ["read", outcome, "read"]
    assert found[1].error is not None
    assert found[1].error.startswith(f"{tmp_path}/a, WARC record 3, ")


@pytest.mark.parametrize(
    ("mime", "body", "media"),
    [
        ("text/plain", b"<p>as typed", "text"),
        ("application/xhtml+xml", PAGE, "html"),
        ("", PAGE, "html"),
        ("", b"The ferry left.", "text"),
        ("image/png", b"\x89PNG", None),
        ("application/json", b"{}", None),
    ],
)
def test_the_type_decides_what_is_a_document(
    tmp_path: Path, mime: str, body: bytes, media: str | None
) -> None:
    (document,) = read(tmp_path, archive(body, headers={"Content-Type": mime}))
    assert document.media == media
    assert document.outcome.value == ("read" if media else "not_html_or_text")


def test_kinds_of_records(tmp_path: Path) -> None:
    out = io.BytesIO()
    writer = WARCWriter(out)
    record(
        writer, b"GET / HTTP/1.1\r\n\r\n", "request", **{"Content-Type": "application/http; msgtype=request"}
    )
    record(writer, b"a: b", "metadata", **{"Content-Type": "application/warc-fields"})
    record(
        writer,
        b"The ferry left.",
        "conversion",
        date="2021-03-04T05:06:07.123456789Z",
        **{"Content-Type": "text/plain"},
    )
    record(writer, PAGE, "resource", date="2021", **{"Content-Type": "text/html"})
    record(writer, b"", "revisit", **HTML)
    record(writer, b"more", "continuation")
    found = read(tmp_path, out.getvalue())
    assert [(d.outcome.value, d.media) for d in found] == [
        ("read", "text"),
        ("read", "html"),
        ("unchanged", None),
        ("bad_record", None),
    ]
    assert [d.captured_at and d.captured_at.microsecond for d in found[:2]] == [123456, None]


def test_a_truncated_archive_gives_what_is_whole(tmp_path: Path) -> None:
    for packed in (False, True):
        found = read(tmp_path, archive(PAGE, PAGE, packed=packed)[:-30])
        assert [d.outcome.value for d in found] == ["read", "corrupt"]
        assert found[1].location == f"file://{tmp_path}/a"


def test_after_a_damaged_record_reading_goes_on(tmp_path: Path) -> None:
    data = archive(PAGE, PAGE, PAGE)
    second = data.index(b"WARC/1", data.index(PAGE))
    length = data.index(b"Content-Length: ", second) + len("Content-Length: ")
    end = data.index(b"\r", length)
    for wrong, reports in ((b"-1", 1), (b"12", 2), (b"x" * 2_000_000, 1)):
        found = read(tmp_path, data[:length] + wrong + data[end:])
        assert [d.outcome.value for d in found] == ["read", *["corrupt"] * reports, "read"]


def test_an_unknown_encoding_is_refused(tmp_path: Path) -> None:
    (document,) = read(tmp_path, archive(PAGE, headers={**HTML, "Content-Encoding": "compress"}))
    assert (document.outcome.value, document.url) == ("bad_record", URL)
