"""Stage extract: captures in, articles out, over the machine's cores where there is enough to do."""

from __future__ import annotations

import json
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import wait
from operator import attrgetter
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from tasks.article import EXTRACTOR_VERSION
from tasks.article.canonical_choice import choose
from tasks.article.extract import extract
from tasks.article.identity import article_id, content_hash, key
from tasks.article.model import Article
from tasks.article.quirks import Quirk
from tasks.files import Outcome
from tasks.files.model import moment
from tasks.lake.schema import ARTICLES, DATE_CANDIDATES, QUOTES

# Work handed to a worker at once, in texts: enough to make the hand-over cheap, little enough to share evenly.
CHUNK = 250
# What a page costs, in texts.
_PAGE = 10
# So much is done by ourselves before the workers would have started.
_ALONE = 500
_NEEDED = (
    "capture_id", "source_id", "run_id", "location", "url", "final_url", "fetched_at", "status", "media", "charset",
    "given", "body_from", "body",
)  # fmt: skip
# A struct's fields as a tuple in the schema's order: Arrow takes it, and it costs a tenth of asdict.
_CANDIDATE = attrgetter(*[field.name for field in DATE_CANDIDATES.value_type])
_QUOTE = attrgetter(*[field.name for field in QUOTES.value_type])
FAILED = "the extractor failed: "
# What a page may be that was read, and is no article: kinds and outcomes of the same names.
NO_ARTICLES = {
    outcome.value: outcome.meaning
    for outcome in (Outcome.LIST_PAGE, Outcome.NOT_FOUND, Outcome.BOT_WALL, Outcome.PAYWALL, Outcome.MEDIA)
}
# Source id → the selectors for its pages.
Quirks = Mapping[str, Sequence[Quirk]]
NO_QUIRKS: Quirks = {}
_UNSPACED = frozenset({"zh", "ja", "th", "lo", "km", "my", "bo"})


class Cluster(Protocol):
    """Other machines, which extract whole batches: ``batches`` of them at once."""

    batches: int

    def __call__(self, captures: pa.Table, quirks: Quirks) -> pa.Table:
        """What ``extract_rows`` returns. Raises BrokenProcessPool where the captures kill those who extract them."""


class Extractor:
    """Extracts batches of captures; use as a context manager. Worker processes start with the first big batch."""

    def __init__(
        self,
        workers: int | None = None,
        told: Callable[[int], None] = lambda count: None,
        quirks: Quirks = NO_QUIRKS,
        cluster: Cluster | None = None,
    ) -> None:
        """``workers``: processes to use, None for one a core; ``told``: called with each few documents done.

        ``cluster``: who extracts big batches instead of processes.
        """
        self._told = told
        self._quirks = quirks
        self._cluster = cluster
        self._extract = partial(extract_rows, quirks=quirks)
        self._workers = workers or len(os.sched_getaffinity(0))
        # Spawned, not forked: this process runs threads of Arrow and DuckDB, which a fork would freeze.
        self._pool = ProcessPoolExecutor(
            self._workers, mp_context=multiprocessing.get_context("spawn"), initializer=_die_with_parent
        )

    def __enter__(self) -> Extractor:
        """Itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Stop the workers."""
        self._pool.shutdown(cancel_futures=True)

    def __call__(self, captures: pa.Table) -> pa.Table:
        """An article a capture whose outcome is ``read``, in order; ``text`` is empty where there is none.

        Of the schema ARTICLES; what only the lake can tell (version, batch, ingested_at, month) is NULL.
        """
        read = captures.filter(pc.equal(captures["outcome"], "read"))
        self._told(captures.num_rows - read.num_rows)
        cost = _PAGE if pc.any(pc.equal(read["media"], "html")).as_py() else 1
        small = read.num_rows * cost <= _ALONE
        if self._cluster and not small:
            articles = self._cluster(read.select(_NEEDED), self._quirks)
            self._told(articles.num_rows)
            return articles
        size = CHUNK // cost
        chunks = [read.slice(start, size) for start in range(0, read.num_rows, size)]
        alone = small or self._workers == 1
        done = [ARTICLES.schema.empty_table()]
        for articles in map(self._extract, chunks) if alone else self._pool.map(self._extract, chunks):
            self._told(articles.num_rows)
            done.append(articles)
        return pa.concat_tables(done)


def _die_with_parent() -> None:
    """A worker whose parent was killed would wait for work for ever."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def extract_rows(captures: pa.Table, quirks: Quirks = NO_QUIRKS) -> pa.Table:
    """What Extractor returns for captures that were all read, in this process."""
    return pa.Table.from_pylist(list(_rows(captures, quirks)), schema=ARTICLES.schema)


def refusal(article: Mapping[str, Any]) -> tuple[str, str] | None:
    """How a capture ends whose row of ``articles`` has no text, and why in a few words; None where it has one."""
    if article["word_count"]:
        return None
    reason = dict(article["field_errors"]).get("text", "")
    if reason.startswith(FAILED):
        return "failed", reason
    if reason in NO_ARTICLES:
        return reason, NO_ARTICLES[reason]
    return "no_article", "holds no article, only a notice, links or navigation"


def _rows(captures: pa.Table, quirks: Quirks) -> Iterator[dict[str, Any]]:
    for capture in captures.select(_NEEDED).to_pylist():
        of_feed = capture["body_from"] == "feed"
        try:
            article = extract(
                capture["body"],
                media=capture["media"],
                url=capture["url"],
                final_url=None if of_feed else capture["final_url"],
                charset=capture["charset"],
                **moment(capture["location"], capture["status"], capture["fetched_at"]),
                given=json.loads(capture["given"] or "{}"),
                of_feed=of_feed,
                quirks=() if of_feed else quirks.get(capture["source_id"], ()),
            )
            row = _row(capture, article)
        except Exception as error:  # one document must not keep all others out, on every run
            failed = Article(field_errors={"text": f"{FAILED}{type(error).__name__}: {error}"})
            row = _row(capture, failed)
        yield row


def _row(capture: dict[str, Any], article: Article) -> dict[str, Any]:
    address = article.canonical_url or choose(capture["url"], capture["final_url"])
    identity = article_id(address, capture["body"])
    content = content_hash(article)
    published, offset = _instant(article.published_at)
    return {
        "article_id": identity,
        "key": key(identity),
        "capture_id": capture["capture_id"],
        "source_id": capture["source_id"],
        "url": capture["url"],
        "canonical_url": address,
        "outlet": article.outlet,
        "title": article.title,
        "subtitle": article.subtitle,
        "authors": article.authors,
        "agency": article.agency,
        "agencies": article.agencies,
        "dateline": article.dateline,
        "published_at": published,
        "published_offset": offset,
        "published_precision": article.published_precision,
        "published_from": article.published_from,
        "date_candidates": list(map(_CANDIDATE, article.date_candidates)),
        "modified_at": _instant(article.modified_at)[0],
        "language": article.language,
        "language_confidence": article.language_confidence,
        "section": article.section,
        "tags": article.tags,
        "image_url": article.image_url,
        "is_paywalled": article.is_paywalled,
        "text": article.text,
        "word_count": _words(article),
        "quotes": list(map(_QUOTE, article.quotes)),
        "corrections": article.corrections,
        "content_hash": content,
        "content_key": key(content),
        "extractor_version": EXTRACTOR_VERSION,
        "signals": list(article.signals.items()),
        "field_errors": list(_errors(article).items()),
        "run_id": capture["run_id"],
    }


def _errors(article: Article) -> dict[str, str]:
    """Why fields are empty; of the text of a page that is no article, what the page is."""
    if article.kind in NO_ARTICLES and not article.text:
        return article.field_errors | {"text": article.kind}
    return article.field_errors


def _instant(written: str | None) -> tuple[datetime | None, int | None]:
    """An ISO 8601 date of any precision as a time in UTC, and its offset in minutes where it states one."""
    if written is None:
        return None, None
    whole = written + "0000-01-01T00:00"[len(written) :] if len(written) < 16 else written
    stated = datetime.fromisoformat(whole)
    offset = stated.utcoffset()
    if offset is None:
        return stated.replace(tzinfo=UTC), None
    return stated.astimezone(UTC), int(offset.total_seconds() // 60)


def _words(article: Article) -> int:
    if article.language in _UNSPACED:
        return sum(map(str.isalnum, article.text))
    return len(article.text.split())
