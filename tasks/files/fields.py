"""Which column or key means what, and how a row becomes a document."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tasks.files.markup import starts_as_html
from tasks.files.model import Document, Media, Outcome
from tasks.files.streams import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

# Field → accepted names, the most telling first. Case, "_", "-" and spaces make no difference.
COLUMNS: dict[str, tuple[str, ...]] = {
    "html": ("html", "raw_html", "page"),
    "text": ("text", "maintext", "article_text", "full_text", "body", "content", "article"),
    "url": ("url", "link", "source_url", "uri"),
    "id": ("id", "guid", "article_id"),
    "title": ("title", "headline"),
    "subtitle": ("subtitle", "standfirst"),
    "authors": ("authors", "author", "byline"),
    "published_at": (
        "published_at",
        "date_published",
        "publish_date",
        "date_publish",
        "pub_date",
        "published",
        "date",
    ),
    "modified_at": ("modified_at", "date_modified", "date_modify", "modified", "updated_at", "updated"),
    "outlet": ("outlet", "publisher", "site_name", "source_name"),
    "language": ("language", "lang"),
    "section": ("section", "category"),
    "tags": ("tags", "keywords"),
}
BODIES = ("html", "text")
_LISTS = {"authors", "tags"}
_LONGEST_NAME = 64
_SEPARATOR = re.compile(r"[;,|]")


def field_of(column: str) -> tuple[str, int] | None:
    """The field that a column or key of this name holds, and the name's rank among that field's names."""
    return _FIELDS.get(column) or (_folded(column) if len(column) <= _LONGEST_NAME else None)


def is_body(column: str) -> bool:
    """Whether a column of this name holds a document."""
    found = field_of(column.strip())
    return found is not None and found[0] in BODIES


def document(location: str, name: str, row: Mapping[str, Any], size: int = 0) -> Document:
    """The document of one row. ``name`` is how a message calls the row, ``size`` its length as it stands.

    HTML goes before text. A value counts as HTML if its column says so or if it starts like it.
    """
    best: dict[str, tuple[int, Any]] = {}
    bodies: list[tuple[str, int, str]] = []
    for column, value in row.items():
        found = field_of(column) if isinstance(column, str) else None
        if found is None:
            continue
        field, rank = found
        if field in BODIES:
            bodies.append((field, rank, column))
        elif value is not None and (field not in best or rank < best[field][0]):
            best[field] = (rank, value)
    given: dict[str, Any] = {}
    url: str | None = None
    for field, (_, value) in best.items():
        stated = _strings(value, field) if field in _LISTS else _string(value, field)
        if stated:
            if field == "url":
                url = str(stated)
            else:
                given[field] = stated
    bodies.sort()
    media, body, error = _body(row, bodies)
    if media is None:
        outcome = Outcome.EMPTY if error is None else Outcome.BAD_RECORD
        why = error or "holds a blank text"
        return Document(location, url=url, given=given, outcome=outcome, error=f"{name} {why}", size=size)
    return Document(location, body, media, "utf-8", url, given=given, size=len(body))


def _body(
    row: Mapping[str, Any], bodies: list[tuple[str, int, str]]
) -> tuple[Media | None, bytes, str | None]:
    """Media and bytes of the first body that is one; else None and what is wrong (None: all are blank)."""
    if not bodies:
        return None, b"", "holds neither text nor HTML"
    error = None
    unmarked = None
    for field, _, column in bodies:
        value = row[column]
        if value is None:
            continue
        if isinstance(value, str):
            value = utf8(value)
        elif not isinstance(value, bytes):
            error = f'holds {kind_of(value)} where "{one_line(column)}" should be a string'
            continue
        if not value or value.isspace():
            continue
        if (field == "html" and b"<" in value) or (field == "text" and starts_as_html(value)):
            return "html", value, None
        if field == "text":
            return "text", value, None
        unmarked = unmarked or value
    return ("html", unmarked, None) if unmarked else (None, b"", error)


def kind_of(value: object) -> str:
    """What a JSON value is called in a message."""
    match value:
        case None:
            return "null"
        case bool():
            return "a truth value"
        case dict():
            return "an object"
        case list():
            return "an array"
        case str() | bytes():
            return "a string"
    return "a number" if isinstance(value, int | float) else f"a {type(value).__name__}"


def utf8(value: str) -> bytes:
    """UTF-8 of a string that may hold halves of surrogate pairs (JSON can spell them): U+FFFD where alone."""
    try:
        return value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def _string(value: object, field: str) -> str | None:
    """A stated value as a string. A number is one as an id only: a date it would leave to guessing."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, str):
        return utf8(value.strip()).decode() or None
    if isinstance(value, int) and not isinstance(value, bool) and field == "id":
        return str(value)
    return value.isoformat() if isinstance(value, date) else None


def _strings(value: object, field: str) -> list[str]:
    """A list of strings, of objects with a name, or one string (of tags between ``,``, ``;`` or ``|``)."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, str):
        value = _SEPARATOR.split(value) if field == "tags" else [value]
    if not isinstance(value, list):
        value = [value]
    names = (item.get("name") if isinstance(item, dict) else item for item in value)
    return [name for name in (_string(n, field) for n in names) if name]


def _fold(column: str) -> str:
    return "".join(c for c in column.casefold() if c not in "_- ")


_FIELDS = {_fold(name): (field, rank) for field, names in COLUMNS.items() for rank, name in enumerate(names)}


@lru_cache(maxsize=4096)
def _folded(column: str) -> tuple[str, int] | None:
    return _FIELDS.get(_fold(column))
