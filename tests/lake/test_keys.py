"""The cache of keys: it never says "surely not" of a key that the lake holds, whatever happens to it."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from deltalake import DeltaTable

from tasks.lake import keys
from tasks.lake.commit import commit
from tasks.lake.schema import CAPTURES
from tasks.lake.store import Lake

COLUMN = "captures.url_key"


def taken(lake: Lake, batch: int, values: list[int | None]) -> None:
    """Commit captures of addresses with these keys."""
    empty = CAPTURES.schema.empty_table()
    rows = {name: pa.nulls(len(values), empty.schema.field(name).type) for name in empty.column_names} | {
        "url_key": pa.array(values, pa.int64()),
        "batch": pa.repeat(batch, len(values)),
        "month": pa.repeat("2026-11", len(values)),
    }
    commit(lake.open(CAPTURES), CAPTURES, pa.table(rows, CAPTURES.schema), batch)


def held(lake: Lake, *wanted: int) -> list[bool]:
    state = {"captures": lake.open(CAPTURES)}
    found: list[bool] = keys.maybe(lake.local / ".keys", state, COLUMN, np.array(wanted, np.int64)).tolist()
    return found


def arrays(lake: Lake) -> list[Path]:
    return sorted((lake.local / ".keys").rglob("*.npy"))


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def test_of_an_empty_lake_nothing_is_known(lake: Lake) -> None:
    assert held(lake, 0, 1, -(2**63)) == [False, False, False]


def test_each_batch_is_read_once_it_is_committed(lake: Lake) -> None:
    taken(lake, 1, [5, -7, None, 5])
    assert held(lake, 5, -7, 6, 0) == [True, True, False, False]
    taken(lake, 2, [6])
    assert held(lake, 6, 5, 8) == [True, True, False]


def test_arrays_stay_few(lake: Lake) -> None:
    for batch in range(1, 21):
        taken(lake, batch, [batch * 10])
        held(lake, 1)
    assert len(arrays(lake)) <= 3
    assert held(lake, *range(10, 201, 10)) == [True] * 20


def test_only_files_with_new_batches_are_opened(lake: Lake) -> None:
    taken(lake, 1, [1])
    first = list((lake.local / "captures").rglob("*.parquet"))
    taken(lake, 2, [2])
    held(lake, 1)
    for file in first:
        file.write_bytes(b"no longer Parquet")
    taken(lake, 3, [3])
    assert held(lake, 1, 2, 3, 4) == [True, True, True, False]


def test_rows_that_join_the_last_batch_are_read_too(lake: Lake) -> None:
    taken(lake, 1, [1])
    held(lake, 1)
    taken(lake, 1, [2])  # captures without an article have no batch of their own
    assert held(lake, 1, 2, 3) == [True, True, False]


def test_versions_without_new_rows_leave_no_arrays(lake: Lake) -> None:
    taken(lake, 1, [1])
    for _ in range(3):
        lake.open(CAPTURES).alter.set_table_properties({"delta.logRetentionDuration": "interval 7 days"})
        held(lake, 1)
    assert len(arrays(lake)) <= 2


def test_a_deleted_cache_is_made_anew(lake: Lake) -> None:
    taken(lake, 1, [1])
    held(lake, 1)
    shutil.rmtree(lake.local / ".keys")
    assert held(lake, 1, 2) == [True, False]


def test_a_compacted_lake_has_the_same_keys(lake: Lake) -> None:
    for batch in (1, 2, 3):
        taken(lake, batch, [batch])
    held(lake, 1)
    taken(lake, 4, [4])
    lake.open(CAPTURES).optimize.compact()
    assert held(lake, 1, 2, 3, 4, 5) == [True, True, True, True, False]


def test_a_lake_restored_from_a_backup_is_read_anew(lake: Lake, tmp_path: Path) -> None:
    taken(lake, 1, [1])
    shutil.copytree(lake.local / "captures", tmp_path / "backup")
    for batch in (2, 3):
        taken(lake, batch, [batch])
    held(lake, 1)
    shutil.rmtree(lake.local / "captures")
    (tmp_path / "backup").rename(lake.local / "captures")
    assert held(lake, 1) == [True]
    taken(lake, 2, [20])
    assert held(lake, 1, 2, 20) == [True, False, True]


def test_a_writer_that_has_read_an_older_state_does_no_harm(lake: Lake) -> None:
    taken(lake, 1, [1])
    state = {"captures": lake.open(CAPTURES)}
    for batch in (2, 3):
        taken(lake, batch, [batch])
    held(lake, 1)
    before = arrays(lake)
    found = keys.maybe(lake.local / ".keys", state, COLUMN, np.array([1, 3, 9], np.int64))
    assert found.tolist() == [True, True, False]  # more than it asked for, and never less
    assert arrays(lake) == before


def test_a_draft_left_by_a_killed_process_is_no_array(lake: Lake) -> None:
    taken(lake, 1, [1])
    held(lake, 1)
    (arrays(lake)[0].parent / "1-9-9.4711.draft").write_bytes(b"half")
    assert held(lake, 1, 2) == [True, False]


def test_a_longer_array_comes_before_those_that_it_was_merged_of(lake: Lake) -> None:
    taken(lake, 1, [1])
    held(lake, 1)
    short = arrays(lake)[0].read_bytes()
    taken(lake, 2, [2])
    held(lake, 1)
    array = arrays(lake)[0]
    array.with_name("0-1-1.npy").write_bytes(short)  # as where its writer died before it was deleted
    assert held(lake, 1, 2, 3) == [True, True, False]


def test_another_lake_in_its_place_shares_nothing(lake: Lake) -> None:
    taken(lake, 1, [1])
    held(lake, 1)
    shutil.rmtree(lake.local / "captures")
    taken(lake, 1, [2])
    assert held(lake, 1, 2) == [False, True]


def test_the_state_is_not_moved_on(lake: Lake) -> None:
    taken(lake, 1, [1])
    delta = lake.open(CAPTURES)
    taken(lake, 2, [2])
    keys.maybe(lake.local / ".keys", {"captures": delta}, COLUMN, np.array([1], np.int64))
    assert delta.version() == DeltaTable(delta.table_uri).version() - 1
