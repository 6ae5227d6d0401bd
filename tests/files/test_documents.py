"""One test per outcome, and what each format gives, over real files."""

import gzip
import io
import json
import os
import random
import socket
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from tasks.files import Document, Limits, Outcome, documents, extract_rows

SMALL = Limits(max_document_bytes=1000, max_expanded_bytes=1_000_000, max_ratio=20)
ROWS = [
    {"id": n, "url": f"https://gazette.test/{n}", "text": f"The ferry to Marrow left at {n}."}
    for n in (1, 2, 3)
]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS).encode()


def read(path: Path | str, limits: Limits = Limits()) -> list[Document]:  # noqa: B008
    return list(documents([str(path)], limits=limits))


def outcomes(found: Iterable[Document]) -> list[str]:
    return [document.outcome.value for document in found]


def written(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def only(found: list[Document], outcome: Outcome, saying: str) -> Document:
    assert len(found) == 1, found
    document = found[0]
    assert document.outcome is outcome
    assert document.body is None
    assert document.error is not None
    assert saying in document.error
    assert "\n" not in document.error
    return document


def test_a_text_is_read_as_it_is(tmp_path: Path) -> None:
    path = written(tmp_path / "a b.txt", b"Harbour reopens\n\nThe harbour, closed for {repairs}, reopened.\n")
    (document,) = read(path)
    assert document == Document(
        location=f"file://{tmp_path}/a%20b.txt",
        body=path.read_bytes(),
        media="text",
        size=path.stat().st_size,
    )


@pytest.mark.parametrize(
    "page",
    [
        "<!DOCTYPE html><p>Hi",
        "\n <html lang=en>",
        "<!-- cached --><body>",
        "\ufeff<HEAD>",
        '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x">\n<html xmlns="y">',
        "stray line\n<html><head><title>Hi</title>",
        "<p>A fragment",
        "<b>A</b> fragment",
    ],
)
def test_html_is_told_by_its_start(tmp_path: Path, page: str) -> None:
    assert [d.media for d in read(written(tmp_path / "page.txt", page))] == ["html"]


@pytest.mark.parametrize(
    "text",
    [
        "{Editor's note: the figures were corrected.}\nThe council met on Monday.\n",
        "[Sponsored] Ten ways to cook a leek\n[More]\n",
        "The body, text, and soul of a town\nIt rained, it snowed, and it froze\n",
        "Articles about food, mostly\nSoup, mainly\n",
        '<img src="https://pixel.test/1">\nThe ferry left at noon.\n',
        "He wrote <html> on the board.\n",
        "RIFFs and rhythms: a night at the Blue Oyster\n",
        "text\n",
    ],
)
def test_a_text_that_merely_resembles_a_format_stays_text(tmp_path: Path, text: str) -> None:
    assert [(d.media, d.body) for d in read(written(tmp_path / "a.jsonl", text))] == [("text", text.encode())]


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-8-sig", "koi8-r"])
def test_text_in_any_charset_is_text(tmp_path: Path, charset: str) -> None:
    text = "Паром ушёл в полдень.\n" * 9 if charset == "koi8-r" else "The café “Léon” closes at noon.\n" * 9
    (document,) = read(written(tmp_path / "a.txt", text.encode(charset)))
    assert (document.media, document.body) == ("text", text.encode(charset))


def packed(data: bytes) -> dict[str, bytes]:
    middle = len(data) // 2
    return {
        "plain": data,
        "gzip": gzip.compress(data, mtime=0),
        "gzip members": gzip.compress(data[:middle]) + gzip.compress(data[middle:]) + b"\0" * 512,
        "zstd": zstandard.compress(data),
        "zstd frames": zstandard.compress(data[:middle]) + zstandard.compress(data[middle:]),
    }


def formats() -> dict[str, bytes]:
    table = "id,url,text\n" + "".join(f'{r["id"]},{r["url"]},"{r["text"]}"\r\n' for r in ROWS)
    parquet = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(ROWS), parquet)
    return {
        "jsonl": LINES,
        "array": json.dumps(ROWS, indent=2).encode(),
        "objects": "\n".join(json.dumps(row, indent=2) for row in ROWS).encode(),
        "csv": table.encode(),
        "tsv": table.replace(",", "\t").encode("utf-16"),
        "parquet": parquet.getvalue(),
    }


@pytest.mark.parametrize("packing", list(packed(b"")))
@pytest.mark.parametrize("form", list(formats()))
def test_every_container_gives_the_same_rows(tmp_path: Path, form: str, packing: str) -> None:
    path = written(tmp_path / "data.bin", packed(formats()[form])[packing])
    with path.open("rb") as stream:
        for found in (read(path), list(documents(["-"], stdin=stream))):
            assert [(d.body, d.url, d.given["id"], d.charset) for d in found] == [
                (str(r["text"]).encode(), r["url"], str(r["id"]), "utf-8") for r in ROWS
            ]
            assert [d.location.partition("#")[2][-2:] for d in found] == ["=1", "=2", "=3"]


def test_stated_metadata_is_taken_over_and_nonsense_is_not(tmp_path: Path) -> None:
    row = {
        "GUID": 7,
        "Headline": " Ferry late ",
        "author": [{"name": "Ida Moor"}, "Tom Fenn", 3],
        "datePublished": "2021-03-04",
        "date": "yesterday",
        "updated": 1614816000,
        "keywords": "ferry, harbour;",
        "lang": None,
        "raw_html": "<p>Late again",
        "text": "Late again",
    }
    (document,) = read(written(tmp_path / "a.jsonl", json.dumps(row)))
    assert (document.media, document.body) == ("html", b"<p>Late again")
    assert document.given == {
        "id": "7",
        "title": "Ferry late",
        "authors": ["Ida Moor", "Tom Fenn"],
        "published_at": "2021-03-04",
        "tags": ["ferry", "harbour"],
    }


def test_half_a_surrogate_pair_does_no_harm(tmp_path: Path) -> None:
    (document,) = read(written(tmp_path / "a.jsonl", r'{"title":"\ud83d","text":"ok \ud83d\ude00 \ud83d"}'))
    assert document.body == "ok 😀 �".encode()
    assert document.given == {"title": "�"}


# One test per outcome


@pytest.mark.parametrize("data", [b"", b" \n\t\n", gzip.compress(b"", mtime=0), b"id,title,text\n", b"[]"])
def test_empty(tmp_path: Path, data: bytes) -> None:
    only(read(written(tmp_path / "a", data)), Outcome.EMPTY, str(tmp_path / "a"))


def test_empty_rows_and_directories(tmp_path: Path) -> None:
    only(read(tmp_path), Outcome.EMPTY, "directory")
    found = read(written(tmp_path / "a.jsonl", b'{"text":"","id":"x"}\n{"text":null}\n{"text":" "}\n'))
    assert outcomes(found) == ["empty"] * 3
    assert found[0].given == {"id": "x"}


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n",
        b"%PDF-1.7\n",
        b"PK\x03\x04rest",
        b"\x7fELF",
        bytes(range(256)) * 9,
        b"a\0b\0c\0\0\0",
    ],
)
def test_binary(tmp_path: Path, data: bytes) -> None:
    only(read(written(tmp_path / "a.txt", data)), Outcome.BINARY, "holds")
    only(read(written(tmp_path / "a.txt", gzip.compress(data, mtime=0))), Outcome.BINARY, "holds")


@pytest.mark.parametrize("packing", ["gzip", "zstd"])
def test_corrupt_after_the_whole_records(tmp_path: Path, packing: str) -> None:
    noise = random.Random(1)
    lines = b"".join(b'{"text":"%s"}\n' % noise.randbytes(900).hex().encode() for _ in range(400))
    data = packed(lines)[packing]
    found = read(written(tmp_path / "a.jsonl.gz", data[: len(data) // 2]))
    assert set(outcomes(found[:-1])) == {"read"}
    assert found[0].location.endswith("#line=1")
    last = only(found[-1:], Outcome.CORRUPT, "breaks off")
    assert last.location == f"file://{tmp_path}/a.jsonl.gz"


def test_corrupt_containers(tmp_path: Path) -> None:
    damaged = bytearray(gzip.compress(b"The mill burned down. " * 99))
    damaged[-6] ^= 255
    only(read(written(tmp_path / "a", bytes(damaged))), Outcome.CORRUPT, "gzip")
    only(read(written(tmp_path / "b", gzip.compress(b"Text")[:9])), Outcome.CORRUPT, "breaks off")
    only(read(written(tmp_path / "c", formats()["parquet"][:-20])), Outcome.CORRUPT, "Parquet")
    assert outcomes(read(written(tmp_path / "d", gzip.compress(LINES, mtime=0) + b"rubbish"))) == [
        "read"
    ] * 3 + ["corrupt"]


def test_too_large(tmp_path: Path) -> None:
    found = only(read(written(tmp_path / "a.txt", "word " * 300), SMALL), Outcome.TOO_LARGE, "1000 bytes")
    assert found.size == 1500
    assert outcomes(read(written(tmp_path / "b.txt", "word " * 200), SMALL)) == ["read"]


@pytest.mark.parametrize("packing", list(packed(b"")))
def test_too_large_a_record_does_not_end_the_file(tmp_path: Path, packing: str) -> None:
    long = "".join(chr(97 + n * n % 23) for n in range(70_000))
    lines = LINES + json.dumps({"text": long}).encode() + b"\n\n" + LINES
    found = read(written(tmp_path / "a", packed(lines)[packing]), SMALL)
    assert outcomes(found) == ["read"] * 3 + ["too_large"] + ["read"] * 3
    assert found[3].size > 70_000
    assert found[4].location.endswith("#line=6")
    table = f'id,text\n1,one\n2,"two\n{long}\n""{long}""\nx"\n3,"three ""3"""\n'.encode()
    found = read(written(tmp_path / "b", packed(table)[packing]), SMALL)
    assert outcomes(found) == ["read", "too_large", "read"]
    assert (found[2].body, found[2].location[-6:]) == (b'three "3"', "#row=3")


@pytest.mark.parametrize("filling", [b"\0", b"a", b"word \n", b"\n"])
def test_bomb(tmp_path: Path, filling: bytes) -> None:
    data = gzip.compress(filling * 5_000_000, 1)
    only(read(written(tmp_path / "a.txt.gz", data), SMALL), Outcome.BOMB, "20 times")


def test_bomb_among_records(tmp_path: Path) -> None:
    data = gzip.compress(LINES + b'{"text":"' + b"a" * 3_000_000)
    assert outcomes(read(written(tmp_path / "a", data), SMALL)) == ["read"] * 3 + ["bomb"]


def test_many_like_rows_are_no_bomb(tmp_path: Path) -> None:
    data = gzip.compress(b'{"text":"%s"}\n' % (b"a" * 900) * 5000)
    assert outcomes(read(written(tmp_path / "a", data), SMALL)) == ["read"] * 5000


def test_bad_record(tmp_path: Path) -> None:
    bad = [b'{"text": "cut', b"[1]", b'{"id": 1}', b'{"text": 4}', b"[" * 100_000, b'{"text": "\xff"}']
    data = b"".join(line + b"\n" + LINES for line in bad)
    found = read(written(tmp_path / "a.jsonl", data))
    assert outcomes(found) == ["bad_record", "read", "read", "read"] * len(bad)
    assert [d.error.split(", ", 2)[1] for d in found if d.error] == [f"line {n}" for n in range(1, 24, 4)]


def test_bad_record_in_a_table(tmp_path: Path) -> None:
    found = read(written(tmp_path / "a.csv", b"id,text\n1,one\n2\n3,three,more\n4,d\xe9\n"))
    assert outcomes(found) == ["read", "bad_record", "bad_record", "read"]
    assert found[3].body == "dé".encode()


def test_bad_record_without_a_body_column(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1]}), tmp_path / "a")
    only(read(tmp_path / "a"), Outcome.BAD_RECORD, "only a")


def test_unreadable_special_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        found = list(documents([str(tmp_path), "/dev/zero"]))
    assert outcomes(found) == ["unreadable"] * 3
    assert [d.error and d.error.split(" is ")[-1] for d in found] == [
        "a pipe, not a file",
        "a socket, not a file",
        "a device, not a file",
    ]


def test_unreadable_without_permission(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir()
    written(tmp_path / "closed" / "a.txt", "Text")
    written(tmp_path / "secret.txt", "Text")
    (tmp_path / "closed").chmod(0)
    (tmp_path / "secret.txt").chmod(0)
    for parent in (tmp_path, *tmp_path.parents):  # so that another user gets there
        if parent.owner() == Path(tmp_path).owner() and str(parent).startswith("/tmp/"):
            parent.chmod(0o755)
    script = (
        "import os, sys; from tasks.files import documents\n"
        "if os.getuid() == 0: os.setegid(65534); os.seteuid(65534)\n"
        "for d in documents(sys.argv[1:]): print(d.outcome, d.error)"
    )
    names = [str(tmp_path), str(tmp_path / "closed" / "a.txt"), str(tmp_path / "closed" / "*.txt")]
    run = subprocess.run([sys.executable, "-c", script, *names], capture_output=True, text=True, check=True)
    (tmp_path / "closed").chmod(0o755)
    lines = run.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["unreadable"] * len(lines)
    assert {line.split()[1] for line in lines} >= {names[1], f"{tmp_path}/closed", f"{tmp_path}/secret.txt"}


def test_missing(tmp_path: Path) -> None:
    written(tmp_path / "file", "Text")
    (tmp_path / "dead").symlink_to("nowhere")
    for name in ("nothing", "*.warc", "file/below", "dead", "a\0b", "a\0*", "\ud800", "x" * 300):
        only(read(f"{tmp_path}/{name}"), Outcome.MISSING, str(tmp_path))
    only(read(""), Outcome.MISSING, "does not exist")


def test_missing_if_it_disappears_meanwhile(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        written(tmp_path / name, f"Text {name}")
    found = documents([str(tmp_path)])
    first = next(found)
    (tmp_path / "b").unlink()
    assert outcomes([first, *found]) == ["read", "missing", "read"]


def test_not_html_or_text(tmp_path: Path) -> None:
    feed = written(tmp_path / "feed.html", '<?xml version="1.0"?><rss version="2.0"><channel/></rss>')
    only(read(feed), Outcome.NOT_HTML_OR_TEXT, "XML")


# Streams


def test_rows_are_handed_out_as_they_come() -> None:
    reading, writing = os.pipe()
    with open(reading, "rb") as stream, open(writing, "wb", buffering=0) as pipe:
        rows = extract_rows(stream)
        for row in ROWS:
            pipe.write(json.dumps(row).encode() + b"\n")
            document = next(rows)
            assert (document.body, document.given["id"]) == (str(row["text"]).encode(), str(row["id"]))
        pipe.write(b"rubbish\n")
        assert next(rows).location == "stdin:#line=4"
        pipe.close()
        assert list(rows) == []


def test_standard_input_may_be_any_single_document() -> None:
    (document,) = documents(["-", "-"], stdin=io.BytesIO(b"<p>Hello"))
    assert (document.location, document.media, document.body) == ("stdin:", "html", b"<p>Hello")


def test_a_text_needs_none_of_the_heavy_libraries(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", "The ferry left.")
    script = (
        "import sys; from tasks.files import documents; list(documents(sys.argv[1:]))\n"
        "print({'pyarrow', 'warcio', 'zstandard', 'brotli'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


def test_memory_stays_bounded(tmp_path: Path) -> None:
    """300 MB in one line of a gzip file."""
    filling = gzip.compress(b"a" * 1_000_000) * 300
    data = gzip.compress(LINES + b'{"text":"') + filling + gzip.compress(b'"}\n' + LINES)
    written(tmp_path / "a.jsonl.gz", data)
    script = (
        "import resource, sys; from tasks.files import Limits, documents\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "limits = Limits(max_document_bytes=1 << 20)\n"
        "print([d.outcome.value for d in documents(sys.argv[1:], limits=limits)])\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "a.jsonl.gz")]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    found, kilobytes = run.stdout.splitlines()
    assert found == str(["read"] * 3 + ["too_large"] + ["read"] * 3)
    assert int(kilobytes) < 40_000
