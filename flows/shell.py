"""``newslake sql``: one query, or a prompt for queries, over the published catalog."""

from __future__ import annotations

import base64
import csv
import json
import math
import shutil
import sys
from datetime import date, time
from pathlib import Path
from typing import Any

import duckdb

from flows.console import FAILED, REFUSED, TAKEN, failures
from tasks.lake.reader import read
from tasks.lake.views import views
from tasks.settings import configured

HISTORY = Path("~/.local/state/newslake/history")


def run(query: str | None, *, lake: str | None, form: str) -> int:
    """Answer ``query`` as ``table``, ``csv``, ``json`` (an object a line) or ``parquet``; without one, prompt."""
    with failures(), read(configured(lake=lake).place) as con:
        if query is None and sys.stdin.isatty():
            return _prompt(con, form)
        return answer(con, query or sys.stdin.read(), form)
    return FAILED


def answer(con: duckdb.DuckDBPyConnection, query: str, form: str) -> int:
    """Print what the query returns; an error of the query as one message on standard error."""
    try:
        _FORMS[form](con, query)
    except duckdb.Error as error:
        print(f"newslake: {error}", file=sys.stderr)
        return REFUSED
    return TAKEN


def _table(con: duckdb.DuckDBPyConnection, query: str) -> None:
    relation = con.sql(query)
    if relation is None:
        return
    if sys.stdout.isatty():
        relation.show(max_width=shutil.get_terminal_size().columns)
    else:
        relation.show(max_width=10_000, max_rows=1_000_000)


def _csv(con: duckdb.DuckDBPyConnection, query: str) -> None:
    cursor = _answered(con, query)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([name for name, *_ in cursor.description or []])
    while rows := cursor.fetchmany(10_000):
        writer.writerows(
            [[_json(v) if isinstance(v, dict | list) else _cell(v) for v in row] for row in rows]
        )


def _cell(value: object) -> object:
    return _plain(value) if isinstance(value, bytes) else value


def _lines(con: duckdb.DuckDBPyConnection, query: str) -> None:
    cursor = _answered(con, query)
    names = [name for name, *_ in cursor.description or []]
    while rows := cursor.fetchmany(10_000):
        for row in rows:
            print(_json(dict(zip(names, row, strict=True))))


def _answered(con: duckdb.DuckDBPyConnection, query: str) -> duckdb.DuckDBPyConnection:
    """The cursor of a query; of nothing (";"), one without columns."""
    cursor: duckdb.DuckDBPyConnection | None = con.execute(query)
    return cursor if cursor is not None else con.cursor()


def _json(value: object) -> str:
    return json.dumps(_finite(value), ensure_ascii=False, default=_plain)


def _finite(value: Any) -> Any:
    """The value with null for what JSON cannot say: infinity and not-a-number."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {name if isinstance(name, str) else str(name): _finite(of) for name, of in value.items()}
    return [_finite(of) for of in value] if isinstance(value, list) else value


def _plain(value: Any) -> str:
    """What JSON has no word for: times in ISO 8601, bytes in base64, anything else as Python writes it."""
    if isinstance(value, date | time):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


def _parquet(con: duckdb.DuckDBPyConnection, query: str) -> None:
    import pyarrow.parquet as pq

    relation = con.sql(query)
    if relation is None:
        return
    batches = relation.to_arrow_reader(10_000)
    with pq.ParquetWriter(sys.stdout.buffer, batches.schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)


_FORMS = {"table": _table, "csv": _csv, "json": _lines, "parquet": _parquet}


def _prompt(con: duckdb.DuckDBPyConnection, form: str) -> int:
    """Read queries that end in ``;`` until Ctrl-D; the arrow keys bring back those of earlier sessions."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.filters import Condition
    from prompt_toolkit.history import FileHistory
    from prompt_toolkit.lexers import PygmentsLexer
    from pygments.lexers.sql import SqlLexer

    print(
        f"Views: {', '.join(sorted(view.name for view in views()))}. End a query with ; and leave with Ctrl-D."
    )
    history = HISTORY.expanduser()
    history.parent.mkdir(parents=True, exist_ok=True)
    session: PromptSession[str] = PromptSession(
        "newslake> ",
        history=FileHistory(str(history)),
        lexer=PygmentsLexer(SqlLexer),
        prompt_continuation="      ... ",
    )
    unfinished = Condition(lambda: not session.default_buffer.text.rstrip().endswith(";"))
    while True:
        try:
            query = session.prompt(multiline=unfinished)
        except KeyboardInterrupt:
            continue
        except EOFError:
            return TAKEN
        answer(con, query, form)
