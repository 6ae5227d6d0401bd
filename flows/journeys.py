"""The journeys: which step follows which, over batches. Plain functions, whoever runs their steps."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, nullcontext
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa

from tasks import append, capture, dedupe, maintain, publish, verify
from tasks import link as linking
from tasks.extract import NO_QUIRKS, Cluster, Extractor, Quirks
from tasks.files import Document
from tasks.lake.store import Lake
from tasks.run import Report, Run
from tasks.settings import configured

if TYPE_CHECKING:
    from tasks.crawl import Wish
    from tasks.lake.stored import Selection
    from tasks.reextract import Findings
    from tasks.web.client import Options
    from tasks.web.source import Source

# Batches in extraction while another is being committed: the workers never wait for the disk. A cluster has its own.
AHEAD = 1
# Extraction on this machine alone.
HERE: AbstractContextManager[Cluster | None] = nullcontext()
# Articles of a batch that was fetched: they come slowly and cost more than files, and are to be safe soon.
FETCHED_ROWS = 500


class Promise(Protocol):
    """The result of a step under way."""

    def result(self) -> Any:
        """Waits for it."""


Submit = Callable[..., Promise]


def extract(lake: Lake, captures: pa.Table, extractor: Extractor) -> tuple[pa.Table, pa.Table]:
    """Step: a batch of captures with known ones settled, and an article for each of the others."""
    captures = dedupe.skip_known(lake, captures)
    return captures, extractor(captures)


def commit(lake: Lake, captures: pa.Table, articles: pa.Table, quirks: Quirks) -> Report:
    """Step: a batch into the lake, and visible; then small files merged where there are too many."""
    report = append.append(lake, captures, articles, quirks)
    state = publish.publish(lake)
    if maintain.is_due(state):
        report.notes += merge(lake)
    return report


def merge(lake: Lake) -> list[str]:
    """Merge the small files that are due; why not, where it fails: the run goes on, and the next commit tries again."""
    try:
        return maintain.merge_due(lake, grace_hours=configured().grace_hours).notes
    except Exception as error:
        return [f"small files not merged: {type(error).__name__}: {' '.join(str(error).split())}"]


def link(lake: Lake) -> Report:
    """Step: what the lake's new articles have to do with others, visible; then small files merged."""
    linking.catch_up(lake, configured().watched)
    report = Report("")
    if maintain.is_due(publish.publish(lake)):
        report.notes += merge(lake)
    return report


def check(lake: Lake, since: int) -> Report:
    """Step: what the checks say that follow each run, of the batches after ``since``."""
    report = Report("")
    for broken in verify.check_run(lake, since):
        (report.failed_checks if broken.check.fails else report.notes).append(str(broken))
    return report


def recover(lake: Lake, quirks: Quirks) -> None:
    """Step: finish what a killed run has left half done."""
    if append.recover(lake, quirks):
        publish.publish(lake)


def load(
    documents: Iterable[Document],
    lake: Lake,
    run: Run,
    *,
    rows: int = capture.BATCH_ROWS,
    quirks: Quirks = NO_QUIRKS,
    workers: int | None = None,
    cluster: AbstractContextManager[Cluster | None] = HERE,
    submit: Submit | None = None,
    extracted: Callable[[int], None] = lambda count: None,
    committed: Callable[[Report], None] = lambda report: None,
) -> Report:
    """The journey load: documents → captures → articles → lake, in batches of at most ``rows``.

    ``quirks``: selectors for the pages of the sources that have any. ``cluster``: who extracts instead of processes
    here; all else stays on this machine, and batches are committed in their order.
    ``submit(step, *args)`` starts one of the steps above and returns its Promise; by default a thread runs them.
    ``extracted`` is told of each few documents extracted, ``committed`` of the run so far after each batch.
    Raises LakeError, or OSError where the lake cannot be written.
    """
    total = Report(run.run_id)
    with (
        cluster as others,
        ThreadPoolExecutor(_ahead(others) + 1) as threads,
        Extractor(workers, extracted, quirks, others) as extractor,
    ):
        start = submit or threads.submit
        start(recover, lake, quirks).result()
        before = verify.last_batch(lake)
        ahead: deque[Promise] = deque()

        def settle(batches: int) -> None:
            while len(ahead) > batches:
                captures, articles = ahead.popleft().result()
                total.add(start(commit, lake, captures, articles, quirks).result())
                committed(total)

        empty = True
        for batch in capture.batches(documents, run, rows=rows):
            ahead.append(start(extract, lake, batch, extractor))
            settle(_ahead(others))
            empty = False
        settle(0)
        total.add(start(link, lake).result())  # and what whoever died before it has left to the next run
        if not empty:
            total.add(start(check, lake, before).result())
    return total


def ingest(
    sources: Sequence[Source],
    lake: Lake,
    run: Run,
    *,
    options: Options,
    wish: Wish,
    workers: int | None = None,
    cluster: AbstractContextManager[Cluster | None] = HERE,
    submit: Submit | None = None,
    seen: Callable[[Iterable[Document]], Iterable[Document]] = lambda documents: documents,
    extracted: Callable[[int], None] = lambda count: None,
    committed: Callable[[Report], None] = lambda report: None,
) -> Report:
    """The journey ingest: sources → lists → pages, which then go the way of ``load``.

    ``seen`` hands on the documents one by one as they come.
    """
    from tasks.crawl import History, crawl  # feedparser and httpx take their time, and load needs neither
    from tasks.web.source import quirks_of

    notes: list[str] = []

    def documents() -> Generator[Document]:
        with History(lake) as history:  # opened once the lake is recovered
            yield from seen(crawl(sources, history, run, options, wish, notes.append))

    with closing(documents()) as fetched:  # a run that fails takes its crawl with it
        report = load(
            fetched,
            lake,
            run,
            rows=FETCHED_ROWS,
            quirks=quirks_of(sources),
            workers=workers,
            cluster=cluster,
            submit=submit,
            extracted=extracted,
            committed=committed,
        )
    report.notes += notes
    return report


def read_again(captures: pa.Table, extractor: Extractor) -> tuple[pa.Table, pa.Table]:
    """Step: a batch of stored captures, and what today's extractor makes of each."""
    return captures, extractor(captures)


def remake(lake: Lake, captures: pa.Table, articles: pa.Table) -> tuple[pa.Table, pa.Table, Findings]:
    """Step: of a batch of stored captures, those whose articles differ from what the lake holds."""
    from tasks import reextract

    return reextract.remake(lake, captures, articles)


def reextract(
    lake: Lake,
    run: Run,
    selection: Selection,
    *,
    quirks: Quirks = NO_QUIRKS,
    dry_run: bool = False,
    workers: int | None = None,
    cluster: AbstractContextManager[Cluster | None] = HERE,
    submit: Submit | None = None,
    done: Callable[[Findings], None] = lambda findings: None,
) -> Findings:
    """The journey reextract: stored captures → articles → those that changed → lake.

    ``quirks``: selectors for the pages of the sources that have any, as they are now. ``cluster``: as for ``load``.
    ``done`` is told of the run so far after each batch. A dry run writes nothing at all.
    """
    from tasks.reextract import Findings, batches

    total = Findings(Report(run.run_id))
    with (
        cluster as others,
        ThreadPoolExecutor(_ahead(others) + 1) as threads,
        Extractor(workers, quirks=quirks, cluster=others) as extractor,
    ):
        start = submit or threads.submit
        ahead: deque[Promise] = deque()
        if not dry_run:
            start(recover, lake, quirks).result()
        before = 0 if dry_run else verify.last_batch(lake)

        def bodiless(count: int) -> None:
            total.bodiless += count

        def chosen(count: int) -> None:
            total.chosen = count

        def settle(batches: int) -> None:
            while len(ahead) > batches:
                again = ahead.popleft().result()
                captures, articles, findings = start(remake, lake, *again).result()
                if captures.num_rows and not dry_run:
                    start(commit, lake, captures, articles, quirks).result()
                total.add(findings)
                done(total)

        for batch in batches(lake, run, selection, bodiless, chosen):
            ahead.append(start(read_again, batch, extractor))
            settle(_ahead(others))
        settle(0)
        if not dry_run:
            total.report.add(start(link, lake).result())
            total.report.add(start(check, lake, before).result())
    return total


def _ahead(cluster: Cluster | None) -> int:
    return cluster.batches if cluster else AHEAD
