"""Stage dedupe: which captures bring something that the lake does not hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable

from tasks.extract import refusal
from tasks.files import Outcome
from tasks.lake.rows import lookup, replaced
from tasks.lake.store import Lake
from tasks.resolve import resolve
from tasks.run import TAKEN
from tasks.web.choice import next_attempt

# What a page that was read may turn out to be, and may not be another time.
_PASSING = {outcome.value: outcome for outcome in (Outcome.BOT_WALL, Outcome.NOT_FOUND)}


def skip_known(lake: Lake, captures: pa.Table) -> pa.Table:
    """The captures, those whose very bytes the lake holds already settled without extraction.

    They end as ``unchanged``, or refused as they were before, and keep no second copy of their body. Of what is
    unchanged, by its bytes or as its server says, the article is named where the lake knows it.
    """
    state = lake.state()
    read = captures.filter(pc.equal(captures["outcome"], "read"))
    known = {
        (row["body_key"], row["body_hash"]): row
        for row in lookup(lake, state, "known_bodies", read.select(["body_key"]))
        if row["outcome"] != "failed"  # today's extractor may do better
    }
    told = captures.filter(pc.equal(captures["outcome"], "unchanged"))
    articles = {
        row["url_key"]: row["article_id"]
        for row in lookup(lake, state, "known_addresses", told.select(["url_key"]))
    }
    if not known and not articles:
        return captures
    columns: dict[str, list[object]] = {"outcome": [], "error": [], "article_id": []}
    is_known: list[bool] = []
    for row in captures.select([*columns, "body_key", "body_hash", "url_key"]).to_pylist():
        before = known.get((row["body_key"], row["body_hash"])) if row["outcome"] == "read" else None
        is_known.append(before is not None)
        if row["outcome"] == "unchanged":
            row["article_id"] = articles.get(row["url_key"])
        elif before:
            taken = before["outcome"] in TAKEN
            row |= {"outcome": "unchanged" if taken else before["outcome"], "error": before["error"]}
            row["article_id"] = before["article_id"] if taken else None
        for name, values in columns.items():
            values.append(row[name])
    return _without_bodies(replaced(captures, **columns), is_known)


def settle(
    lake: Lake, state: Mapping[str, DeltaTable], captures: pa.Table, articles: pa.Table
) -> tuple[pa.Table, pa.Table]:
    """Captures with their final outcome and article, and the articles that are versions the lake lacks, numbered.

    Which article each is of is resolved first. A text that any version of its article had before is unchanged: files
    come in any order, an old copy after a newer one too. Those without text end as ``refusal`` says, and where that may
    pass, as that of a wall, the page is asked for again.
    """
    articles = resolve(lake, state, captures, articles)
    latest: dict[str, tuple[int, int | None]] = {}  # its number and batch
    hashes: set[tuple[str, str]] = set()
    for row in lookup(lake, state, "known_articles", articles.select(["key"])):
        latest[row["article_id"]] = max(
            (row["version"], row["batch"]), latest.get(row["article_id"], (0, None))
        )
        hashes.add((row["article_id"], row["content_hash"]))
    outcomes: dict[str, str] = {}
    identities: dict[str, str] = {}
    errors: dict[str, str] = {}
    kept: list[int] = []
    numbers: list[int] = []
    before: list[int | None] = []
    columns = ["capture_id", "article_id", "content_hash", "word_count"]
    for index, row in enumerate(articles.select(columns).to_pylist()):
        capture, identity, content = row["capture_id"], row["article_id"], row["content_hash"]
        if not row["word_count"] and (refused := refusal(articles.slice(index, 1).to_pylist()[0])):
            outcomes[capture], errors[capture] = refused
            continue
        identities[capture] = identity
        if (identity, content) in hashes:
            outcomes[capture] = "unchanged"
        else:
            hashes.add((identity, content))
            version, batch = latest.get(identity, (0, None))
            latest[identity] = version + 1, None  # this batch
            outcomes[capture] = "new_version" if version else "new"
            kept.append(index)
            numbers.append(version + 1)
            before.append(batch)
    if len(kept) < articles.num_rows:
        articles = articles.take(pa.array(kept, pa.int64()))
    versions = replaced(articles, version=numbers, previous_batch=before)
    return _again(lake, state, _settled(captures, outcomes, identities, errors)), versions


def _settled(
    captures: pa.Table, outcomes: Mapping[str, str], identities: Mapping[str, str], errors: Mapping[str, str]
) -> pa.Table:
    """The captures with what was found, by capture_id; what is unchanged keeps no second copy of its body."""
    columns: dict[str, list[object]] = {"outcome": [], "article_id": [], "error": []}
    for row in captures.select(["capture_id", "location", *columns]).to_pylist():
        capture = row["capture_id"]
        outcome = outcomes.get(capture, row["outcome"])
        error = errors.get(capture)
        columns["outcome"].append(outcome)
        columns["article_id"].append(identities.get(capture, row["article_id"]))
        columns["error"].append(f"{row['location']}: {error}" if error else row["error"])
    return _without_bodies(replaced(captures, **columns), [o == "unchanged" for o in columns["outcome"]])


def _without_bodies(captures: pa.Table, chosen: Sequence[bool]) -> pa.Table:
    """The captures, the chosen of them without their bytes. Where none is, no byte is copied."""
    if not any(chosen):
        return captures
    body = captures["body"]
    return replaced(captures, body=pc.if_else(pa.array(chosen), pa.scalar(None, body.type), body))


def _again(lake: Lake, state: Mapping[str, DeltaTable], captures: pa.Table) -> pa.Table:
    """The captures, those of pages that were read and turned out to be walls due again.

    Only now is it known that asking failed: until the page was read it counted as a success.
    """
    if not pc.any(pc.is_in(captures["outcome"], pa.array(list(_PASSING)))).as_py():
        return captures
    columns = ["kind", "outcome", "url_key", "failures", "fetched_at", "next_poll_at"]
    rows = captures.select(columns).to_pylist()
    walls = [
        row for row in rows if row["kind"] == "article" and row["outcome"] in _PASSING and not row["failures"]
    ]
    if not walls:
        return captures
    wanted = pa.table({"url_key": pa.array(sorted({row["url_key"] for row in walls}), pa.int64())})
    before = {
        row["url_key"]: row["newest"]["failures"] or 0 for row in lookup(lake, state, "known_urls", wanted)
    }
    for row in walls:
        row["failures"] = before.get(row["url_key"], 0) + 1
        row["next_poll_at"] = next_attempt(
            _PASSING[row["outcome"]], row["failures"], None, None, row["fetched_at"]
        )
    return replaced(
        captures,
        failures=[row["failures"] for row in rows],
        next_poll_at=[row["next_poll_at"] for row in rows],
    )
