"""What a full window costs linking: ``python -m tests.bench.window [ARTICLES] [OLDER] [--bench DIR]``.

Links a batch of 2,000 texts next to ARTICLES of the 30 days before (500,000), with OLDER at the same rate before them
(0), and next to nothing. Prints the CPU of each stage in milliseconds a text, the least of several runs, the ratio of
the two, and the peak memory. The whole is to cost at most twice as much. With ``--folder`` the lake is kept, and taken
from there the next time.

The lake holds some thousand texts, one in twenty a copy of another and one in fifty without a date, time and again as
``tests.bench.repeated`` tells, each time over three days. Texts are those that ``tests.bench.linking`` loads, long ones
in parts, which are a story. Those of the batch are others of them; one in twenty is a copy of one of the last days.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from tasks import capture, link
from tasks.extract import extract_rows
from tasks.files import Document
from tasks.lake.commit import commit
from tasks.lake.rows import replaced
from tasks.lake.schema import ARTICLES, CAPTURES
from tasks.lake.store import Lake, committed
from tasks.maintain import maintain
from tasks.run import Run
from tests.bench.generate import article
from tests.bench.linking import STAGES, Meter, documents_of
from tests.bench.memory import peak
from tests.bench.repeated import Templates

NOW = datetime(2026, 11, 20, tzinfo=UTC)
WINDOW, LASTS = timedelta(days=30), timedelta(days=3)
BATCH, TEMPLATES, WARM = 2_000, 2_500, 100
PIECE, RUNS = 20, 3  # times that the texts are committed at once; runs
COPIED, UNDATED = 20, 50  # every which
PART = 4_000  # characters


def parts(texts: list[str]) -> list[str]:
    """The texts, long ones in parts, in no order."""
    found: list[str] = []
    for text in texts:
        part = ""
        for line in text.splitlines(keepends=True):
            part += line
            if len(part) > PART:
                found.append(part)
                part = ""
        found.append(part)
    random.Random(1).shuffle(found)
    return found


def articles(texts: list[str], copied: list[str], until: datetime) -> pa.Table:
    """Articles made of ``texts``, and of some of ``copied``, published within LASTS up to ``until``."""
    texts = [
        f"{copied[n]}\n\nBy the Marren Courier" if n % COPIED == 0 else text for n, text in enumerate(texts)
    ]
    given = (Document(f"{n}.txt", body=text.encode(), media="text") for n, text in enumerate(texts))
    rows = pa.concat_tables(map(extract_rows, capture.batches(given, Run.begin("bench"))))
    rows = rows.filter(pc.greater(rows["word_count"], 0))
    times = [until - LASTS * (1 - n / rows.num_rows) for n in range(rows.num_rows)]
    return replaced(
        rows,
        version=1,
        outlet=[f"The Outlet {int(400 * random.Random(n).random() ** 2)}" for n in range(rows.num_rows)],
        published_at=[time if n % UNDATED else None for n, time in enumerate(times)],
        published_precision="second",
        published_offset=0,
        ingested_at=times,
        month=f"{until:%Y-%m}",
    )


def put(lake: Lake, rows: pa.Table, batch: int) -> None:
    """Commit articles, which are not linked by that."""
    commit(lake.open(CAPTURES), CAPTURES, CAPTURES.schema.empty_table(), batch)
    commit(lake.open(ARTICLES), ARTICLES, replaced(rows, batch=batch), batch)


def build(lake: Lake, templates: Templates, window: int, older: int) -> None:
    """Commit the rows of ``window`` and ``older`` articles, in PIECEs, and maintain the lake."""
    every = WINDOW * templates.count / window
    times = -(-(window + older) // templates.count)
    begin = NOW - LASTS - every * times
    for newest in reversed(range(0, times, PIECE)):
        pieces = [templates.at(time, every * time) for time in range(newest, min(newest + PIECE, times))]
        last = 1 + int((NOW - every * newest - begin) / every * templates.count / BATCH)
        commit(lake.open(CAPTURES), CAPTURES, CAPTURES.schema.empty_table(), last)
        for table in pieces[0]:
            rows = pa.concat_tables([piece[table] for piece in pieces])
            came = rows["ingested_at"]
            since = pc.subtract(came, pa.scalar(begin, came.type)).cast(pa.int64()).to_numpy()
            batch = 1 + since // int(every.total_seconds() * 1e6 * BATCH / templates.count)
            rows = replaced(rows, batch=pa.array(batch), month=pc.strftime(came, "%Y-%m"))
            commit(
                lake.open(table),
                table,
                rows.sort_by(
                    [
                        ("batch", "ascending"),
                        ("key" if "key" in rows.column_names else "story_key", "ascending"),
                    ]
                ),
                last,
            )
    maintain(lake)


def measured(lake: Path, warm: Path) -> dict[str, float]:
    """CPU of the stages of linking what is not linked in a copy of the lake, and MiB at most in memory."""
    meter = Meter()
    with tempfile.TemporaryDirectory(dir=lake.parent) as folder, ExitStack() as stack:
        for name, path in (("warm", warm), ("lake", lake)):
            shutil.copytree(
                path, Path(folder, name), copy_function=os.link
            )  # no file is ever written to again
        link.catch_up(Lake(Path(folder, "warm")))
        for each in meter.patches():
            stack.enter_context(each)
        link.catch_up(Lake(Path(folder, "lake")))
    return {**meter.seconds, "MiB": peak()}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="What a full window costs linking.")
    parser.add_argument("articles", nargs="?", type=int, default=500_000)
    parser.add_argument("older", nargs="?", type=int, default=0)
    parser.add_argument("--bench", type=Path, help="a folder of evaluation sets")
    parser.add_argument("--folder", type=Path, help="where to keep the lake")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--measured", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measured:
        print(json.dumps(measured(*options.measured)))
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        lakes = {name: folder / name for name in ("empty", "lake", "warm", "templates")}
        if not lakes["lake"].exists():
            lake = {name: Lake(path) for name, path in lakes.items()}
            texts = (
                parts(documents_of(options.bench, pages=False))
                if options.bench
                else list(map(article, range(BATCH + WARM + TEMPLATES)))
            )
            fresh, warm, others = (
                texts[:BATCH],
                texts[BATCH : BATCH + WARM],
                texts[BATCH + WARM :][:TEMPLATES],
            )
            put(lake["templates"], articles(others, others[1:] + others[:1], NOW), 1)
            link.catch_up(lake["templates"])
            build(lake["lake"], Templates(lake["templates"]), options.articles, options.older)
            batch = articles(fresh, others, NOW + timedelta(days=1))
            batch = replaced(batch, ingested_at=NOW + timedelta(days=1))
            put(lake["warm"], articles(warm, others, NOW), 1)
            put(lake["empty"], batch, 1)
            put(lake["lake"], batch, 1 + committed(lake["lake"].open(ARTICLES)))
        found: dict[str, dict[str, float]] = {}
        for name in ("empty", "lake") * options.runs:
            command = [sys.executable, "-m", "tests.bench.window", "--measured", lakes[name], lakes["warm"]]
            one = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            found[name] = {key: min(one[key], found.get(name, one)[key]) for key in one}
    print(f"{'ms of CPU a text':<20}{'empty':>8}{'window':>8}{'ratio':>7}")
    for name in (*STAGES, "all of linking"):
        empty, full = (1000 * found[of][name] / BATCH for of in ("empty", "lake"))
        print(f"{name:<20}{empty:>8.3f}{full:>8.3f}{full / empty:>7.2f}")
    print(f"{'MiB at most':<20}{found['empty']['MiB']:>8.0f}{found['lake']['MiB']:>8.0f}")


if __name__ == "__main__":
    main()
