"""Extract mutated documents: ``python -m tests.bench.mutations_run [COUNT] [--sets FOLDER] [--from NUMBER]``.

Each of two processes takes every other number. A document fails where it raises, kills its process or takes more than
two seconds of CPU; a process where its memory grows after its first thousand documents. Every 20th document is then
extracted anew in other processes, the last one first and with other hashes of strings: the same bytes must come out.
``--show NUMBER`` writes a document to standard output. Exit status 1 if anything failed.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from tasks.article.extract import extract
from tasks.article.model import Article
from tests.bench.mutations import Document, Pool, mutated, samples, sets

SLOW = 2.0  # seconds of CPU
HOPELESS = 20  # seconds of CPU after which the process is given up
MEMORY = 4 << 30  # bytes that a process may hold
WARM = 1_000  # documents
GROWTH = 1.2
AGAIN = 20  # every which document is extracted a second time
WORKERS = 2


def extracted(document: Document) -> Article:
    return extract(
        document.data,
        media=document.media,
        url="https://paper.example/2024/05/03/bridge",
        captured_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def digest(document: Document) -> str:
    """A fingerprint of all that extraction gives."""
    return hashlib.sha256(repr(extracted(document)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def resident() -> int:
    """Bytes of memory that this process holds, after what is free was handed back."""
    ctypes.CDLL(None).malloc_trim(0)
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def work(numbers: Sequence[int], pool: Pool) -> None:
    """Print a line a document: when it is begun, and what came of it; and now and then the memory held."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # kills, whatever C code is running
    for done, number in enumerate(numbers):
        document = mutated(number, pool)
        print(number, "begun", flush=True)
        signal.setitimer(signal.ITIMER_PROF, HOPELESS)
        started = time.process_time()
        try:
            outcome = digest(document)
        except Exception as error:  # the very thing that is looked for
            outcome = f"raised {type(error).__name__}: {str(error)[:100]!r}"
        seconds = time.process_time() - started
        signal.setitimer(signal.ITIMER_PROF, 0)
        print(number, f"slow {seconds:.1f} s" if seconds > SLOW else outcome, flush=True)
        if done == WARM or (done > WARM and done == len(numbers) - 1):
            print(number, f"memory {resident()}", flush=True)


def lines(numbers: range, options: Sequence[str], seed: str) -> Iterator[tuple[int, str]]:
    """What the worker processes print of these numbers; a worker that dies is followed by one for the rest."""
    while numbers:
        command = [sys.executable, "-m", "tests.bench.mutations_run", *options]
        command += ["--child", str(numbers.start), str(numbers.stop), str(numbers.step)]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "OPENBLAS_NUM_THREADS": "1"}
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as worker:
            begun = None
            for line in worker.stdout or ():
                number, _, said = line.rstrip("\n").partition(" ")
                if said == "begun":
                    begun = int(number)
                else:
                    yield int(number), said
        if worker.returncode == 0:
            return
        if begun is None:
            raise SystemExit(f"a worker ended with {worker.returncode}")
        yield begun, f"died by {signal.Signals(-worker.returncode).name}" if worker.returncode < 0 else "died"
        numbers = range(begun + numbers.step, numbers.stop, numbers.step)


def run(numbers: range, options: Sequence[str], seed: str = "0") -> tuple[dict[int, str], list[str]]:
    """Fingerprint or failure by number; and what is wrong with memory."""
    found: dict[int, str] = {}
    memory: list[int] = []
    wrong: list[str] = []
    for number, said in lines(numbers, options, seed):
        kind, _, rest = said.partition(" ")
        if kind == "memory":
            memory.append(int(rest))
            continue
        found[number] = said
        if rest:
            print(f"{number}: {said}", flush=True)
            memory = [] if kind == "died" else memory  # another process begins anew
    if len(memory) > 1:
        grown = f"memory {memory[0] >> 20} MiB after {WARM} documents, {memory[-1] >> 20} MiB at the end"
        print(grown)
        wrong = [grown] if memory[-1] > GROWTH * memory[0] else []
    return found, wrong


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("count", nargs="?", type=int, default=100_000)
    parser.add_argument("--sets", type=Path, help="folder of evaluation sets; our own samples without it")
    parser.add_argument("--from", dest="first", type=int, default=0, help="number of the first document")
    parser.add_argument("--show", type=int)
    parser.add_argument("--child", type=int, nargs=3)
    wish = parser.parse_args()
    pool = sets(wish.sets) if wish.sets and wish.sets.is_dir() else samples()
    if wish.show is not None:
        document = mutated(wish.show, pool)
        print(document.name, document.media, len(document.data), file=sys.stderr)
        sys.stdout.buffer.write(document.data)
        return
    if wish.child:
        work(range(*wish.child), pool)
        return
    options = ["--sets", str(wish.sets)] if wish.sets else []
    first, last = wish.first, wish.first + wish.count
    with ThreadPoolExecutor(WORKERS) as threads:
        parts = list(
            threads.map(
                lambda n: run(range(first + n, last, WORKERS), options), range(min(WORKERS, wish.count))
            )
        )
        found = {number: said for part, _ in parts for number, said in part.items()}
        backwards = [range(last - 1 - n * AGAIN, first - 1, -WORKERS * AGAIN) for n in range(WORKERS)]
        again = [part for part, _ in threads.map(lambda numbers: run(numbers, options, "1"), backwards)]
    failed = {number for number, said in found.items() if " " in said}
    wrong = [line for _, lines in parts for line in lines]
    compared = {number: said for part in again for number, said in part.items() if number not in failed}
    changed = sorted(number for number, said in compared.items() if said != found[number])
    print(
        f"{len(found)} documents made of {len(pool)}: {len(failed)} failed; {len(compared)} extracted anew in"
    )
    print(
        f"another order: {len(changed)} came out different {changed[:10] or ''}; memory grew in {len(wrong)} processes"
    )
    sys.exit(bool(failed or changed or wrong))


if __name__ == "__main__":
    main()
