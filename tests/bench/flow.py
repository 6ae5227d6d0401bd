"""What Prefect adds to an ingest: ``python -m tests.bench.flow [ARTICLES [TURNS]]``, by default 20,000 in 2 turns.

The journey ingest over the demo newsroom, directly and as the flow of a `newslake serve` of its own, in turns, each
into an empty lake; the process and the server are up before. Prints wall and CPU time, and the ratio of the flow to the
journey, which is to be at most 1.1; the CPU time is of this process and of its extractors, the server's apart.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flows import journeys
from tasks.crawl import Wish
from tasks.run import Report, Run
from tasks.settings import configured
from tasks.web.source_files import for_run
from tests.flows.serving import Serving
from tests.newsroom import Room, newsroom

OUTLETS = 20
NEVER = 1e8
"""Seconds to the server's own ingests."""


def write_sources(folder: Path, room: Room, articles: int) -> None:
    folder.mkdir()
    for number in range(OUTLETS):
        feed = room.other(number, f"/feed.xml?n={articles // OUTLETS}")
        text = f'id = "outlet{number}"\nname = "Outlet {number}"\nallow_private = true\nfeeds = ["{feed}"]\n'
        polite = "[politeness]\ndelay = 0\nconcurrency = 4\n"
        (folder / f"outlet{number}.toml").write_text(text + polite, encoding="utf-8")


def directly(lake: Path, sources: Path) -> Report:
    settings = configured(lake=str(lake), sources=sources)
    return journeys.ingest(
        for_run(sources, ()),
        settings.place,
        Run.begin("ingest"),
        options=settings.options,
        wish=Wish(force=True),
    )


def as_flow(lake: Path, sources: Path) -> Report:
    from flows.ingest import ingest

    report: Report = ingest(str(lake), sources, force=True)
    return report


def timed(
    work: Callable[[Path, Path], Report], lake: Path, sources: Path, expected: int
) -> tuple[float, float]:
    """Seconds by the clock, and of CPU."""
    wall, cpu = time.monotonic(), used()
    report = work(lake, sources)
    assert report.outcomes["new"] == expected, report
    return time.monotonic() - wall, used() - cpu


def used() -> float:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def main(articles: int, turns: int) -> int:
    """Measure; returns the exit code."""
    with tempfile.TemporaryDirectory() as place, newsroom() as room:
        folder = Path(place)
        served = Serving(folder, every=NEVER)
        served.sources.mkdir()
        serve = served.start(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            served.ready()
            os.environ.update(served.client)  # before Prefect is imported
            for name, count in (("few", OUTLETS), ("all", articles)):
                write_sources(folder / name, room, count)
            timed(as_flow, folder / "warm", folder / "few", OUTLETS)
            best: dict[Callable[[Path, Path], Report], tuple[float, float]] = {}
            for turn in range(turns):
                for work in (directly, as_flow):
                    took = timed(work, folder / f"{work.__name__}{turn}", folder / "all", articles)
                    print(f"{work.__name__:<10}{took[0]:8.1f} s{took[1]:8.1f} s of CPU", flush=True)
                    best[work] = min(best.get(work, took), took)
        finally:
            serve.terminate()
            serve.wait()
    wall, cpu = (best[as_flow][which] / best[directly][which] for which in (0, 1))
    print(f"flow / direct {wall:.2f} by the clock, {cpu:.2f} of CPU")
    return int(wall > 1.1)


if __name__ == "__main__":
    given = [int(number) for number in sys.argv[1:]]
    sys.exit(main(*given, *(20_000, 2)[len(given) :]))
