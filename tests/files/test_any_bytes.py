"""Whatever the bytes, reading ends with documents and never raises."""

import gzip
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.files import Limits, Outcome, documents
from tests.files.test_warc import PAGE, archive

ROWS = [{"id": n, "title": "Ferry late", "text": f"The ferry left at {n}. " * n} for n in range(1, 20)]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS).encode()
CSV = b"id,title,text\n" + b"".join(b'%d,"a ""b""","c\nd"\n' % n for n in range(20))
PARQUET = io.BytesIO()
pq.write_table(pa.Table.from_pylist(ROWS), PARQUET)
VALID = {
    "jsonl": LINES,
    "json": json.dumps(ROWS, indent=1).encode(),
    "csv": CSV,
    "utf-16": CSV.decode().encode("utf-16"),
    "gzip": gzip.compress(LINES, mtime=0),
    "zstd": zstandard.compress(LINES),
    "warc": archive(PAGE, PAGE),
    "warc.gz": archive(PAGE, PAGE, packed=True),
    "warc encoded": archive(
        gzip.compress(PAGE, mtime=0), headers={"Content-Type": "text/html", "Content-Encoding": "gzip"}
    ),
    "parquet": PARQUET.getvalue(),
    "html": PAGE,
}
LIMITS = Limits(max_document_bytes=2000)


def check(data: bytes) -> None:
    for document in documents(["-"], limits=LIMITS, stdin=io.BytesIO(data)):
        assert document.location.startswith("stdin:")
        assert (
            (document.body is None) == (document.error is not None) == (document.outcome is not Outcome.READ)
        )
        assert document.body is None or 0 < len(document.body) == document.size <= LIMITS.max_document_bytes


@pytest.mark.parametrize("form", list(VALID))
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_damaged_files(form: str, data: st.DataObject) -> None:
    damaged = bytearray(VALID[form])
    for _ in range(data.draw(st.integers(0, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= data.draw(st.integers(1, 255))
    check(bytes(damaged[: data.draw(st.integers(0, len(damaged)))]))
    check(bytes(damaged))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"PAR1", b"WARC/1.0\r\n", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"{", b"text,id\n"]),
)
def test_any_bytes(data: bytes, start: bytes) -> None:
    check(start + data)
