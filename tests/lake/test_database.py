"""Databases in memory: each user has one of its own, and nothing of another's."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from tasks.lake.database import attached, temporary


def use(number: int) -> list[tuple[int, ...]]:
    """Leave behind whatever can be left behind; what was asked for."""
    with temporary() as con:
        con.register("wanted", pa.table({"number": [number]}))
        con.execute("CREATE SCHEMA base")
        con.execute("CREATE VIEW base.seen AS SELECT 1 AS one")
        con.execute("CREATE MACRO twice(x) AS 2 * x")
        con.execute("CREATE TEMP TABLE held AS SELECT twice(number) AS number FROM wanted")
        con.execute("SET TimeZone = 'Asia/Tokyo'")
        found: list[tuple[int, ...]] = con.sql("SELECT number, one FROM held, base.seen").fetchall()
        return found


def fail(begin: str) -> None:
    with temporary() as con:
        con.execute(begin)
        con.execute("CREATE TABLE lost AS SELECT 1 AS one")
        con.execute("SELECT error('broken')")


def left() -> list[tuple[object, ...]]:
    """What the next user finds."""
    with temporary() as con:
        return con.sql(
            """
            SELECT
                (SELECT count(*) FROM duckdb_databases() WHERE NOT internal),
                (SELECT count(*) FROM duckdb_views() WHERE NOT internal),
                (SELECT count(*) FROM duckdb_tables()),
                (SELECT count(*) FROM duckdb_functions() WHERE function_name = 'twice'),
                current_setting('TimeZone') = 'Asia/Tokyo'
            """
        ).fetchall()


def test_many_at_once_do_not_meet() -> None:
    nothing = left()
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(use, range(20))) == [[(2 * number, 1)] for number in range(20)]
    assert left() == nothing
    assert nothing[0][1:] == (0, 0, 0, False)


def test_one_that_fails_harms_no_other() -> None:
    nothing = left()
    with temporary() as other:
        other.execute("CREATE TABLE kept AS SELECT 1 AS one")
        for begin in ("SELECT 1", "BEGIN"):
            with pytest.raises(duckdb.Error, match="broken"):
                fail(begin)
            assert use(1) == [(2, 1)]
        assert other.sql("FROM kept").fetchall() == [(1,)]
    assert left() == nothing


def test_a_file_that_could_not_be_written_can_be_the_next_time(tmp_path: Path) -> None:
    def write(*, fails: bool) -> None:
        with temporary() as con, attached(con, str(tmp_path / "catalog")):
            con.execute("BEGIN")
            con.execute("CREATE VIEW seen AS SELECT 1 AS one")
            if fails:
                raise OSError("disk full")
            con.execute("COMMIT")

    with temporary():  # somebody holds the DuckDB meanwhile
        with pytest.raises(OSError, match="disk full"):
            write(fails=True)
        (tmp_path / "catalog").unlink()
        write(fails=False)


def test_a_forked_process_has_its_own() -> None:
    use(1)
    child = os.fork()
    if not child:
        signal.alarm(60)
        os._exit(int(use(2) != [(4, 1)]))
    assert os.waitpid(child, 0)[1] == 0
