"""The view articles shows each article's newest version and no other, however rows lie in files."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from deltalake import CommitProperties, DeltaTable, Transaction

from tasks.lake import catalog, newest
from tasks.lake.commit import commit
from tasks.lake.compaction import compact
from tasks.lake.files import live
from tasks.lake.keys import CACHE
from tasks.lake.schema import ARTICLES, CAPTURES
from tasks.lake.store import REPAIR, Lake, committed


class Written:
    """A lake of bare article versions, by their keys."""

    def __init__(self, folder: Path) -> None:
        self.lake = Lake(folder)
        self.lake.open(CAPTURES)
        self.latest: dict[int, tuple[int, int]] = {}  # key → version, batch

    def add(self, keys: list[int], *, told: bool = True, month: str = "2026-11") -> None:
        """One batch with the next version of each; ``told``: whether they say which batch brought the one before."""
        delta = self.lake.open(ARTICLES)
        batch = committed(delta) + 1
        versions, before = [], []
        for key in keys:
            version, previous = self.latest.get(key, (0, None))
            versions.append(version + 1)
            before.append(previous if told else None)
            self.latest[key] = version + 1, batch
        empty = ARTICLES.schema.empty_table()
        rows: dict[str, Any] = {
            name: pa.nulls(len(keys), empty.schema.field(name).type) for name in empty.column_names
        }
        rows |= {
            "key": pa.array(keys, pa.int64()),
            "version": pa.array(versions, pa.int32()),
            "previous_batch": pa.array(before, pa.int64()),
            "batch": pa.repeat(batch, len(keys)),
            "ingested_at": pa.repeat(
                pa.scalar(datetime(2026, 11, 1, tzinfo=UTC), ARTICLES.schema.field("ingested_at").type),
                len(keys),
            ),
            "month": pa.repeat(month, len(keys)),
        }
        commit(delta, ARTICLES, pa.table(rows, ARTICLES.schema), batch)

    def merge(self, *numbers: int, delta: DeltaTable | None = None) -> None:
        """Merge the files of these numbers, oldest first; all of them by default."""
        delta = delta or self.lake.open(ARTICLES)
        files = live(delta)
        compact(delta, ARTICLES, [files[n] for n in numbers] or files, self.lake.local)

    def shown(self) -> list[tuple[int, int]]:
        """(key, version) of each row of the view articles."""
        path = self.lake.local / "shown.duckdb"
        path.unlink(missing_ok=True)
        state = {table.name: self.lake.open(table) for table in (CAPTURES, ARTICLES)}
        assert catalog.write(path, state, {}, self.lake.local / CACHE, present=path)
        with duckdb.connect(str(path), read_only=True) as con:
            return con.sql("SELECT key, version FROM articles ORDER BY key, version").fetchall()

    def layout(self) -> tuple[int, int, int]:
        """How many files are settled, unsettled and superseding."""
        found = newest.layout(self.lake.local / CACHE, self.lake.open(ARTICLES))
        return len(found.settled), len(found.unsettled), len(found.superseding)

    @property
    def expected(self) -> list[tuple[int, int]]:
        return sorted((key, version) for key, (version, _) in self.latest.items())


@pytest.fixture
def written(tmp_path: Path) -> Written:
    return Written(tmp_path / "lake")


def test_only_files_with_superseded_rows_are_asked(written: Written) -> None:
    written.add([1, 2, 3])
    written.add([4])
    assert written.layout() == (2, 0, 0)
    written.add([1])
    assert written.layout() == (2, 1, 1)
    assert written.shown() == written.expected == [(1, 2), (2, 1), (3, 1), (4, 1)]


def test_merging_keeps_superseded_rows_apart(written: Written) -> None:
    for keys in ([1, 2, 3], [1, 4], [1, 2]):
        written.add(keys)
    written.merge()
    assert sorted(file.path.split("/")[1].split("-")[0] for file in live(written.lake.open(ARTICLES))) == [
        "newest",
        "superseded",
    ]
    assert written.layout() == (1, 0, 0)
    assert written.shown() == written.expected


def test_a_settled_file_is_asked_once_a_later_batch_supersedes_a_row(written: Written) -> None:
    written.add([1, 2])
    written.add([3, 1])
    written.merge()
    written.add([4])
    assert written.layout() == (2, 0, 0)
    written.add([3])
    assert written.layout()[1:] == (1, 1)
    assert written.shown() == written.expected


def test_a_batch_that_comes_during_a_merge(written: Written) -> None:
    written.add([1])
    written.add([2])
    before = written.lake.open(ARTICLES)
    written.add([1])
    written.merge(delta=before)
    assert written.layout()[1] == 1
    assert written.shown() == written.expected == [(1, 2), (2, 1)]


def test_versions_that_do_not_say_what_they_follow(written: Written) -> None:
    written.add([1, 2])
    written.add([3])
    written.merge()
    written.add([2], told=False)
    assert written.layout() == (0, 2, 1)
    assert written.shown() == written.expected
    written.merge()
    assert written.layout() == (1, 0, 0)
    assert written.shown() == written.expected


def test_after_a_repair_no_name_is_trusted(written: Written) -> None:
    written.add([1, 2])
    written.add([1])
    written.merge()
    delta = written.lake.open(ARTICLES)

    delta.create_write_transaction(
        [],
        "append",
        delta.schema(),
        ["month"],
        commit_properties=CommitProperties(app_transactions=[Transaction(REPAIR, 1)]),
    )
    assert written.layout()[0] == 0
    assert written.shown() == written.expected


@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_merged_when(written: Written, seed: int) -> None:
    random.seed(seed)
    for _ in range(14):
        written.add(random.sample(range(12), 4), told=random.random() < 0.9)
        files = live(written.lake.open(ARTICLES))
        if random.random() < 0.4:
            written.merge(*random.sample(range(len(files)), random.randint(1, len(files))))
        if random.random() < 0.1:
            for file in (written.lake.local / CACHE).rglob("*.npy"):
                file.unlink()
        assert written.shown() == written.expected
