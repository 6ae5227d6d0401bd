"""Which files of a table cannot be trusted, what they held, and which of their rows still can.

Parquet files as Delta's writer makes them carry no checksums, and of single flipped bits about half pass unnoticed
through decompression. Three things are therefore compared beyond decoding every page: the digests that the rows
themselves carry (``body_hash``, ``content_hash``, and the keys made of ids), what the log says of the file, and the
digest of the file's bytes as they were when it was last found whole.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from deltalake import DeltaTable
from pyarrow.fs import FileType

from tasks.article.identity import digest, key
from tasks.lake.files import File, storage
from tasks.lake.schema import Table
from tasks.lake.store import is_remote

# What reading a damaged file ends in, its bytes being at hand.
_UNREADABLE: Final = (OSError, pa.ArrowException, ValueError, LookupError, OverflowError, MemoryError)
_ROWS: Final = 1_024
_BODY: Final = "body"
_CHUNK: Final = 4 << 20


@dataclass(frozen=True, slots=True)
class Damage:
    """A file that is missing or cannot be trusted, and why."""

    table: Table
    file: File
    reason: str


class Digests:
    """Table and path → digest of a file that was found whole; kept in ``file``, and begun anew where that is lost."""

    def __init__(self, file: Path) -> None:
        """Reads the list, where there is one."""
        self.file = file
        self.before: Mapping[str, str] = {}
        self.now: dict[str, str] = {}
        with contextlib.suppress(OSError, ValueError):
            self.before = dict(json.loads(file.read_text("utf-8")))

    def keep(self, name: str) -> None:
        """Remember the digest that a damaged file had: it is still the one to have."""
        if name in self.before:
            self.now[name] = self.before[name]

    def save(self) -> None:
        """Write those of this time. Raises OSError."""
        draft = self.file.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(self.now), "utf-8")
        os.replace(draft, self.file)


def damage(delta: DeltaTable, table: Table, file: File, digests: Digests, spill: Path) -> Damage | None:
    """What is wrong with a file, if anything is: each page is decoded, and each digest compared.

    Raises OSError where it cannot be read for another reason than damage: no permission, no network.
    """
    info = storage(delta).get_file_info(file.path)
    if info.type == FileType.NotFound:
        return Damage(table, file, "missing")
    if info.size != file.size:
        return Damage(table, file, f"{info.size:,} bytes where the log says {file.size:,}")
    with contextlib.ExitStack() as stack:
        try:
            local, read = stack.enter_context(_local(delta, file.path, spill))
        except OSError as error:
            if error.errno == errno.EIO or "os error 5)" in str(error):
                return Damage(table, file, "the disk cannot read it")
            raise
        try:
            reason = _wrong(pq.ParquetFile(local, page_checksum_verification=True), table, file)
        except _UNREADABLE as error:
            reason = f"cannot be decoded: {' '.join(str(error).split())[:120]}"
    name = f"{table.name}/{file.path}"
    if not reason and digests.before.get(name, read) != read:
        reason = "its bytes have changed since it was last verified"
    if reason:
        return Damage(table, file, reason)
    digests.now[name] = read
    return None


def sound(delta: DeltaTable, table: Table, file: File, spill: Path) -> Iterator[tuple[pa.RecordBatch, int]]:
    """The rows of a damaged file that can be read and whose digests agree, row group by row group.

    Captures whose bytes alone are damaged are rows without a body; with each batch, how many of these it has.
    """
    with contextlib.ExitStack() as stack:
        try:
            local, _ = stack.enter_context(_local(delta, file.path, spill))
            source = pq.ParquetFile(local, page_checksum_verification=True)
            columns = source.schema_arrow.names
            groups = source.num_row_groups
        except _UNREADABLE:
            return
        for group in range(groups):
            for names in (columns, [name for name in columns if name != _BODY]):
                try:
                    read = list(source.iter_batches(_ROWS, row_groups=[group], columns=names))
                    found = [_mended(batch, table) for batch in read]
                except _UNREADABLE:
                    continue
                yield from found
                break


def _mended(batch: pa.RecordBatch, table: Table) -> tuple[pa.RecordBatch, int]:
    batch.validate(full=True)
    lost = 0 if _BODY in batch.schema.names or table.name != "captures" else batch.num_rows
    wrong = _disagreeing(batch, table)
    if _BODY in batch.schema.names and pc.any(wrong).as_py():
        index = batch.schema.get_field_index(_BODY)
        body = pc.if_else(wrong, pa.scalar(None, batch.schema.field(index).type), batch[_BODY])
        batch = batch.set_column(index, batch.schema.field(index), body)
        lost, wrong = pc.sum(wrong).as_py(), _disagreeing(batch, table)
    return batch.filter(pc.invert(wrong)), lost


def values(
    delta: DeltaTable, files: Sequence[File], column: str, first: int | None, last: int | None
) -> list[str]:
    """The values of a column in the rows of the batches from ``first`` to ``last``, in order."""
    paths = [file.path for file in files if first is None or file.last is None or file.last >= first]
    if not paths or first is None or last is None:
        return []
    schema = pa.schema([(column, pa.string()), ("batch", pa.int64())])
    rows = ds.dataset(paths, schema=schema, format="parquet", filesystem=storage(delta)).to_table(
        columns=[column], filter=(ds.field("batch") >= first) & (ds.field("batch") <= last)
    )
    return sorted(value for value in pc.unique(rows[column]).to_pylist() if value)


@contextlib.contextmanager
def _local(delta: DeltaTable, path: str, spill: Path) -> Iterator[tuple[Any, str]]:
    """A file to read at random, and the digest of its bytes; one from an object store is copied into ``spill``, so that
    no failure of the network is taken for damage."""
    files = storage(delta)
    state = hashlib.blake2b(digest_size=16)

    def copied(target: BinaryIO | None) -> None:
        with files.open_input_stream(path) as stream:
            while chunk := stream.read(_CHUNK):
                state.update(chunk)
                if target:
                    target.write(chunk)

    if is_remote(delta):
        with tempfile.NamedTemporaryFile(dir=spill) as copy:
            copied(copy)  # type: ignore[arg-type]
            copy.flush()
            yield copy.name, state.hexdigest()
    else:
        copied(None)
        with files.open_input_file(path) as source:
            yield source, state.hexdigest()


def _wrong(source: pq.ParquetFile, table: Table, file: File) -> str | None:
    """What rows that can be decoded tell against themselves, or the log against them."""
    rows = 0
    disagreeing = 0
    lacking = [name for name in _of(table) if name not in source.schema_arrow.names]
    for batch in source.iter_batches(_ROWS):
        batch.validate(full=True)
        rows += batch.num_rows
        disagreeing += pc.sum(_disagreeing(batch, table)).as_py() or 0
        for name, low, high in (("batch", file.first, file.last), ("ingested_at", file.since, file.until)):
            if low is not None and high is not None:
                span = pc.min_max(batch[name])
                # Delta may cut times to milliseconds.
                if (least := span["min"].as_py()) is not None and not _within(
                    least, span["max"].as_py(), low, high
                ):
                    return f"{name} from {least} to {span['max']}, where the log says {low} to {high}"
    if lacking:
        return f"without columns {', '.join(lacking)}"
    if rows != file.rows:
        return f"{rows:,} rows where the log says {file.rows:,}"
    return f"{disagreeing:,} of {rows:,} rows do not match their own digests" if disagreeing else None


def _within(least: Any, greatest: Any, low: Any, high: Any) -> bool:
    if isinstance(low, datetime):
        return bool((low - least).total_seconds() < 0.001 and (greatest - high).total_seconds() < 0.001)
    return bool(low <= least and greatest <= high)


def _of(table: Table) -> tuple[str, ...]:
    return _PROOFS[table.name][0] if table.name in _PROOFS else ()


def _disagreeing(batch: pa.RecordBatch, table: Table) -> pa.Array:
    """For each row whether its digests are not those of what it holds."""
    if table.name not in _PROOFS:
        return pa.repeat(False, batch.num_rows)
    columns, agrees = _PROOFS[table.name]
    names = batch.schema.names
    lists = [batch[name].to_pylist() if name in names else [None] * batch.num_rows for name in columns]
    return pa.array([not agrees(*values) for values in zip(*lists, strict=True)], pa.bool_())


def _capture(capture_id: str, number: int, body: bytes | None, body_hash: str | None) -> bool:
    return number == key(capture_id) and (body is None or body_hash == digest(body))


def _article(
    article_id: str,
    number: int,
    content_hash: str,
    content: int,
    title: str,
    subtitle: str,
    authors: list[str],
    text: str,
) -> bool:
    return (
        number == key(article_id)
        and content == key(content_hash)
        and content_hash == digest(title, subtitle, json.dumps(authors), text)
    )


# Table → the columns that prove each other, and whether they do.
_PROOFS: Final[Mapping[str, tuple[tuple[str, ...], Callable[..., bool]]]] = {
    "captures": (("capture_id", "key", "body", "body_hash"), _capture),
    "articles": (
        ("article_id", "key", "content_hash", "content_key", "title", "subtitle", "authors", "text"),
        _article,
    ),
}
