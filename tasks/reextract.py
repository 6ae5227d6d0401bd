"""Stage reextract: articles made anew of stored captures, with today's extractor and without the network.

What it changes goes the way of everything else into the lake: a row in the ledger (kind ``reextract``, ``found_in``
the capture that was read again) and, with the same batch number, the article's next version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
from deltalake import DeltaTable

from tasks.article.identity import digest, key
from tasks.extract import refusal
from tasks.lake.catalog import connect
from tasks.lake.rows import lookup, replaced
from tasks.lake.schema import ARTICLES, CAPTURES
from tasks.lake.store import Lake
from tasks.lake.stored import Selection, pieces
from tasks.resolve import resolve
from tasks.run import REFUSALS_TOLD, Report, Run

KIND = "reextract"
# What a document's extraction fills. The content hash follows from it, and the rest from where it came from.
FIELDS = tuple(
    name
    for name in ARTICLES.schema.names[ARTICLES.schema.get_field_index("canonical_url") :]
    if name
    not in {"content_hash", "content_key", "extractor_version", "run_id", "batch", "ingested_at", "month"}
)
EXAMPLES = 3
_EXCERPT = 60


@dataclass(slots=True)
class Change:
    """What became of one field: articles in which it differs, those that it is new or lost in, and examples."""

    changed: int = 0
    gained: int = 0
    lost: int = 0
    examples: list[str] = field(default_factory=list)

    def count(self, before: object, after: object) -> None:
        """Count a value that differs; None and what is empty are no value."""
        self.changed += 1
        self.gained += not before
        self.lost += not after
        if len(self.examples) < EXAMPLES:
            self.examples.append(_difference(before, after))

    def add(self, other: Change) -> None:
        """Count another batch's articles too."""
        self.changed += other.changed
        self.gained += other.gained
        self.lost += other.lost
        self.examples += other.examples[: EXAMPLES - len(self.examples)]


@dataclass(slots=True)
class Findings:
    """What re-extraction found: outcomes of the captures, and field → how articles that the lake holds differ.

    ``chosen``: captures that are to be read again in all. ``bodiless``: those that could not be, since retention
    dropped their bodies.
    """

    report: Report
    fields: dict[str, Change] = field(default_factory=dict)
    bodiless: int = 0
    chosen: int = 0

    def add(self, other: Findings) -> None:
        """Count another batch's captures too."""
        self.report.add(other.report)
        self.bodiless += other.bodiless
        for name, change in other.fields.items():
            self.fields.setdefault(name, Change()).add(change)


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What one article made anew is to the lake. ``before``: its newest version there; ``version``: its own."""

    outcome: str
    version: int = 0
    before: Mapping[str, Any] | None = None
    error: str | None = None


def batches(
    lake: Lake,
    run: Run,
    selection: Selection,
    bodiless: Callable[[int], None] = lambda count: None,
    chosen: Callable[[int], None] = lambda count: None,
) -> Iterator[pa.Table]:
    """The captures to read again, as tables of the schema CAPTURES with the outcome ``read``.

    They are those that the newest versions of articles were made of, and those that held no article or that the
    extractor failed on. ``chosen`` is told how many they are, ``bodiless`` of those whose bodies retention has dropped.
    """
    with connect(lake.state()) as con:
        for stored in pieces(con, "reextract", "reextract_bodies", selection, bodiless, chosen):
            if stored.num_rows:
                yield _again(stored, run)


def remake(lake: Lake, captures: pa.Table, articles: pa.Table) -> tuple[pa.Table, pa.Table, Findings]:
    """Of a batch, the captures that today's extractor makes something else of, their articles, and what was found.

    ``articles``: what the extractor makes of ``captures``.
    """
    state = lake.state()
    articles = resolve(lake, state, captures, articles)
    findings = Findings(Report(captures["run_id"][0].as_py()))
    report = findings.report
    kept: list[int] = []
    rows = zip(_judged(lake, state, captures, articles), articles.to_pylist(), strict=True)
    for index, (verdict, article) in enumerate(rows):
        report.outcomes[verdict.outcome] += 1
        if verdict.outcome == "failed" and verdict.error and len(report.refusals) < REFUSALS_TOLD:
            report.refusals.append(verdict.error)
        if verdict.outcome in {"new", "new_version"}:
            kept.append(index)
        if verdict.before:
            for name in _differing(verdict.before, article):
                findings.fields.setdefault(name, Change()).count(verdict.before[name], article[name])
    chosen = pa.array(kept, pa.int64())
    return captures.take(chosen), articles.take(chosen), findings


def settle(
    lake: Lake, state: Mapping[str, DeltaTable], captures: pa.Table, articles: pa.Table
) -> tuple[pa.Table, pa.Table]:
    """As ``dedupe.settle``, for captures read again: any field that differs from the newest version makes the next.

    The article stays the same one whatever its canonical URL is now, and its capture the one that was read again.
    """
    articles = resolve(lake, state, captures, articles)
    verdicts = list(_judged(lake, state, captures, articles))
    settled = replaced(
        captures,
        outcome=[verdict.outcome for verdict in verdicts],
        error=[verdict.error for verdict in verdicts],
        article_id=articles["article_id"].to_pylist(),
        body=None,
    )
    chosen = [index for index, verdict in enumerate(verdicts) if verdict.version]
    kept = [verdicts[index] for index in chosen]
    versions = replaced(
        articles.take(pa.array(chosen, pa.int64())),
        version=[verdict.version for verdict in kept],
        previous_batch=[verdict.before["batch"] if verdict.before else None for verdict in kept],
        capture_id=captures["found_in"].take(pa.array(chosen, pa.int64())).to_pylist(),
    )
    return settled, versions


def _again(stored: pa.Table, run: Run) -> pa.Table:
    """Stored captures as those of this run."""
    rows = stored.num_rows
    ids = [digest(run.run_id, original) for original in stored["found_in"].to_pylist()]
    own: dict[str, Any] = {
        "capture_id": ids,
        "key": [key(identity) for identity in ids],
        "kind": [KIND] * rows,
        "outcome": ["read"] * rows,
        "run_id": [run.run_id] * rows,
        "run_started_at": [run.started_at] * rows,
    }
    columns = own | {name: stored[name] for name in stored.column_names}
    return pa.table(
        [
            pa.chunked_array([pa.nulls(rows, column.type)])
            if column.name not in columns
            else pa.array(own[column.name], column.type)
            if column.name in own
            else stored[column.name].cast(column.type)
            for column in CAPTURES.schema
        ],
        schema=CAPTURES.schema,
    )


def _judged(
    lake: Lake, state: Mapping[str, DeltaTable], captures: pa.Table, articles: pa.Table
) -> Iterator[_Verdict]:
    """A verdict a capture, in order."""
    read = captures.select(["found_in", "location", "fetched_at"]).to_pylist()
    newest = {
        row["article_id"]: row for row in lookup(lake, state, "reextract_newest", articles.select(["key"]))
    }
    for capture, article in zip(read, articles.to_pylist(), strict=True):
        verdict = _verdict(capture, article, newest.get(article["article_id"]))
        if verdict.version:
            newest[article["article_id"]] = article | {
                "version": verdict.version,
                "capture_id": capture["found_in"],
                "fetched_at": capture["fetched_at"],
            }
        yield verdict


def _verdict(
    capture: Mapping[str, Any], article: Mapping[str, Any], before: Mapping[str, Any] | None
) -> _Verdict:
    own = before is not None and before["capture_id"] == capture["found_in"]
    if refused := refusal(article):
        outcome, reason = refused
        if outcome == "failed":
            return _Verdict("failed", error=f"{capture['location']}: {reason}")
        return _Verdict("no_article", before=before if own else None)
    if before is None:
        return _Verdict("new", 1)
    if not own and before["fetched_at"] >= capture["fetched_at"]:
        return _Verdict("unchanged")  # an older capture says nothing against a newer one
    if any(_differing(before, article)):
        return _Verdict("new_version", before["version"] + 1, before)
    return _Verdict("unchanged")


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    return (name for name in FIELDS if before[name] != after[name])


def _difference(before: object, after: object) -> str:
    """Both values in one line; of long texts the passage where they part."""
    start = 0
    if isinstance(before, str) and isinstance(after, str):
        pairs = enumerate(zip(before, after, strict=False))
        parted = next((at for at, (old, new) in pairs if old != new), min(len(before), len(after)))
        start = max(0, parted - _EXCERPT // 3)
    return " → ".join(_short(value, start) for value in (before, after))


def _short(value: object, start: int) -> str:
    if not value:
        return "nothing"
    shown = repr(value[start:] if isinstance(value, str) else value)
    return ("…" if start else "") + (shown if len(shown) <= _EXCERPT else shown[:_EXCERPT] + "…")
