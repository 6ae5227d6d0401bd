"""Many small scheduled runs in simulated time: do files and query times stay flat with what each commit does by itself?

``python -m tests.bench.small_runs [RUNS]``: a run of 20 articles every 15 minutes, committed, merged where it is due
and published as ``journeys.commit`` does it. At a dozen moments when there are most files, the lake is copied and the
copy is merged whole: the same queries over both, in turns, are the ratio. Prints CPU time, which a busy machine shows
less of than of wall time, and exits with 1 where a query takes more than twice what it takes on the copy.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa

from tasks import capture, maintain
from tasks.append import stamped
from tasks.article.identity import digest, key
from tasks.extract import extract_rows
from tasks.files import documents
from tasks.lake.commit import commit
from tasks.lake.files import live
from tasks.lake.rows import replaced
from tasks.lake.schema import ARTICLES, CAPTURES
from tasks.lake.store import Lake, reopened
from tasks.publish import publish
from tasks.run import Run
from tests.bench.generate import write

ROWS, EVERY, MOMENTS, TIMES = 20, timedelta(minutes=15), 12, 25
BEGIN = datetime(2025, 11, 3, tzinfo=UTC)
QUERIES = {
    "count": "SELECT count(*) FROM articles",
    "one week by outlet": "SELECT outlet, count(*) FROM articles WHERE published_at >= TIMESTAMPTZ '{day}' "
    "AND published_at < TIMESTAMPTZ '{day}' + INTERVAL 7 DAY GROUP BY outlet",
    "article by id": "SELECT title, text FROM articles WHERE article_id = '{id}'",
    "outlet by day": "SELECT outlet, date_trunc('day', published_at), count(*) FROM articles GROUP BY ALL",
    "quotes of a speaker": "SELECT count(*), min(quote) FROM quotes WHERE speaker = 'Ada Holm'",
    "runs": "SELECT * FROM runs LIMIT 10",
}


def batches(folder: Path) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Captures and articles of one run after the other: a few hundred texts over and over, under new identities."""
    write(folder, 400, 2_500)
    captures = next(capture.batches(documents([str(folder)]), Run.begin("bench")))
    articles = extract_rows(captures)
    rng = random.Random(0)
    number = 0
    while True:
        at = rng.randrange(0, len(captures) - ROWS)
        ids = [digest("article", str(number + row)) for row in range(ROWS)]
        number += ROWS
        stamp = BEGIN + EVERY * (number // ROWS)
        common = {"key": [key(identity) for identity in ids], "capture_id": ids, "run_id": f"run{number:08}"}
        texts = articles["text"][at : at + ROWS].to_pylist()
        made = replaced(
            articles.slice(at, ROWS),
            article_id=ids,
            version=1,
            outlet=[f"Outlet {rng.randrange(40)}" for _ in ids],
            published_at=[stamp - timedelta(minutes=rng.randrange(2_000)) for _ in ids],
            text=[f"{text}\n\n{identity}" for text, identity in zip(texts, ids, strict=True)],
            **common,
        )
        seen = replaced(
            captures.slice(at, ROWS),
            outcome="new",
            article_id=ids,
            fetched_at=stamp,
            run_started_at=stamp,
            **common,
        )
        yield seen, made


def timed(catalogs: list[Path], query: str) -> list[float]:
    """CPU seconds of a query on each catalog, the least of some turns."""
    best = [float("inf")] * len(catalogs)
    for _ in range(TIMES):
        for index, path in enumerate(catalogs):
            with duckdb.connect(str(path), read_only=True) as con:
                started = time.process_time()
                con.sql(query).fetchall()
                best[index] = min(best[index], time.process_time() - started)
    return best


def compare(lake: Lake, now: datetime, identity: str, worst: dict[str, float]) -> None:
    """Time each query on the lake and on a copy of it that is merged whole; ``worst`` keeps the highest ratios."""
    publish(lake)
    copy = Lake(lake.local.parent / "copy")
    shutil.copytree(lake.local, copy.local)
    maintain.maintain(copy, now=now)
    day = (now - timedelta(days=9)).date()
    for name, query in QUERIES.items():
        here, compact = timed([lake.catalog, copy.catalog], query.format(day=day, id=identity))
        worst[name] = max(worst.get(name, 0), here / compact)
        print(
            f"    {name:<22}{here * 1000:8.1f} ms{compact * 1000:8.1f} ms merged{here / compact:7.2f}",
            flush=True,
        )
    shutil.rmtree(copy.local)


def main(runs: int, place: Path) -> int:
    """Do the runs; returns the exit code."""
    lake = Lake(place / "lake")
    worst: dict[str, float] = {}
    counts: list[int] = []
    merging, measured, started = 0.0, 0, time.process_time()
    for number, (captures, articles) in enumerate(batches(place / "in"), 1):
        stamp = BEGIN + EVERY * number
        state = {table.name: lake.open(table) for table in (CAPTURES, ARTICLES)}
        commit(state["captures"], CAPTURES, stamped(captures, number, stamp), number)
        commit(state["articles"], ARTICLES, stamped(articles, number, stamp), number)
        state = {name: reopened(delta) for name, delta in state.items()}
        counts.append(sum(len(live(delta)) for delta in state.values()))
        if counts[-1] >= 0.95 * max(counts[-600:]) and number >= (measured + 1) * runs // (MOMENTS + 1):
            measured += 1
            on_disk = sum(1 for _ in lake.local.glob("*/month=*/*"))
            print(f"run {number:,}: {counts[-1]} live files, {on_disk} on disk", flush=True)
            compare(lake, stamp, articles["article_id"][0].as_py(), worst)
        if maintain.is_due(state):
            before = time.process_time()
            maintain.merge_due(lake, now=stamp)
            merging += time.process_time() - before
        if number == runs:
            break
    whole = time.process_time() - started
    print(
        f"{runs:,} runs of {ROWS}: at most {max(counts)} live files; {whole:,.0f} s of CPU, {merging:,.0f} in merges"
    )
    for name, ratio in worst.items():
        print(f"{name:<22} at worst {ratio:.2f} times as merged")
    return int(max(worst.values(), default=0) > 2)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 10_000, Path(folder)))
