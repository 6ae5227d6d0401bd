"""``newslake sql``: one query, or a prompt for queries, over the published catalog."""

from __future__ import annotations

import csv
import json
import shutil
import sys
from pathlib import Path

import duckdb

from flows.console import FAILED, REFUSED, TAKEN, configured

HISTORY = Path("~/.local/state/newslake/history")


def run(query: str | None, *, lake: Path | None, form: str) -> int:
    """Answer ``query`` as ``table``, ``csv``, ``json`` (an object a line) or ``parquet``; without one, prompt."""
    catalog = configured(lake=lake).lake / "newslake.duckdb"
    if not catalog.exists():
        print(f"newslake: no lake at {catalog.parent}; newslake load PATH... makes one", file=sys.stderr)
        return FAILED
    try:
        con = duckdb.connect(str(catalog), read_only=True)
    except duckdb.Error as error:
        print(f"newslake: {catalog} cannot be opened: {error}", file=sys.stderr)
        return FAILED
    with con:
        if query is None and sys.stdin.isatty():
            return _prompt(con, form)
        return answer(con, query or sys.stdin.read(), form)


def answer(con: duckdb.DuckDBPyConnection, query: str, form: str) -> int:
    """Print what the query returns; an error of the query as one message on standard error."""
    try:
        relation = con.sql(query)
        if relation is not None:
            _FORMS[form](relation)
    except duckdb.Error as error:
        print(f"newslake: {error}", file=sys.stderr)
        return REFUSED
    return TAKEN


def _table(relation: duckdb.DuckDBPyRelation) -> None:
    if sys.stdout.isatty():
        relation.show(max_width=shutil.get_terminal_size().columns)
    else:
        relation.show(max_width=10_000, max_rows=1_000_000)


def _csv(relation: duckdb.DuckDBPyRelation) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(relation.columns)
    while rows := relation.fetchmany(10_000):
        writer.writerows([[_flat(value) for value in row] for row in rows])


def _flat(value: object) -> object:
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else value


def _json(relation: duckdb.DuckDBPyRelation) -> None:
    while rows := relation.fetchmany(10_000):
        for row in rows:
            print(json.dumps(dict(zip(relation.columns, row, strict=True)), ensure_ascii=False, default=str))


def _parquet(relation: duckdb.DuckDBPyRelation) -> None:
    import pyarrow.parquet as pq

    batches = relation.to_arrow_reader()
    with pq.ParquetWriter(sys.stdout.buffer, batches.schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)


_FORMS = {"table": _table, "csv": _csv, "json": _json, "parquet": _parquet}


def _prompt(con: duckdb.DuckDBPyConnection, form: str) -> int:
    """Read queries that end in ``;`` until Ctrl-D; the arrow keys bring back those of earlier sessions."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.filters import Condition
    from prompt_toolkit.history import FileHistory
    from prompt_toolkit.lexers import PygmentsLexer
    from pygments.lexers.sql import SqlLexer

    names = [name for (name,) in con.execute("SHOW TABLES").fetchall()]
    print(f"Views: {', '.join(names)}. End a query with ; and leave with Ctrl-D.")
    history = HISTORY.expanduser()
    history.parent.mkdir(parents=True, exist_ok=True)
    session: PromptSession[str] = PromptSession(
        "newslake> ", history=FileHistory(str(history)), lexer=PygmentsLexer(SqlLexer), prompt_continuation="      ... "
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
