"""Journeys that are killed while readers look on: for the crash tests and for `make soak`.

``python -m tests.lake.crash soak KILLS`` kills that many and prints what came of it. What is killed is a fork of a
process that has imported everything and done nothing, so that its life is all work, and most instants of it hurt.
"""

from __future__ import annotations

import functools
import itertools
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from pathlib import Path
from select import select
from types import SimpleNamespace
from typing import Any

import duckdb
import numpy.ma  # noqa: F401 - DuckDB imports it with the first result
from deltalake import DeltaTable

from flows import journeys
from tasks import append, index, link, maintain, publish, verify
from tasks.article.extract import extract
from tasks.crawl import Wish, crawl  # noqa: F401 - imported here, so that forks need not
from tasks.files import documents
from tasks.lake import catalog, reader
from tasks.lake.store import Lake, LakeError
from tasks.run import Report, Run
from tasks.web.choice import Span
from tasks.web.client import Options
from tasks.web.source_files import for_run
from tests.bench.generate import article
from tests.newsroom.harness import Room, newsroom

# What must be so in whatever a reader sees: as many versions as captures that made one, none twice, none without.
STATE = """
SELECT
    (SELECT count(*) FROM article_versions) AS rows,
    (SELECT count(*) FROM (SELECT DISTINCT article_id, version FROM article_versions)) AS versions,
    (SELECT count(*) FROM captures WHERE outcome IN ('new', 'new_version')) AS taken,
    (SELECT count(*) FROM article_versions ANTI JOIN captures USING (capture_id)) AS orphans
"""
OUTLETS = ("norhaven-post", "echo-de-brecourt")
OPTIONS = Options(user_agent="newslake-test", connect=5, read=5, total=10, attempts=2, wait=0.1)
TEXTS = 4
# Kills a lake goes through before the next one begins.
PER_LAKE = 16


def load(folder: str, lake: str, rows: int) -> Report:
    """Load a folder in batches of ``rows``: small ones make many commits, and many instants that hurt."""
    return journeys.load(documents([folder]), Lake(lake), Run.begin("files"), rows=rows, workers=1)


def ingest(sources: str, lake: str) -> Report:
    """Ingest the newsroom's outlets."""
    asked = for_run(Path(sources), OUTLETS)
    wish = Wish(Span(None, None), True, None)
    return journeys.ingest(asked, Lake(lake), Run.begin("ingest"), options=OPTIONS, wish=wish, workers=1)


def die(work: Callable[[], object], at: int) -> None:
    """Work, and die without a word right before the ``at``-th step on the disk."""
    points = itertools.count(1)

    def deadly(step: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(step)
        def stepping(*arguments: Any, **options: Any) -> Any:
            if next(points) == at:
                os._exit(9)
            return step(*arguments, **options)

        return stepping

    append.commit = deadly(append.commit)
    index.commit = deadly(index.commit)
    link.commit = deadly(link.commit)
    catalog.write = deadly(catalog.write)
    publish.os = SimpleNamespace(replace=deadly(os.replace))  # type: ignore[assignment]
    DeltaTable.create = deadly(DeltaTable.create)  # type: ignore[method-assign]
    DeltaTable.create_write_transaction = deadly(DeltaTable.create_write_transaction)  # type: ignore[method-assign]
    work()


def read(path: str, until: int, *, plain: bool) -> dict[str, Any]:
    """Open each new catalog, and an old one once a second, until ``until`` ends; how often, and what was wrong.

    ``plain``: as an analyst's DuckDB does, not as newslake's own commands do.
    """
    lake = Lake(Path(path).parent)
    reads, wrong, last, opened = 0, [], 0, 0.0
    while not select([until], [], [], 0.05)[0]:
        written = os.stat(path).st_ctime_ns
        if written == last and time.monotonic() < opened + 1:
            continue
        last, opened = written, time.monotonic()
        try:
            with duckdb.connect(path, read_only=True) if plain else reader.read(lake) as con:
                seen = con.sql(STATE).fetchall()[0]
        except (LakeError, duckdb.Error) as error:
            wrong.append(f"reader: {error}")
            continue
        reads += 1
        if len(set(seen[:3])) > 1 or seen[3]:
            wrong.append(f"reader: {seen}")
    return {"reads": reads, "wrong": wrong}


def forked(work: Callable[[], object]) -> tuple[int, int]:
    """A process that does this; its id, and a file to read its result from as JSON."""
    source, sink = os.pipe()
    if child := os.fork():
        os.close(sink)
        return child, source
    status = 1
    try:
        os.close(source)
        result = work()
        with os.fdopen(sink, "w") as file:
            json.dump(result, file)
        status = 0
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
    os._exit(status)


def result(of: tuple[int, int]) -> Any:
    """What a fork has returned. Raises RuntimeError where it died."""
    child, source = of
    with os.fdopen(source) as file:
        said = file.read()
    if os.waitpid(child, 0)[1] or not said:
        raise RuntimeError(f"a process that was not to die did: {said}")
    return json.loads(said)


def warm() -> None:
    """Do what each fork would do again, and what takes longer than its own work, once for all that follow."""
    extract(article(0).encode(), media="text")  # reads the models
    resource_tracker.ensure_running()
    # Made by a fork: DuckDB's threads in this process would freeze all others.
    empty = result(forked(lambda: catalog._unfilled().decode("latin-1"))).encode("latin-1")
    catalog._unfilled = lambda: empty  # type: ignore[assignment]


@dataclass
class Found:
    """What the kills came to: verb → kills that met it alive; ``kept``: how many articles each left in sight."""

    kills: Counter[str] = field(default_factory=Counter)
    early: int = 0
    reads: int = 0
    wrong: list[str] = field(default_factory=list)
    healed: int = 0


@contextmanager
def readers(lake: Path, found: Found, count: int = 2) -> Iterator[None]:
    """So many processes that query the lake's catalog all the while, every other as an analyst's DuckDB does."""
    source, sink = os.pipe()
    some = [forked(functools.partial(_read, lake, source, sink, plain=bool(n % 2))) for n in range(count)]
    os.close(source)
    try:
        yield
    finally:
        os.close(sink)
        for each in some:
            seen = result(each)
            found.reads += seen["reads"]
            found.wrong += seen["wrong"]


def _read(lake: Path, source: int, sink: int, *, plain: bool) -> dict[str, Any]:
    os.close(sink)  # so that the end of the other's is seen
    return read(str(lake / "newslake.duckdb"), source, plain=plain)


def checked(lake: str, work: Callable[[], Report | None], texts: int | None) -> dict[str, Any]:
    """Work again, undisturbed, and verify: what is wrong then, and whether there was anything left to do."""
    started = time.monotonic()
    report = work()
    elapsed = time.monotonic() - started
    wrong = []
    if texts is None and report is not None:  # whatever the newsroom had is there by now
        again = work()
        assert again is not None
        wrong += [f"not there after a rerun: {again.outcomes}"] if again.outcomes["new"] else []
    done = verify.verify(Lake(lake))
    wrong += [f"{each.level}: {each.text}" for each in done.findings if each.level != "note"]
    with duckdb.connect(str(Lake(lake).catalog), read_only=True) as con:
        rows, versions, taken, orphans = con.sql(STATE).fetchall()[0]
        files = con.sql("SELECT count(*) FROM article_versions WHERE source_id = 'files'").fetchall()[0][0]
        # Whatever journey was killed, the next load links what is not: all is, after each.
        linked = con.sql(
            "SELECT count(*), count(DISTINCT (article_id, version)) FROM base.signatures"
        ).fetchall()[0]
    if not rows == versions == taken or orphans:
        wrong.append(f"{rows} rows, {versions} versions, {taken} taken, {orphans} without a capture")
    if linked != (rows, versions):
        wrong.append(f"{linked} signatures of {rows} rows")
    if texts is not None and files != texts:
        wrong.append(f"{files} articles of {texts} texts")
    return {"wrong": wrong, "elapsed": elapsed, "left": bool(report and report.outcomes["new"])}


def kills(folder: Path, count: int, verbs: tuple[str, ...], room: Room | None = None, seed: int = 0) -> Found:
    """Kill journeys at random instants until ``count`` have died, each then run again and the lake verified."""
    rng = random.Random(seed)
    warm()
    found = Found()
    usual = dict.fromkeys(verbs, 0.6)
    if room:
        room.sources(folder / "sources")
    for number in itertools.count():
        if found.kills.total() >= count:
            break
        lake, given = folder / f"lake{number}", folder / f"in{number}"
        texts = 0
        result(forked(functools.partial(_begin, str(lake))))
        with readers(lake, found):
            for turn in range(PER_LAKE):
                if found.kills.total() >= count:
                    break
                verb = verbs[(turn + number) % len(verbs)]
                if verb == "load":
                    _write(given / str(turn), texts, TEXTS)
                    texts += TEXTS
                if verb == "ingest" and room:
                    room.advance()
                work = _work(verb, str(lake), str(given / str(turn)), str(folder / "sources"))
                if _killed(work, rng.uniform(0, usual[verb])):
                    found.kills[verb] += 1
                else:
                    found.early += 1
                after = result(
                    forked(functools.partial(checked, str(lake), work, None if verb == "ingest" else texts))
                )
                usual[verb] = 0.7 * usual[verb] + 0.3 * after["elapsed"]
                found.healed += after["left"]
                found.wrong += [f"lake {number}, turn {turn}, {verb}: {line}" for line in after["wrong"]]
        shutil.rmtree(lake)
        shutil.rmtree(given, ignore_errors=True)
        print(f"{found.kills.total()} kills, {found.reads} reads, {len(found.wrong)} wrong", file=sys.stderr)
    return found


def deaths(folder: Path, verb: str) -> dict[str, Any]:
    """Load a batch, or maintain a lake of two, dying before each step on the disk in turn, until none is left.

    Each time it is worked again, and the lake verified; ``points``: how many steps there are.
    """
    warm()
    _write(folder / "first", 0, 2)
    _write(folder / "more", 2, 2)
    if verb == "maintain":
        for name in ("first", "more"):
            assert not result(forked(functools.partial(_loaded, str(folder / name), str(folder / "lake"))))
    wrong: list[str] = []
    for point in itertools.count(1):
        lake = folder / f"lake{point}"
        if verb == "maintain":
            shutil.copytree(folder / "lake", lake)
        work = _work(verb, str(lake), str(folder / "more"), "")
        child, source = forked(functools.partial(die, work, point))
        os.close(source)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 9:
            break
        found = result(forked(functools.partial(checked, str(lake), work, 4 if verb == "maintain" else 2)))
        wrong += [f"died at {point}: {line}" for line in found["wrong"]]
    return {"points": point - 1, "wrong": wrong}


def _loaded(folder: str, lake: str) -> int:
    return sum(load(folder, lake, TEXTS).refused.values())


def _work(verb: str, lake: str, given: str, sources: str) -> Callable[[], Report | None]:
    def work() -> Report | None:
        match verb:
            case "load":
                return load(given, lake, TEXTS)
            case "ingest":
                return ingest(sources, lake)
            case "maintain":
                maintain.maintain(Lake(lake))
            case "publish":
                publish.publish(Lake(lake))
        return None

    return work


def _begin(lake: str) -> None:
    publish.publish(Lake(lake))


def _write(folder: Path, first: int, count: int) -> None:
    folder.mkdir(parents=True)
    for number in range(first, first + count):
        (folder / f"{number}.txt").write_text(article(number, 900), encoding="utf-8")


def _killed(work: Callable[[], object], after: float) -> bool:
    """Start it and kill it ``after`` seconds; whether it was alive then."""
    child, source = forked(functools.partial(_silently, work))
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.close(source)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def _silently(work: Callable[[], object]) -> None:
    work()


def main(count: int) -> int:
    """The soak: kills of every verb, beside a newsroom; then a death before each step of maintenance."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as place, newsroom() as room:
        found = kills(Path(place), count, ("load", "ingest", "maintain", "publish"), room, seed=count)
        found.wrong += deaths(Path(place, "deaths"), "maintain")["wrong"]
    print(json.dumps(found.__dict__ | {"seconds": round(time.monotonic() - started)}, indent=1))
    return bool(found.wrong)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[2])))
