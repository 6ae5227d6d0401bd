"""From an answer to its row in the ledger. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from tasks.files.http_body import WHY, media_of
from tasks.files.model import Media, Outcome
from tasks.web.choice import next_attempt
from tasks.web.model import Asked, Entry, Kind, Known, Response, Visit
from tasks.web.source import Source

# Where the page is refused in one of these ways, or is a wall, the text that the feed itself carries is taken.
_REFUSED = frozenset({Outcome.DENIED, Outcome.ROBOTS})


def given(entry: Entry, source: Source) -> dict[str, Any]:
    """What the list and the declaration say of an article; the extractor weighs them against the page."""
    declared = {"outlet": source.outlet, "language": source.language}
    said = {"entry": entry.given, "source": {k: v for k, v in declared.items() if v}}
    return {name: values for name, values in said.items() if values}


def unvisited(
    source: Source,
    entry: Entry,
    found_in: str | None,
    outcome: Outcome,
    error: str,
    at: datetime,
    said: Mapping[str, Any] = {},
) -> Visit:
    """The row of an article that was not asked for."""
    return Visit(
        location=entry.url,
        url=entry.url,
        source_id=source.id,
        found_in=found_in,
        guid=entry.guid,
        given=dict(said),
        outcome=outcome,
        error=error,
        captured_at=at,
        next_poll_at=at if outcome is Outcome.DEFERRED else None,
    )


def visit(source: Source, kind: Kind, response: Response, asked: Asked) -> Visit:
    """The row of an answer, as far as it is the same for articles and lists; with its body if it has one."""
    headers = response.headers
    return Visit(
        location=response.request.url,
        url=response.request.url,
        source_id=source.id,
        kind=kind,
        outcome=response.outcome,
        error=f"{response.request.url}: {response.error}" if response.error else None,
        captured_at=response.fetched_at,
        body=response.body,
        status=response.status,
        content_type=headers.get("content-type"),
        charset=response.charset,
        size=response.size,
        final_url=response.final_url,
        redirects=response.redirects,
        etag=headers.get("etag"),
        last_modified=headers.get("last-modified"),
        elapsed_ms=response.elapsed_ms,
        attempts=response.attempts,
        asked=asked,
    )


def article(
    source: Source,
    entry: Entry,
    said: Mapping[str, Any],
    found_in: str | None,
    response: Response,
    known: Known | None,
) -> Visit:
    """The row of an article. Its body is the page, or where that was refused, or is a wall, the text of the feed.

    To tell a wall takes some milliseconds, but only where the feed carries the text.
    """
    asked: Asked = "conditional" if response.request.etag or response.request.last_modified else "plain"
    row = visit(source, "article", response, asked)
    row = replace(row, found_in=found_in, guid=entry.guid, given=dict(said))
    if response.outcome is Outcome.READ and response.body is not None:
        row = _with_media(row, response)
    if entry.content and (response.outcome in _REFUSED or _is_wall(row)):
        body = entry.content.encode()
        row = replace(
            row, outcome=Outcome.READ, error=None, body=body, media="html", charset="utf-8", size=len(body),
            body_from="feed", etag=None, last_modified=None,
        )  # fmt: skip
    elif response.outcome is Outcome.UNCHANGED and known:  # a 304 need not repeat its validators
        row = replace(
            row, etag=row.etag or known.etag, last_modified=row.last_modified or known.last_modified
        )
    failures = (known.failures if known else 0) or 0
    if row.outcome in {Outcome.READ, Outcome.UNCHANGED}:
        failures = 0
    elif row.outcome is not Outcome.DEFERRED:  # which says nothing of the article
        failures += 1
    due = next_attempt(row.outcome, failures, known, response.retry_at, response.fetched_at)
    return replace(row, failures=failures, next_poll_at=due)


def _is_wall(row: Visit) -> bool:
    if row.body is None or row.media != "html":
        return False
    from tasks.article.page_kind import (
        shows_nothing,  # what it needs takes its time, and few feeds carry the text
    )

    return shows_nothing(row.body, row.charset, row.final_url)


def _with_media(row: Visit, response: Response) -> Visit:
    assert response.body is not None
    media: Media | Outcome = media_of(response.content_type or "", response.body)
    if isinstance(media, Outcome):
        reason = f"{WHY[media]} ({response.content_type})"
        return replace(row, outcome=media, error=f"{row.url}: {reason}", body=None)
    return replace(row, media=media)
