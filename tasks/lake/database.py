"""In-memory databases for a query or two. To start DuckDB takes longer than most of what is asked of it, so a process
starts it once, and each user gets a connection and a database of its own in it.

Nothing is left to the next user: tables and views go with the database, what is registered, temporary or set for a
session with the connection. Whoever sets anything for all of DuckDB, such as a limit of memory, starts one of its own.
"""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Iterator

import duckdb

from tasks.lake.object_store import quoted

Config = dict[str, str | bool | int | float | list[str]]
# Nothing is ever downloaded unasked.
QUIET: Config = {"autoinstall_known_extensions": False}
# Nor is memory held for files that its user has read.
_SHARED: Config = QUIET | {"enable_external_file_cache": False}
_numbers = itertools.count()
_instances: dict[int, duckdb.DuckDBPyConnection] = {}


@contextlib.contextmanager
def temporary() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to an empty in-memory database, which is gone afterwards. Any thread may have one."""
    with _instance().cursor() as con, attached(con, ":memory:"):
        yield con


@contextlib.contextmanager
def attached(con: duckdb.DuckDBPyConnection, path: str, options: str = "") -> Iterator[None]:
    """What is done within by ``con`` is done to the database ``path``. ``options``: of ATTACH."""
    before = con.sql("SELECT current_catalog()").fetchall()[0][0]
    name = f"database_{next(_numbers)}"
    con.execute(f"ATTACH {quoted(path)} AS {name} {options}")
    try:
        con.execute(f"USE {name}")
        yield
    except BaseException:
        with contextlib.suppress(duckdb.Error):  # a transaction that stays open keeps the database
            con.execute("ROLLBACK")
        raise
    finally:
        try:
            con.execute(f"USE {before}")
            con.execute(f"DETACH {name}")
        except duckdb.Error:  # no longer fit for use: nobody else shall meet it
            _instances.pop(os.getpid(), None)


def _instance() -> duckdb.DuckDBPyConnection:
    """The DuckDB of this process. After a fork that of its parent waits for threads that are not there, even to end."""
    process = os.getpid()
    if process not in _instances:
        _instances[process] = duckdb.connect(config=_SHARED)
    return _instances[process]
