"""Ratios of the journey to the bare extractor, all in one run: ``python -m tests.bench.rates [TEXTS]``.

Prints texts a second for the extractor alone and for the journey load (files → committed and published), each
with one worker process a core; their ratio; peak memory of the biggest process and of all together; and, with
``--flow`` and a Prefect API set, the same journey as a flow.
"""

from __future__ import annotations

import multiprocessing
import resource
import shutil
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from flows import journeys
from tasks.article.extract import extract
from tasks.files import documents
from tasks.lake.store import Lake
from tasks.run import Run
from tests.bench.generate import write

WORKERS = multiprocessing.cpu_count()


def bare(files: list[Path]) -> int:
    """Extract these files and keep nothing."""
    return sum(bool(extract(file.read_bytes(), media="text").text) for file in files)


def resident(pid: int) -> int:
    """Bytes of memory that a process and its children hold; shared pages counted once a process."""
    try:
        own = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return 0
    return own + sum(resident(int(child)) for child in children)


class Peak(threading.Thread):
    """Samples the memory of this process and its children until told to stop."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.bytes, self.going = 0, True
        self.start()

    def run(self) -> None:
        import os

        while self.going:
            self.bytes = max(self.bytes, resident(os.getpid()))
            time.sleep(0.05)


def main(count: int, flow: bool) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write(folder / "in", count)
        files = sorted((folder / "in").rglob("*.txt"))
        chunks = [files[start : start + 250] for start in range(0, count, 250)]
        with ProcessPoolExecutor(WORKERS, mp_context=multiprocessing.get_context("spawn")) as pool:
            list(pool.map(bare, chunks[:WORKERS]))  # imports and caches
            started = time.monotonic()
            assert sum(pool.map(bare, chunks)) == count
            alone = time.monotonic() - started
        peak = Peak()
        started = time.monotonic()
        report = journeys.load(documents([str(folder / "in")]), Lake(folder / "lake"), Run.begin("bench"))
        whole = time.monotonic() - started
        peak.going = False
        assert report.outcomes == {"new": count}, report
        print(f"extractor alone   {count / alone:8.0f} texts/s, {WORKERS} workers")
        print(f"journey load      {count / whole:8.0f} texts/s")
        print(f"ratio             {alone / whole:8.2f}")
        print(f"peak memory       {peak.bytes >> 20:8} MiB, this process and its workers")
        if flow:
            from flows.load import load

            write(folder / "one", 1)
            load(
                [str(folder / "one")], lake=folder / "other", source="bench"
            )  # the server is up from here on
            shutil.rmtree(folder / "lake")
            started = time.monotonic()
            load([str(folder / "in")], lake=folder / "lake", source="bench")
            print(f"flow / direct     {(time.monotonic() - started) / whole:8.2f}")


if __name__ == "__main__":
    sizes = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    main(sizes[0] if sizes else 20_000, "--flow" in sys.argv)
