"""What the command line shows: progress, summaries, and failures as one line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from tasks.files import Document, documents, extract_rows
from tasks.files.paths import listing

if TYPE_CHECKING:
    from rich.progress import Progress

    from tasks.logfmt import Lines
    from tasks.run import Report
    from tasks.settings import Settings

TAKEN, REFUSED, FAILED, INTERRUPTED = 0, 1, 3, 130
"""Exit codes: all documents taken, some refused, lake unusable, Ctrl-C. Wrong usage is click's 2."""


def load(
    paths: list[str], *, lake: str | None, source: str | None, workers: int | None, prefect: bool | None
) -> int:
    """``newslake load``: run the journey, directly or as a flow, and say what came of it."""
    from tasks.settings import configured

    with failures():
        settings = configured(lake=lake, source=source, workers=workers)
        if prefect or (prefect is None and settings.prefect_api_url):
            from flows.load import load as flow

            with server():
                report = flow(paths, settings.lake, settings.source, settings.workers, settings.sources)
        else:
            report = _load_directly(paths, settings)
        summarise(report)
        return REFUSED if report.refused or report.failed_checks else TAKEN
    return FAILED


def _load_directly(paths: list[str], settings: Settings) -> Report:
    from flows import journeys
    from tasks.run import Run
    from tasks.web.source_files import quirks

    run = Run.begin(settings.source)
    place = settings.place
    _say(f"run {run.run_id}: loading into {settings.lake}, directly (--prefect runs it as a flow)")
    total = None if "-" in paths or not sys.stderr.isatty() else sum(1 for _ in listing(paths))
    with progress(total, run.run_id) as shown:
        read = shown.counted(documents(paths, stdin=sys.stdin.buffer, leave_out=str(place.local)))
        return journeys.load(
            read,
            place,
            run,
            quirks=quirks(settings.sources, settings.source),
            workers=settings.workers,
            extracted=shown.extract,
            committed=shown.commit,
        )


def ingest(
    only: Sequence[str],
    *,
    lake: str | None,
    sources: Path | None,
    since: datetime | None,
    until: datetime | None,
    force: bool,
    minutes: float | None,
    workers: int | None,
    prefect: bool | None,
) -> int:
    """``newslake ingest``: run the journey, directly or as a flow, and say what came of it."""
    from tasks.settings import configured, in_utc

    with failures():
        settings = configured(lake=lake, sources=sources, workers=workers)
        since, until = in_utc(since), in_utc(until)
        if not settings.contact:
            _say(
                "no NEWSLAKE_CONTACT: hosts cannot tell who asks, and may refuse; set it to a web or mail address"
            )
        if prefect or (prefect is None and settings.prefect_api_url):
            from flows.ingest import ingest as flow

            with server():
                report = flow(
                    settings.lake, settings.sources, list(only) or None, since, until, force, minutes,
                    settings.workers,
                )  # fmt: skip
        else:
            report = _ingest_directly(only, settings, since, until, force, minutes)
        summarise(report)
        return REFUSED if report.failed_lists or report.failed_checks else TAKEN
    return FAILED


def _ingest_directly(
    only: Sequence[str],
    settings: Settings,
    since: datetime | None,
    until: datetime | None,
    force: bool,
    minutes: float | None,
) -> Report:
    from flows import journeys
    from tasks.crawl import Wish
    from tasks.run import Run
    from tasks.web.choice import Span
    from tasks.web.source_files import for_run

    run = Run.begin("ingest")
    asked = for_run(settings.sources, only)
    _say(f"run {run.run_id}: ingesting into {settings.lake}, directly (--prefect runs it as a flow)")
    with progress(None, run.run_id) as shown:
        return journeys.ingest(
            asked,
            settings.place,
            run,
            options=settings.options,
            wish=Wish(Span(since, until), force, None if minutes is None else minutes * 60),
            workers=settings.workers,
            seen=shown.counted,
            extracted=shown.extract,
            committed=shown.commit,
        )


def extract(paths: Sequence[str]) -> int:
    """``newslake extract``: a JSON object a document on standard output, a line on standard error a refusal."""
    from tasks.article.extract import extract as article
    from tasks.article.record import to_record

    refused = False
    now = datetime.now(UTC)  # no document can be dated after it was read
    rows = documents(paths, stdin=sys.stdin.buffer) if paths else extract_rows(sys.stdin.buffer)
    for document in rows:
        if document.body is None or document.media is None:
            refused = True
            _say(f"{document.outcome}: {document.error}")
            continue
        found = article(
            document.body,
            media=document.media,
            url=document.url,
            charset=document.charset,
            captured_at=document.captured_at,
            loaded_at=now,
            given=document.given,
        )
        record = to_record(
            found, document.given.get("id") or unquote(document.location.removeprefix("file://"))
        )
        sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
    return REFUSED if refused else TAKEN


def deliver(page: str, out: str) -> None:
    """Write a page to the file ``out``, "-" being standard output."""
    if out == "-":
        sys.stdout.write(page)
    else:
        Path(out).write_text(page, encoding="utf-8")
        _say(f"wrote {out}")


def tell_checks(report: Report) -> None:
    """Say what a person should know or change."""
    for note in report.notes:
        _say(f"note: {note}")
    for failed in report.failed_checks:
        _say(f"failed: {failed}")


def summarise(report: Report) -> None:
    """Print a run's counts, what a person should change, and its first refusals in words."""
    from tasks.run import LEFT_OUT

    refused, counts, lists = report.refused, report.outcomes, report.lists
    total = sum(refused.values())
    tell_checks(report)
    for refusal in report.refusals:
        _say(f"refused: {refusal}")
    if (rest := total + sum(report.failed_lists.values()) - len(report.refusals)) > 0:
        _say(f'refused: {rest:,} more: newslake sql "SELECT error FROM captures WHERE error IS NOT NULL"')
    if lists:
        print(f"lists         {lists.total():>9,}  ({_counted(lists)})")
    print(f"read          {report.read:>9,}")
    print(f"new           {counts['new']:>9,}")
    print(f"new versions  {counts['new_version']:>9,}")
    print(f"unchanged     {counts['unchanged']:>9,}")
    if left := sum(counts[outcome] for outcome in LEFT_OUT):
        print(f"left out      {left:>9,}")
    print(f"refused       {total:>9,}" + (f"  ({_counted(refused)})" if refused else ""))


def _counted(outcomes: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {outcome}" for outcome, count in outcomes.items())


@dataclass(slots=True)
class Shown:
    """Progress as it is shown: a bar on a terminal, otherwise a line for each batch committed."""

    lines: Lines
    bar: Progress | None = None
    read: int = 0
    extracted: int = 0
    in_lake: int = 0
    _files: int = 0
    _last: str = ""

    def counted(self, documents: Iterable[Document]) -> Iterator[Document]:
        """The same documents, each counted as it goes by."""
        for document in documents:
            self.read += 1
            file = document.location.partition("#")[0]
            if file != self._last:
                self._files, self._last = self._files + 1, file
            yield document

    def extract(self, count: int) -> None:
        """So many more documents are extracted."""
        self.extracted += count
        self._update()

    def commit(self, report: Report) -> None:
        """A batch is in the lake; ``report`` counts the run so far."""
        self.in_lake = report.captures
        self._update()
        if not self.bar:
            _say(self.lines.batch(report))

    def _update(self) -> None:
        """Files are known beforehand, documents are not: the bar shows the files' share that is extracted."""
        if self.bar:
            share = self._files * self.extracted / self.read if self.read else None
            task = self.bar.task_ids[0]
            self.bar.update(
                task, completed=share, read=self.read, extracted=self.extracted, in_lake=self.in_lake
            )


@contextmanager
def progress(total: int | None, run_id: str) -> Iterator[Shown]:
    """Progress over so many files, None where nobody knows, shown on standard error."""
    from tasks.logfmt import Lines

    lines = Lines(run_id)
    if not sys.stderr.isatty():
        yield Shown(lines)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    counts = "{task.fields[read]:,} read  {task.fields[extracted]:,} extracted  {task.fields[in_lake]:,} in the lake"
    columns = (BarColumn(), TextColumn(counts), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        bar.add_task("", total=total, read=0, extracted=0, in_lake=0)
        yield Shown(lines, bar)


@contextmanager
def server() -> Iterator[None]:
    """Tell that there is no Prefect server as what it is."""
    from tasks.lake.store import LakeError

    try:
        yield
    except RuntimeError as error:
        if "API" not in str(error):
            raise
        raise LakeError(f"no Prefect server: {error}; --direct does without") from error


@contextmanager
def failures() -> Iterator[None]:
    """Tell an expected failure of the machine or of a setting in one line, and go on after the block."""
    from concurrent.futures.process import BrokenProcessPool

    import duckdb
    from deltalake.exceptions import DeltaError
    from pydantic import ValidationError

    from tasks.lake.store import LakeError
    from tasks.settings import SettingsError
    from tasks.web.source_error import SourceError

    try:
        yield
    except (LakeError, SettingsError) as error:
        _say(f"newslake: {error}")
    except BrokenProcessPool:
        _say("newslake: a worker process was killed, perhaps for want of memory; --workers 1 needs the least")
    except (OSError, DeltaError, duckdb.Error) as error:
        _say(f"newslake: cannot go on: {' '.join(str(error).split())}")
    except ValidationError as error:
        for wrong in error.errors():
            told = wrong["msg"].removeprefix("Value error, ")
            _say(f"newslake: setting {'.'.join(map(str, wrong['loc']))}: {told}")
    except SourceError as error:
        for problem in error.problems:
            _say(problem)
    except KeyboardInterrupt:
        _say("newslake: interrupted; what is in the lake stays, and running it again does the rest")
        sys.exit(INTERRUPTED)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
