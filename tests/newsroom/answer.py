"""What the newsroom answers: one value that the app sends, and the page that it is made of."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Page:
    """A document that can be asked for conditionally; ``modified`` is UTC."""

    body: bytes
    content_type: str = HTML
    modified: datetime | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def etag(self) -> str:
        return f'"{hashlib.blake2b(self.body, digest_size=8).hexdigest()}"'


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer; a body in parts is sent as they come."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | AsyncIterator[bytes] = b""


def redirect(location: str, status: int = 302) -> Answer:
    """To another address."""
    return Answer(status, (("location", location),))


def http_date(moment: datetime) -> str:
    """A date as HTTP writes it."""
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)


def whole(page: Page) -> Answer:
    """The page with its validators."""
    headers = [("content-type", page.content_type), *page.headers.items()]
    if page.status == 200:
        headers.append(("etag", page.etag))
        if page.modified:
            headers.append(("last-modified", http_date(page.modified)))
    return Answer(page.status, tuple(headers), page.body)


def conditional(answer: Answer, asked: Mapping[str, str]) -> Answer:
    """The answer, or 304 where the request's validators match it (RFC 9110, 13.2.2)."""
    has = dict(answer.headers)
    if answer.status != 200 or "etag" not in has:
        return answer
    tags, since = asked.get("if-none-match"), asked.get("if-modified-since")
    if tags is not None:
        same = tags.strip() == "*" or has["etag"] in {
            tag.strip().removeprefix("W/") for tag in tags.split(",")
        }
    elif since is not None and "last-modified" in has:
        same = _at_least(since, has["last-modified"])
    else:
        same = False
    kept = tuple((name, value) for name, value in answer.headers if name in ("etag", "last-modified"))
    return Answer(304, kept) if same else answer


def _at_least(since: str, modified: str) -> bool:
    try:
        return parsedate_to_datetime(since) >= parsedate_to_datetime(modified)
    except (TypeError, ValueError):
        return False


def zipped(body: bytes) -> bytes:
    """The body as gzip, without a time stamp in it."""
    return gzip.compress(body, 6, mtime=0)
