"""Stage capture: documents in, batches of captures out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from tasks.article.identity import digest, key
from tasks.files import Document
from tasks.lake.schema import CAPTURES
from tasks.run import Run

# A batch ends at whichever comes first. Fewer rows make more and smaller files, more bytes more memory.
BATCH_ROWS = 2_500
BATCH_BYTES = 32 * 2**20


def batches(
    documents: Iterable[Document], run: Run, *, rows: int = BATCH_ROWS, size: int = BATCH_BYTES
) -> Iterator[pa.Table]:
    """Documents as tables of the schema CAPTURES, at most ``rows`` documents or about ``size`` bytes each.

    A document that was read has the outcome ``read`` until a later stage settles it.
    """
    batch: list[dict[str, Any]] = []
    held = 0
    for document in documents:
        batch.append(_row(document, run))
        held += len(document.body or b"") + len(batch[-1]["given"] or "")
        if len(batch) >= rows or held >= size:
            yield pa.Table.from_pylist(batch, schema=CAPTURES.schema)
            batch, held = [], 0
    if batch:
        yield pa.Table.from_pylist(batch, schema=CAPTURES.schema)


def _row(document: Document, run: Run) -> dict[str, Any]:
    capture_id = digest(run.run_id, document.location)
    given = json.dumps(document.given, ensure_ascii=False, sort_keys=True) if document.given else None
    body_hash = None if document.body is None else digest(document.body)
    seen = digest(run.source_id, document.url or document.location, given, body_hash)
    return {
        "capture_id": capture_id,
        "key": key(capture_id),
        "source_id": run.source_id,
        "location": document.location,
        "url": document.url,
        "fetched_at": document.captured_at or datetime.now(UTC),
        "outcome": document.outcome,
        "error": document.error,
        "status": document.status,
        "content_type": document.content_type,
        "media": document.media,
        "charset": document.charset,
        "given": given,
        "body_hash": body_hash,
        "body_key": None if body_hash is None else key(seen),
        "body": document.body,
        "size": document.size,
        "run_id": run.run_id,
        "run_started_at": run.started_at,
    }
