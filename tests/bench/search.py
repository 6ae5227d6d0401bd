"""Search in a lake of synthetic articles: ``python -m tests.bench.search ARTICLES [--small N]``.

Prints the index's bytes as a share of the text's, CPU and wall time of queries, and what indexing adds to a commit.
"""

from __future__ import annotations

import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from tasks import index
from tasks.lake import compaction
from tasks.lake.commit import commit
from tasks.lake.files import live
from tasks.lake.schema import ARTICLES, CAPTURES, INDEX
from tasks.lake.store import Lake
from tasks.publish import publish
from tests.bench.vocabulary import articles

BATCH, SMALL = 20_000, 2_000


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def timed(step: Callable[[], object], times: int = 5) -> str:
    walls, cpus = [], []
    for _ in range(times):
        wall, used = time.monotonic(), cpu()
        step()
        walls.append(time.monotonic() - wall)
        cpus.append(cpu() - used)
    return f"wall {1000 * statistics.median(walls):6.0f} ms, CPU {1000 * statistics.median(cpus):6.0f} ms"


def add(lake: Lake, count: int, number: int) -> tuple[float, float]:
    """Commit a batch; CPU seconds without indexing it and with."""
    rows, state, started = articles(count, number), lake.state(), cpu()
    commit(state["captures"], CAPTURES, CAPTURES.schema.empty_table(), number)
    commit(state["articles"], ARTICLES, rows, number)
    without = cpu() - started
    index.add(state, index.made(state, rows, index.terms(rows)), number)
    return without, cpu() - started


def compact(lake: Lake, spill: Path) -> None:
    for table in INDEX:
        delta = lake.open(table)
        compaction.compact(delta, table, live(delta), spill)


def figures(lake: Lake) -> None:
    publish(lake)
    with duckdb.connect(str(lake.catalog), read_only=True) as con:
        (text,) = con.sql("SELECT sum(strlen(text)) FROM base.articles").fetchall()[0]
        sizes = {t.name: sum(f.size for f in live(lake.open(t))) / text for t in INDEX}
        print(
            f"index / text      {sum(sizes.values()):.3f}",
            {name: round(size, 3) for name, size in sizes.items()},
        )
        ranked = con.sql(
            "SELECT term FROM base.postings GROUP BY term ORDER BY count(*) DESC LIMIT 2000"
        ).fetchall()
        first, second, third, top = (ranked[min(rank, len(ranked) - 1)][0] for rank in (500, 1000, 1999, 0))
        asked = {
            "one term": first,
            "three terms": f"{first} {second} {third}",
            "the most frequent": top,
            "prefix": f"{third[:4]}*",
            "phrase": f'"{top} {first}"',
        }
        for name, query in asked.items():
            print(f"{name:18}{timed(lambda q=query: con.execute('FROM search($1)', [q]).fetchall())}")  # type: ignore[misc]


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        lake = Lake(Path(place) / "lake")
        batches = count // BATCH
        for number in range(1, batches + 1):
            add(lake, BATCH, number)
        compact(lake, Path(place))
        print(f"{batches * BATCH:,} articles, compacted")
        figures(lake)
        costs = [add(lake, SMALL, number) for number in range(batches + 1, batches + 17)]
        print(f"and 16 batches of {SMALL:,}")
        figures(lake)
        without, whole = (statistics.median(each) for each in zip(*costs, strict=True))
        print(f"commit with index / without, CPU  {whole / without:.2f} ({whole:.2f} s, {without:.2f} s)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500_000)
