"""Loads that are killed while a reader looks on: for the crash test and for `make soak`.

Run as ``python -m tests.lake.crash load FOLDER LAKE ROWS`` it is the process to be killed, as ``… die FOLDER LAKE ROWS
POINT`` one that dies by itself, as ``… read CATALOG`` the reader; ``… soak KILLS TEXTS`` does the whole and prints what
it saw.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from select import select
from types import SimpleNamespace
from typing import Any

import duckdb
from deltalake import DeltaTable

from flows import journeys
from tasks import append, publish
from tasks.files import documents
from tasks.lake import catalog
from tasks.lake.store import Lake
from tasks.run import Run
from tests.bench.generate import write

STATE = """
SELECT
    (SELECT count(*) FROM article_versions) AS rows,
    (SELECT count(DISTINCT article_id) FROM article_versions) AS articles,
    (SELECT count(*) FROM captures WHERE outcome IN ('new', 'new_version')) AS taken,
    (SELECT count(*) FROM article_versions ANTI JOIN captures USING (capture_id)) AS orphans
"""


def load(folder: str, lake: str, rows: str) -> None:
    """Load a folder in batches of ``rows``: small ones make many commits, and many instants that hurt."""
    journeys.load(documents([folder]), Lake(lake), Run.begin("files"), rows=int(rows))


def die(folder: str, lake: str, rows: str, at: str) -> None:
    """Load, and die without a word right before the ``at``-th step on the disk."""
    points = itertools.count(1)

    def deadly(step: Callable[..., Any]) -> Callable[..., Any]:
        def stepping(*arguments: Any, **options: Any) -> Any:
            if next(points) == int(at):
                os._exit(9)
            return step(*arguments, **options)

        return stepping

    append.commit = deadly(append.commit)
    catalog.write = deadly(catalog.write)
    publish.os = SimpleNamespace(replace=deadly(os.replace))  # type: ignore[assignment]
    DeltaTable.create = deadly(DeltaTable.create)  # type: ignore[method-assign]
    load(folder, lake, rows)


def read(path: str) -> None:
    """Open the catalog again and again until standard input ends; print how often, and every state that was wrong."""
    reads, wrong = 0, []
    while not select([sys.stdin], [], [], 0.02)[0]:
        if not Path(path).exists():
            continue
        try:
            with duckdb.connect(path, read_only=True) as con:
                rows, articles, taken, orphans = con.sql(STATE).fetchall()[0]
        except duckdb.Error as error:
            wrong.append(str(error))
            continue
        reads += 1
        if not rows == articles == taken or orphans:
            wrong.append(f"{rows} rows, {articles} articles, {taken} taken, {orphans} without a capture")
    print(json.dumps({"reads": reads, "wrong": wrong}))


def kills(folder: Path, count: int, texts: int, rows: int, seed: int = 0) -> dict[str, Any]:
    """Load ``texts`` texts ``count`` times, each time killed once at a random instant and then run again.

    Returns how many of the loads ended with other than exactly ``texts`` articles, and what the reader saw.
    """
    rng = random.Random(seed)
    write(folder / "in", texts, 1_500)
    found: dict[str, Any] = {"kills": 0, "states": [], "wrong": [], "reads": 0}
    started = time.monotonic()
    _loader(folder / "in", folder / "timed", rows).wait()
    usual = time.monotonic() - started
    for number in range(count):
        lake = folder / f"lake{number}"
        with _python("read", str(lake / "newslake.duckdb"), stdin=-1, stdout=-1) as reader:
            victim = _loader(folder / "in", lake, rows)
            time.sleep(rng.uniform(0.1, 0.95) * usual)
            found["kills"] += victim.poll() is None
            victim.kill()
            victim.wait()
            found["states"].append(_articles(lake))
            journeys.load(documents([str(folder / "in")]), Lake(lake), Run.begin("files"))
            seen = json.loads(reader.communicate()[0])
        found["reads"] += seen["reads"]
        found["wrong"] += seen["wrong"]
        if _articles(lake) != texts:
            found["wrong"].append(f"run {number}: {_articles(lake)} articles")
        shutil.rmtree(lake)
    return found


def _articles(lake: Path) -> int:
    if not (lake / "newslake.duckdb").exists():
        return 0
    with duckdb.connect(str(lake / "newslake.duckdb"), read_only=True) as con:
        rows: int = con.sql("SELECT count(*) FROM article_versions").fetchall()[0][0]
        return rows


def _loader(folder: Path, lake: Path, rows: int) -> subprocess.Popen[bytes]:
    return _python("load", str(folder), str(lake), str(rows))


def _python(*arguments: str, **pipes: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "tests.lake.crash", *arguments], **pipes)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["load", folder, lake, rows]:
            load(folder, lake, rows)
        case ["die", folder, lake, rows, at]:
            die(folder, lake, rows, at)
        case ["read", path]:
            read(path)
        case ["soak", count, texts]:
            with tempfile.TemporaryDirectory() as place:
                outcome = kills(Path(place), int(count), int(texts), int(texts) // 8)
            print(json.dumps(outcome, indent=1))
            sys.exit(bool(outcome["wrong"]))
