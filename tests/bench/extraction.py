"""Quality and rates of extraction beside its peers': ``python -m tests.bench.extraction [SET ...] [options]``.

For each evaluation set, every extractor runs as a process of its own, all pinned to the same core. They take turns page
by page, so that whatever else the machine does slows all of them alike, and each sees each page once. Rates are of CPU
time. The peers run in an environment of their own, which ``make bench`` installs.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import importlib.util
import io
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import IO, Any

from tests.bench.extraction_report import write
from tests.bench.mutations import samples

ROOT = Path(__file__).parents[2]
OURS = "newslake"
BODIES = (
    OURS,
    OURS + ", body alone",
    "trafilatura",
    "trafilatura fast",
    "trafilatura favor_precision",
    "resiliparse",
    "readability-lxml",
    "newspaper4k",
)
FIELDS = (OURS, "trafilatura with metadata", "newspaper4k", "htmldate")
TEXTS = (OURS + ", texts", OURS + ", clean alone", OURS + ", clean_many", "words")
SETS = {
    "html_body": BODIES,
    "html_news": tuple(dict.fromkeys((*BODIES, *FIELDS))),
    "html_meta": FIELDS,  # its bodies are what ours was trained on
    "html_date": FIELDS,
    "text": TEXTS,
    "text_news": TEXTS,
}
BATCH = 250  # texts that are cleaned at once


@dataclass(slots=True)
class Result:
    """What an extractor made of a set: seconds of CPU, and what the scorer says of its bodies, fields and dates."""

    seconds: float = 0.0
    failed: int = 0
    found: dict[str, dict[str, Any]] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)


class Extractor:
    """A process that extracts one document at a time."""

    def __init__(self, name: str, python: Path, core: int) -> None:
        self.name = name
        self._process = subprocess.Popen(
            [python, "-m", "tests.bench.peers", name, str(core)],
            cwd=ROOT,
            env={**os.environ, "PYTHONWARNINGS": "ignore", "OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )

    def read(self, row: dict[str, Any]) -> dict[str, Any]:
        sent, answers = self._process.stdin, self._process.stdout
        assert sent is not None and answers is not None
        sent.write(json.dumps(row) + "\n")
        sent.flush()
        answer = answers.readline()
        if not answer:
            raise SystemExit(f"{self.name} ended with {self._process.wait()}")
        return dict(json.loads(answer))

    def close(self) -> None:
        streams: tuple[IO[str] | None, ...] = (self._process.stdin, self._process.stdout)
        for stream in streams:
            if stream is not None:
                stream.close()
        self._process.wait()


def rows(folder: Path, limit: int | None) -> list[dict[str, Any]]:
    """The documents of a set."""
    file = folder / ("pages.jsonl.gz" if folder.name.startswith("html") else "docs.jsonl.gz")
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines][:limit]


def run(documents: list[dict[str, Any]], names: tuple[str, ...], peers: Path, core: int) -> dict[str, Result]:
    """Have all of these extractors read all documents, one after the other."""
    extractors = [
        Extractor(name, Path(sys.executable) if name.startswith((OURS, "words")) else peers, core)
        for name in names
    ]
    results = {name: Result() for name in names}
    media = "html" if "html" in documents[0] else "text"
    warm = [sample.data.decode("utf-8", "replace") for sample in samples() if sample.media == media][:5]
    for number, row in enumerate([*({media: text} for text in warm), *documents]):
        if number % 50 == 0:
            print(f"\r{number} of {len(documents)}", end="", file=sys.stderr)
        for extractor in extractors:
            if extractor.name.endswith("clean_many"):
                continue
            found = extractor.read({media: row[media], "url": row.get("url")})
            if number >= len(warm):  # before, it imports and builds its tables
                note(results[extractor.name], row["id"], found)
    for extractor in extractors:
        if extractor.name.endswith("clean_many"):
            extractor.read({"texts": warm})
            for start in range(0, len(documents), BATCH):
                batch = documents[start : start + BATCH]
                found = extractor.read({"texts": [row["text"] for row in batch]})
                results[extractor.name].seconds += found["seconds"]
                for row, body in zip(batch, found["bodies"], strict=True):
                    results[extractor.name].found[row["id"]] = {"body": body}
        extractor.close()
    print("\r", end="", file=sys.stderr)
    return results


def note(result: Result, key: str, found: dict[str, Any]) -> None:
    result.seconds += found.pop("seconds")
    result.failed += "failed" in found
    result.found[key] = found


def scorer(folder: Path) -> ModuleType:
    """The module score.py of the sets' folder."""
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def score(results: dict[str, Result], name: str, folder: Path) -> None:
    """Fill in what the scorer says; of a date that the set does not know (NaN) nothing is asked."""
    module = scorer(folder)
    read = next(iter(results.values())).found.keys()
    gold = {key: row for key, row in module.gold(name).items() if key in read}
    gold = {key: row for key, row in gold.items() if name != "html_date" or isinstance(row["date"], str)}
    module.gold = lambda _: gold  # type: ignore[attr-defined]
    for result in results.values():
        kinds = {kind for found in result.found.values() for kind in found}
        if "body" in kinds and name != "html_date":
            bodies = {key: found.get("body") or "" for key, found in result.found.items()}
            result.scores |= said(module.cmd_body, name, bodies)
        if "title" in kinds or "date" in kinds:
            if name in {"html_meta", "html_news"}:
                scores = said(module.cmd_meta, name, result.found)
                known = {"title_exact": "title", "author_F1": "authors", "date_accuracy": "date"}
                result.scores |= {key: value for key, value in scores.items() if known.get(key) in kinds}
            elif name == "html_date":
                dates = {key: found.get("date") for key, found in result.found.items()}
                result.scores |= said(module.cmd_date, name, dates)


def said(command: Any, name: str, predictions: dict[str, Any]) -> dict[str, float]:
    """The figures in the line that a command of the scorer prints."""
    with contextlib.redirect_stdout(io.StringIO()) as line:
        command(name, predictions)
    return {key: float(value) for key, value in re.findall(r"(\w+)=([\d.]+)", line.getvalue())}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", nargs="*", choices=[*SETS, []], help="all by default")
    parser.add_argument(
        "--bench", type=Path, default=ROOT / "../shared/bench", help="folder of the evaluation sets"
    )
    parser.add_argument(
        "--peers", type=Path, default=ROOT / ".venv/peers/bin/python", help="the peers' interpreter"
    )
    parser.add_argument("--limit", type=int, help="documents of each set")
    parser.add_argument("--core", type=int, default=(os.cpu_count() or 1) - 1)
    parser.add_argument("--out", type=Path, help="the page of figures that is written")
    wish = parser.parse_args()
    if not wish.bench.is_dir():
        print(f"{wish.bench}: no such folder; nothing to measure on")
        return
    told = subprocess.check_output([wish.peers, "-m", "tests.bench.peers", "versions"], cwd=ROOT, text=True)
    measured: dict[str, tuple[int, dict[str, Result]]] = {}
    for name in wish.sets or SETS:
        documents = rows(wish.bench / name, wish.limit)
        results = run(documents, SETS[name], wish.peers, wish.core)
        score(results, name, wish.bench)
        measured[name] = len(documents), results
        for extractor, result in results.items():
            rate = len(documents) / result.seconds
            print(
                f"{name:10} {extractor:28} {rate:9.1f}/s of CPU, {result.failed} failed, {result.scores}",
                flush=True,
            )
    if wish.out:
        write(wish.out, measured, json.loads(told))


if __name__ == "__main__":
    main()
