"""Parquet: one document a row, read in small batches of the needed columns only."""

from __future__ import annotations

import tempfile
from typing import IO, TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from tasks.files.fields import document, field_of, is_body
from tasks.files.model import Document, Outcome, Refusal
from tasks.files.streams import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tasks.files.source import Source

_BATCH_BYTES = 2 << 20
_BATCH_ROWS = 256
_PIECE = 1 << 20
_BROKEN = (pa.ArrowException, OSError, ValueError, MemoryError, OverflowError, TypeError)


def read_parquet(source: Source) -> Iterator[Document]:
    """A document for each row; rows are counted from 1 over all row groups."""
    if source.file is not None:
        yield from _read(source, source.file)
        return
    with tempfile.TemporaryFile(prefix="newslake-") as spool:  # its index is at its end
        _spool(source, spool)
        yield from _read(source, spool)


def _spool(source: Source, spool: IO[bytes]) -> None:
    left = source.limits.max_expanded_bytes
    while piece := source.stream.read(_PIECE):
        left -= len(piece)
        if left < 0:
            raise Refusal(
                Outcome.TOO_LARGE, f"is longer than the limit of {source.limits.max_expanded_bytes} bytes"
            )
        spool.write(piece)


def _read(source: Source, file: Any) -> Iterator[Document]:
    number = 0
    limit = source.limits.max_document_bytes
    for batch in _batches(file):
        columns = {name: _values(batch.column(i)) for i, name in enumerate(batch.schema.names)}
        for row in zip(*columns.values(), strict=True):
            number += 1
            location = f"{source.location}#row={number}"
            name = f"{source.name}, row {number},"
            read = document(location, name, dict(zip(columns, row, strict=True)))
            if read.size > limit:
                why = f"{name} is longer than the limit of {limit} bytes"
                read = Document(location, outcome=Outcome.TOO_LARGE, error=why, size=read.size)
            yield read
    if number == 0:
        raise Refusal(Outcome.EMPTY, "is a table without rows")


def _batches(file: Any) -> Iterator[pa.RecordBatch]:
    """Batches of rows of the needed columns; Refusal wherever pyarrow cannot go on."""
    steps = _scan(file)
    while True:
        try:
            batch = next(steps, None)
        except _BROKEN as error:
            raise Refusal(Outcome.CORRUPT, f"is a broken Parquet file ({one_line(error)})") from error
        if batch is None:
            return
        yield batch


def _scan(file: Any) -> Iterator[pa.RecordBatch]:
    file.seek(0)
    parquet = pq.ParquetFile(file, buffer_size=_PIECE, pre_buffer=False, page_checksum_verification=True)
    names = parquet.schema_arrow.names
    columns = [name for name in names if field_of(name) is not None]
    if not any(is_body(name) for name in columns):
        raise Refusal(Outcome.BAD_RECORD, f"has no column of text or HTML, only {one_line(', '.join(names))}")
    for group in range(parquet.num_row_groups):
        rows = _batch_rows(parquet.metadata.row_group(group))
        yield from parquet.iter_batches(rows, row_groups=[group], columns=columns, use_threads=False)


def _batch_rows(group: Any) -> int:
    """How many rows make a batch of bounded size, by the mean size of a row."""
    mean: int = group.total_byte_size // max(1, group.num_rows)
    return max(1, min(_BATCH_ROWS, _BATCH_BYTES // max(1, mean)))


def _values(array: pa.Array) -> list[Any]:
    """Python values, None where there are none; strings as bytes: one that is not UTF-8 harms no other."""
    kind = array.type
    try:
        if pa.types.is_dictionary(kind):
            array = array.dictionary_decode()
            kind = array.type
        if pa.types.is_string(kind):
            array = array.cast(pa.binary())
        elif pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
            array = array.cast(pa.large_string()).cast(pa.large_binary())
        elif pa.types.is_timestamp(kind):  # Python has no nanoseconds
            array = array.cast(pa.timestamp("us", kind.tz), safe=False)
        values: list[Any] = array.to_pylist()
    except (pa.ArrowException, ValueError, OverflowError):
        values = [None] * len(array)
    return values
