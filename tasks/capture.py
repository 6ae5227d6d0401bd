"""Stage capture: documents in, batches of captures out."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from tasks.article.identity import digest, guid_key, key, url_key
from tasks.files import Document
from tasks.lake.schema import CAPTURES
from tasks.run import Run
from tasks.web.model import Visit

# A batch ends at whichever comes first. Fewer rows make more and smaller files, more bytes more memory, and more
# seconds a longer wait until a slow crawl is stored.
BATCH_ROWS = 2_500
BATCH_BYTES = 32 * 2**20
BATCH_SECONDS = 60.0

# Columns that are a visit's fields of the same names.
_OF_VISITS = (
    "source_id", "kind", "final_url", "found_in", "guid", "etag", "last_modified", "elapsed_ms", "attempts", "asked",
    "body_from", "listed", "known", "listing_hash", "failures", "next_poll_at",
)  # fmt: skip


def batches(
    documents: Iterable[Document],
    run: Run,
    *,
    rows: int = BATCH_ROWS,
    size: int = BATCH_BYTES,
    seconds: float = BATCH_SECONDS,
) -> Iterator[pa.Table]:
    """Documents as tables of the schema CAPTURES, at most ``rows`` documents or about ``size`` bytes each.

    A batch also ends with the first document that comes ``seconds`` or more after its first one. A document that was
    read has the outcome ``read`` until a later stage settles it; every other outcome is final.
    """
    batch: list[dict[str, Any]] = []
    held, began = 0, 0.0
    for document in documents:
        began = began if batch else time.monotonic()
        batch.append(_row(document, run))
        held += len(document.body or b"") + len(batch[-1]["given"] or "")
        if len(batch) >= rows or held >= size or time.monotonic() - began >= seconds:
            yield pa.Table.from_pylist(batch, schema=CAPTURES.schema)
            batch, held = [], 0
    if batch:
        yield pa.Table.from_pylist(batch, schema=CAPTURES.schema)


def _row(document: Document, run: Run) -> dict[str, Any]:
    visit = document if isinstance(document, Visit) else None
    row: dict[str, Any] = {"source_id": run.source_id}
    parts = [run.run_id, document.location]
    if visit:
        row = {name: getattr(visit, name) for name in _OF_VISITS}
        row["redirects"] = [asdict(redirect) for redirect in visit.redirects]
        row["guid_key"] = guid_key(visit.source_id, visit.guid)
        parts += [
            visit.source_id,
            visit.kind,
        ]  # two sources of one run may ask for one address, as for robots.txt
    capture_id = digest(*parts)
    body_hash = None if document.body is None else digest(document.body)
    return row | {
        "capture_id": capture_id,
        "key": key(capture_id),
        "location": document.location,
        "url": document.url,
        "url_key": url_key(document.url) if document.url else None,
        "fetched_at": document.captured_at or datetime.now(UTC),
        "outcome": document.outcome,
        "error": document.error,
        "status": document.status,
        "content_type": document.content_type,
        "media": document.media,
        "charset": document.charset,
        "given": _json(document.given),
        "body_hash": body_hash,
        "body_key": None if body_hash is None else _body_key(document, row["source_id"], body_hash),
        "body": document.body,
        "size": document.size,
        "run_id": run.run_id,
        "run_started_at": run.started_at,
    }


def _body_key(document: Document, source_id: str, body_hash: str) -> int:
    """What a body is known by: where it is from, and what is stated beside it.

    What a feed says of a page differs from poll to poll, and counts for little beside the page: the same page is
    the same, unless its body is the feed's own.
    """
    stated = not isinstance(document, Visit) or document.body_from == "feed"
    given = _json(document.given) if stated else None
    return key(digest(source_id, document.url or document.location, given, body_hash))


def _json(given: dict[str, Any]) -> str | None:
    return json.dumps(given, ensure_ascii=False, sort_keys=True) if given else None
