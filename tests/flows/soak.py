"""Scheduled ingests in accelerated time under kills and outages: ``python -m tests.flows.soak RUNS``, by ``make soak``.

`newslake serve` ingests 20 sources every few seconds, while its worker, its runs, its server and itself are killed in
the midst of a run by turns, and some sources are away by turns. At the end: no two ingests overlapped, none is stuck,
no article that a source named is missing or twice, the memory of server and worker is flat, and Prefect's database
is small. Exits with 1 where that is not so.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle, pairwise
from pathlib import Path
from statistics import median

import duckdb

from tasks.serving.recovery import UNFINISHED, kill_processes
from tests.crawl.site import Site, site
from tests.flows.serving import Serving, until

SOURCES, EVERY = 20, 20.0
"""Sources; seconds from an ingest to the next."""
FAULTS = ("worker", "sources", "run", "server", "worker and run", "machine", "sources", "restart")
GROWTH = 1.10
"""Memory of the last tenth of the runs may be so many times that of the second tenth."""
DATABASE_MIB = 100
"""What Prefect's database may take after 200 runs."""
CRASHED_WITHIN = 240.0
"""Seconds after which a killed run must be known as crashed, and its place free."""
LISTED = 100
"""Articles that a source's feed names."""
ENDED = ("COMPLETED", "FAILED", "CRASHED")


@dataclass
class Soak:
    """The sources, the server, and what was seen of them."""

    place: Serving
    sites: list[Site]
    serve: subprocess.Popen[str]
    published: int = 0
    memory: dict[str, list[int]] = field(default_factory=lambda: {"server": [], "worker": []})
    hit: dict[str, float] = field(default_factory=dict)

    def publish(self, away: int = 0) -> None:
        """Each source names an article more; the first few are away."""
        self.published += 1
        for number, shore in enumerate(self.sites):
            shore.article(f"/a/{self.published}", f"Storm {self.published} closes harbour {number}")
            newest = range(max(1, self.published - LISTED + 1), self.published + 1)
            if number < away:
                shore.pages.pop("/feed", None)
            else:
                shore.feed("/feed", {f"/a/{n}": "" for n in newest})

    def fault(self, kind: str) -> None:
        """Do one of the things that happen to a server, in the midst of a run."""
        running = until(lambda: self.place.runs("Running"), "a run to disturb")
        print(f"{len(self.ended):>5} runs: {kind}", flush=True)
        if kind == "sources":
            return
        if kind != "restart":
            self.hit |= {run["id"]: time.time() for run in running}
        if kind in ("worker", "worker and run"):
            os.kill(self.place.pid("worker start"), signal.SIGKILL)
        if kind in ("run", "worker and run"):
            kill_processes(self.place.home)
        if kind == "server":
            os.kill(self.place.pid("server start"), signal.SIGKILL)
        if kind in ("machine", "restart"):
            self.serve.kill() if kind == "machine" else self.serve.terminate()
            self.serve.wait()
            self.serve = self.place.start()

    @property
    def ended(self) -> list[str]:
        """Ids of the ingests that ran and are over."""
        return [run["id"] for run in self.place.runs() if run["state_type"] in ENDED]

    def measure(self) -> None:
        """Take the memory of server and worker."""
        for pid, command in self.place.processes().items():
            for name, seen in self.memory.items():
                if f"prefect {name} start" in command:
                    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
                    seen.append(pages * os.sysconf("SC_PAGE_SIZE"))

    def one_more(self, known: int) -> int:
        """How many ingests are over, once there are more."""
        until(lambda: len(self.ended) > known, "another run's end")
        return len(self.ended)

    def run(self, count: int) -> None:
        """Do so many ingests, and a last one that finds every source and nothing in its way."""
        kinds, faults, away, known, disturbed = cycle(FAULTS), 0, 0, 0, False
        often = min(6, max(2, count // len(FAULTS)))  # ingests from one fault to the next
        while known < count:
            self.publish(away)
            known = self.one_more(known)
            if not disturbed:  # a process that has just begun is small
                self.measure()
            away, disturbed = 0, False
            if known // often > faults and known < count:
                faults = known // often
                kind = next(kinds)
                self.fault(kind)
                disturbed = kind != "sources"
                away = SOURCES // 4 if kind == "sources" else 0
        self.publish()
        last = len(self.place.runs("Completed")) + 1  # one may have begun before
        until(lambda: len(self.place.runs("Completed")) > last, "the last run")

    def verdicts(self) -> list[tuple[bool, str]]:
        """What is to be true, and how it is."""
        runs = self.place.runs()
        found = {
            state: sum(run["state_name"] == state for run in runs)
            for state in {r["state_name"] for r in runs}
        }
        late = {
            run["id"]: _epoch(run["end_time"]) - self.hit[run["id"]]
            for run in runs
            if run["id"] in self.hit and run["end_time"]
        }
        stuck = [run["name"] for run in runs if run["state_type"] in UNFINISHED and run["id"] in self.hit]
        with duckdb.connect(str(self.place.lake / "newslake.duckdb"), read_only=True) as con:
            articles, distinct = con.sql("SELECT count(*), count(DISTINCT url) FROM articles").fetchall()[0]
            spans = con.sql(
                "SELECT min(run_started_at), max(fetched_at) FROM captures GROUP BY run_id ORDER BY 1"
            ).fetchall()
        overlaps = sum(before[1] > after[0] for before, after in pairwise(spans))
        expected = SOURCES * self.published
        size = sum(file.stat().st_size for file in self.place.home.glob("prefect.db*")) >> 20
        verdicts = [
            (not stuck, f"runs: {found}; stuck: {stuck or 'none'}"),
            (
                max(late.values(), default=0) <= CRASHED_WITHIN,
                f"disturbed runs were over within {max(late.values(), default=0):.0f} s",
            ),
            (overlaps == 0, f"{len(spans)} runs wrote; overlaps: {overlaps}"),
            (
                articles == distinct == expected,
                f"articles: {articles:,}, addresses {distinct:,}, published {expected:,}",
            ),
            (size <= DATABASE_MIB, f"Prefect's database: {size} MiB"),
        ]
        for name, seen in self.memory.items():
            tenth = max(1, len(seen) // 10)
            early, late_ = median(seen[tenth : 2 * tenth]), median(seen[-tenth:])
            verdicts.append(
                (
                    late_ <= GROWTH * early,
                    f"{name}: {early / 2**20:.0f} MiB early, {late_ / 2**20:.0f} MiB late",
                )
            )
        return verdicts


def _epoch(moment: str) -> float:
    return datetime.fromisoformat(moment).astimezone(UTC).timestamp()


def main(count: int) -> int:
    """Soak so many runs; returns the exit code."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newslake-soak-")))
        sites = [stack.enter_context(site(f"127.0.4.{10 + number}")) for number in range(SOURCES)]
        place = Serving(folder, every=EVERY)
        place.sources.mkdir()
        for number, shore in enumerate(sites):
            source = f'id = "shore{number}"\nname = "Shore {number}"\nfeeds = ["{shore.url}/feed"]\n'
            source += "allow_private = true\npoliteness.delay = 0\n"
            (place.sources / f"shore{number}.toml").write_text(source, encoding="utf-8")
        soak = Soak(place, sites, place.start())
        try:
            place.ready()
            soak.run(count)
            verdicts = soak.verdicts()
        finally:
            soak.serve.terminate()
            soak.serve.wait()
        for good, verdict in verdicts:
            print("ok    " if good else "WRONG ", verdict)
        return int(not all(good for good, _ in verdicts))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 200))
