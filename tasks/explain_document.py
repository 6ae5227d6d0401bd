"""The document to explain: one of a file, one that the lake holds, or a page asked for. Nothing is stored."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import unquote

from tasks.article.extract import examine
from tasks.article.identity import key, url_key
from tasks.article.model import Examined
from tasks.article.quirks import Quirk
from tasks.explain_model import Origin
from tasks.files import Document, Outcome, documents
from tasks.files.model import moment
from tasks.web.model import Entry, Visit

if TYPE_CHECKING:  # the lake and the web take a second to import, and a file needs neither
    from tasks.lake.store import Lake
    from tasks.web.client import Client
    from tasks.web.source import Source

_IDENTITY = re.compile("[0-9a-f]{32}")
_WEB = re.compile("https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """A document, or the recorded reason why there is none, and ``how`` it was had, as a sentence."""

    document: Document
    how: str

    @property
    def origin(self) -> Origin:
        """The same in words."""
        captured = self.document.captured_at
        name = self.document.url or unquote(self.document.location.removeprefix("file://"))
        return Origin(name, self.how, f"{captured.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if captured else None)


def is_web_address(what: str) -> bool:
    """Whether ``what`` is an address of the web, and no file."""
    return _WEB.match(what) is not None


def examined(found: Found, quirks: Sequence[Quirk] = ()) -> Examined:
    """The article in a document that was read, with how it came about; ``quirks``: those of its source."""
    document = found.document
    assert document.body is not None
    assert document.media is not None
    visit = document if isinstance(document, Visit) else None
    of_feed = visit is not None and visit.body_from == "feed"
    return examine(
        document.body,
        media=document.media,
        url=document.url,
        final_url=visit.final_url if visit and not of_feed else None,
        charset=document.charset,
        **moment(document.location, document.status, document.captured_at or datetime.now(UTC)),
        given=document.given,
        of_feed=of_feed,
        quirks=() if of_feed else quirks,
        shown=True,
    )


def in_file(what: str, stdin: BinaryIO | None = None) -> Found:
    """A document of the file ``what``, "-" being standard input.

    Of a file of several it is the first one, unless "#" and its number follow, counted from 1, or what stands behind
    the "#" of its location in the lake (``#line=3``, see Document).
    """
    path, wanted = _parted(what)
    read = enumerate(documents([path], stdin=stdin), 1)
    names = ((document, {"", str(count), document.location.partition("#")[2]}) for count, document in read)
    document = next((document for document, its in names if wanted in its), None)
    if document is None:
        return Found(Document(path, outcome=Outcome.MISSING, error=f"{path} holds no document #{wanted}"), "")
    how = "Read from standard input." if path == "-" else "Read from a file."
    if not wanted and next(read, None):
        how += f" It holds more: {path}#2 is the next one."
    return Found(document, how)


def _parted(what: str) -> tuple[str, str]:
    """The path and what stands behind its last "#"; a file that has such a name is one."""
    if os.path.lexists(what):
        return what, ""
    path, mark, wanted = what.rpartition("#")
    if not mark:
        path, wanted = what, ""
    return (unquote(path.removeprefix("file://")) if path.startswith("file://") else path), wanted


def in_lake(what: str, lake: Lake) -> Found | None:
    """The newest capture of an address, or of an article or capture by its id.

    None where the lake has none of the address, or ``what`` names something else.
    """
    by_id = _IDENTITY.fullmatch(what) is not None and not os.path.lexists(what)
    if by_id:
        wanted = key(what)
    elif is_web_address(what):
        wanted = url_key(what)
    else:
        return None
    rows = []
    if lake.exists():  # reading the state of a lake that is not there would make it
        import pyarrow as pa

        from tasks.lake.rows import lookup

        rows = lookup(lake, lake.state(), "explained", pa.table({"key": pa.array([wanted], pa.int64())}))
    if rows and rows[0]["body"] is None:
        error = f"{what}: retention dropped the bytes that its article was made of; --fetch asks the web for the page"
        return Found(Document(what, outcome=Outcome.MISSING, error=error), "")
    if rows:
        return _of_capture(rows[0], lake)
    error = f"{what} is no article and no capture of {lake.uri}, and no file"
    return Found(Document(what, outcome=Outcome.MISSING, error=error), "") if by_id else None


def _of_capture(row: dict[str, Any], lake: Lake) -> Found:
    visit = Visit(
        location=row["location"],
        body=row["body"],
        media=row["media"],
        charset=row["charset"],
        url=row["url"],
        captured_at=row["fetched_at"],
        status=row["status"],
        given=json.loads(row["given"] or "{}"),
        size=row["size"] or 0,
        source_id=row["source_id"],
        final_url=row["final_url"],
        body_from=row["body_from"],
    )
    return Found(
        visit,
        f"Capture {row['capture_id']} of the lake {lake.uri}, source {visit.source_id}; nothing was fetched.",
    )


async def on_web(client: Client, url: str, source: Source) -> Found:
    """The page at an address, asked for as politely as its source says."""
    from tasks.crawl.articles import request
    from tasks.web import visits

    entry = Entry(url)
    response = await client.fetch(request(source, url))
    visit = visits.article(source, entry, visits.given(entry, source), None, response, None)
    return Found(visit, "Fetched just now; nothing was stored.")
