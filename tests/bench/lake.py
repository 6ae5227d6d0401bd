"""What a lake of many articles costs, as ratios in one run: ``python -m tests.bench.lake [ROWS] [--folder FOLDER]``.

A lake of ROWS slim articles (1,000,000 by default) in 60 months is built, in two commits a month, and maintained as
``newslake maintain`` does; with ``--folder`` it is kept, and taken from there the next time. Then:

- A batch of 2,000 whole articles is committed to it and to an empty lake, dedup and publication included. Each process
  commits a few, since the first pays for what is loaded and cached once; seconds are the median of the others. And
  to another empty lake without the search index: what the index costs is the ratio of the two.
- Questions are put to the catalog and, in the same words, to Parquet laid by hand: the newest versions only, sorted,
  zstd, few files, row groups of the size that suits DuckDB best. Seconds are the least of several.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import duckdb
import numpy as np
from pyarrow import feather

import flows  # noqa: F401  commits are measured in processes with the environment that it gives commands
from tasks import append, dedupe, maintain, publish
from tasks.lake import keys
from tasks.lake.commit import commit
from tasks.lake.rows import replaced
from tasks.lake.schema import ARTICLES, CAPTURES, INDEX
from tasks.lake.store import Lake
from tasks.lake.views import statement
from tests.bench.memory import peak
from tests.bench.rows import SLIM, Rows

MONTHS = 60
HALF = timedelta(days=14)
BATCH = 2_000
COMMITS = 6
REPEATS = 5
# Rows of a row group of the Parquet laid by hand, and its files.
GROUP, FILES = 122_880, 20

KEYS = (
    "captures.key", "captures.url_key", "captures.body_key", "captures.guid_key",
    "articles.key", "articles.content_key",
)  # fmt: skip
QUESTIONS = {
    "count": "SELECT count(*) FROM articles",
    "one week by outlet": "SELECT outlet, count(*) FROM articles "
    "WHERE published_at >= '2024-03-04' AND published_at < '2024-03-11' GROUP BY outlet",
    "article by id": "SELECT * FROM articles WHERE article_id = md5('article' || $one)",
    "outlet × day": "SELECT outlet, published_at::DATE AS day, count(*) FROM articles GROUP BY ALL",
    "quotes of one speaker in a year": "SELECT published_at, outlet, quote FROM quotes "
    "WHERE speaker = 'Speaker 100' AND published_at >= '2024-01-01' AND published_at < '2025-01-01'",
}


def build(lake: Lake, rows: Rows, count: int) -> None:
    """``count`` articles in MONTHS months, two commits a month; the search index stays empty, and counts as whole."""
    each = count // (2 * MONTHS)
    for number in range(2 * MONTHS):
        batch = number + 1
        start = datetime(2021 + number // 24, number // 2 % 12 + 1, 1, tzinfo=UTC) + HALF * (number % 2)
        captures, articles = rows.take(1 + number * each, each, start, HALF.total_seconds(), batch)
        stamp = start + HALF - timedelta(seconds=1)
        commit(lake.open(CAPTURES), CAPTURES, append.stamped(captures, batch, stamp), batch)
        commit(lake.open(ARTICLES), ARTICLES, append.stamped(articles, batch, stamp), batch)
    for table in INDEX:
        commit(lake.open(table), table, table.schema.empty_table(), 2 * MONTHS)


def by_hand(lake: Lake, folder: Path) -> Path:
    """A catalog over the newest versions of the lake's articles, laid as a query would have them."""
    folder.mkdir()
    path = folder / "hand.duckdb"
    with duckdb.connect(str(lake.catalog), read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        for first in range(0, MONTHS, MONTHS // FILES):
            start, end = (datetime(2021 + m // 12, m % 12 + 1, 1) for m in (first, first + MONTHS // FILES))
            con.execute(
                f"COPY (FROM articles WHERE published_at >= '{start}' AND published_at < '{end}' "
                f"ORDER BY published_at, article_id) TO '{folder}/{first:02}.parquet' "
                f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {GROUP})"
            )
    with duckdb.connect(str(path)) as con:
        con.execute(f"CREATE VIEW articles AS FROM read_parquet('{folder}/*.parquet')")
        con.execute(f"CREATE VIEW quotes AS {statement('quotes.sql')}")
    return path


def answer(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    """The rows of a question's answer."""
    return con.sql(sql).fetchall()


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds that it takes, and of CPU."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def ask(lake: Path, hand: Path, one: int) -> None:
    """Put the questions to both catalogs in turn, and print."""
    print(f"{'question':<34}{'s':>8}{'by hand':>9}{'ratio':>7}{'CPU s':>8}{'by hand':>9}{'ratio':>7}")
    with (
        duckdb.connect(str(lake), read_only=True) as ours,
        duckdb.connect(str(hand), read_only=True) as theirs,
    ):
        for name, sql in QUESTIONS.items():
            ask_each = [partial(answer, con, sql.replace("$one", str(one))) for con in (ours, theirs)]
            answers = [sorted(each(), key=repr) for each in ask_each]
            assert answers[0] == answers[1] and answers[0], name
            taken = [[timed(each) for each in ask_each] for _ in range(REPEATS)]
            (wall, hand_wall), (cpu, hand_cpu) = (
                [min(each[side][kind] for each in taken) for side in (0, 1)] for kind in (0, 1)
            )
            print(
                f"{name:<34}{wall:>8.3f}{hand_wall:>9.3f}{wall / hand_wall:>7.2f}"
                f"{cpu:>8.3f}{hand_cpu:>9.3f}{cpu / hand_cpu:>7.2f}",
                flush=True,
            )


def leave_out_index() -> None:
    """From now on nothing is indexed in this process: neither terms nor documents are made or committed."""
    append.index = SimpleNamespace(  # type: ignore[assignment, attr-defined]
        catch_up=lambda state: False,
        terms=lambda articles: SimpleNamespace(of=lambda chosen: None),
        made=lambda state, versions, of: None,
        add=lambda state, rows, batch: None,
    )


def _commit(lake: Lake, captures: Path, articles: Path) -> tuple[float, float]:
    fresh, made = feather.read_table(captures), feather.read_table(articles)

    def work() -> None:
        report = append.append(lake, dedupe.skip_known(lake, fresh), made)
        publish.publish(lake)
        assert dict(report.outcomes) == {"new": BATCH}, report.outcomes

    return timed(work)


def commits(lake: Lake, batches: Path) -> dict[str, float]:
    """Commit the batches of a folder; the median of seconds and CPU seconds but for the first, and peak MiB."""
    files = (sorted(batches.glob(f"{name}-*")) for name in ("captures", "articles"))
    taken = [_commit(lake, *each) for each in zip(*files, strict=True)]
    wall, cpu = (statistics.median(kind) for kind in zip(*taken[1:], strict=True))
    return {"wall": wall, "cpu": cpu, "peak": peak(), "first": taken[0][0]}


def commit_both(lake: Lake, folder: Path, first: int) -> None:
    """Commit batches to a copy of the lake and to an empty one, each in a process of its own, and print."""
    rows = Rows()
    empty, full, batches = folder / "empty", folder / "full", folder / "batches"
    shutil.copytree(lake.uri, full, copy_function=os.link)  # no file is ever written to again
    for name, number in (("lake", 0), ("empty", COMMITS)):
        (batches / name).mkdir(parents=True)
        for index in range(number, number + COMMITS):
            captures, articles = rows.take(
                first + index * BATCH, BATCH, datetime(2026, 1, 1, tzinfo=UTC), HALF.total_seconds()
            )
            fresh = replaced(captures, outcome="read", article_id=None)
            feather.write_feather(fresh, batches / name / f"captures-{index:03}")
            feather.write_feather(replaced(articles, version=None), batches / name / f"articles-{index:03}")
    del rows
    found = {}
    for name, place, given in (
        ("empty", empty, "empty"),
        ("lake", full, "lake"),
        ("without index", folder / "plain", "empty"),
    ):
        command = [sys.executable, "-m", "tests.bench.lake", "--commits", str(place), str(batches / given)]
        if name == "without index":
            command.append("--without-index")
        found[name] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    print(f"{f'commit of {BATCH:,} articles':<34}{'s':>8}{'first':>8}{'CPU s':>8}{'MiB':>8}")
    for name, of in found.items():
        print(f"{name:<34}{of['wall']:>8.2f}{of['first']:>8.2f}{of['cpu']:>8.2f}{of['peak']:>8.0f}")
    for name, one, other in (
        ("lake / empty", "lake", "empty"),
        ("with index / without", "empty", "without index"),
    ):
        wall, cpu = (found[one][kind] / found[other][kind] for kind in ("wall", "cpu"))
        print(f"{name:<34}{wall:>8.2f}{'':>8}{cpu:>8.2f}")


def main() -> None:
    """Build what is not there, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--commits", nargs=2, type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--without-index", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.without_index:
        leave_out_index()
    if given.commits:
        print(json.dumps(commits(Lake(given.commits[0]), given.commits[1])))
        return
    with tempfile.TemporaryDirectory(dir=given.folder) as scratch:
        folder = given.folder or Path(scratch)
        lake, hand = Lake(folder / "lake"), folder / "hand"
        if not lake.exists():
            build(lake, Rows(SLIM), given.rows)
            maintain.maintain(lake)
            for column in KEYS:  # as commits have it, which find all but their own batch's keys there
                keys.maybe(lake.local / keys.CACHE, lake.state(), column, np.zeros(1, np.int64))
        path = hand / "hand.duckdb" if hand.exists() else by_hand(lake, hand)
        print(f"{given.rows:,} articles")
        ask(lake.catalog, path, given.rows // 2)
        commit_both(lake, Path(scratch), first=10 * given.rows)


if __name__ == "__main__":
    main()
