"""JSON lines, JSON arrays, single JSON objects."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tasks.files.fields import document, kind_of
from tasks.files.model import Document, Outcome, Refusal
from tasks.files.streams import bounded_lines, one_line

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

    from tasks.files.source import Source

_MARK = b"\xef\xbb\xbf"


def read_lines(source: Source) -> Iterator[Document]:
    """A document for each line that is not blank; lines are counted from 1, blank ones too."""
    limit = source.limits.max_document_bytes
    number = 0
    for line, size in bounded_lines(source.stream, limit):
        number += 1
        location = f"{source.location}#line={number}"
        name = f"{source.name}, line {number},"
        if line is None:
            why = f"{name} is longer than the limit of {limit} bytes"
            yield Document(location, outcome=Outcome.TOO_LARGE, error=why, size=size)
            continue
        if line.isspace():
            number += _skip_blank(source.stream)
            continue
        row = _row(line)
        if isinstance(row, dict):
            yield document(location, name, row, size)
        else:
            yield Document(location, outcome=Outcome.BAD_RECORD, error=f"{name} {row}", size=size)


def _skip_blank(stream: io.BufferedReader) -> int:
    """Past the blank lines that are in the buffer; how many (a bomb may hold thousands of millions)."""
    waiting = stream.peek()
    blank = len(waiting) - len(waiting.lstrip(b"\r\n"))
    return stream.read(blank).count(b"\n")


def read_values(source: Source) -> Iterator[Document]:
    """The documents of JSON not written line by line: objects or arrays of objects, one after another."""
    text = source.content().removeprefix(_MARK)
    try:
        values = list(_values(text.decode()))
    except (ValueError, RecursionError) as error:
        raise Refusal(Outcome.BAD_RECORD, f"holds broken JSON ({_reason(error)})") from error
    rows = [row for value in values for row in (value if isinstance(value, list) else [value])]
    if not rows:
        raise Refusal(Outcome.EMPTY, "holds an empty JSON array")
    for number, row in enumerate(rows, 1):
        alone = len(values) == 1 and isinstance(values[0], dict)
        location = source.location if alone else f"{source.location}#row={number}"
        name = source.name if alone else f"{source.name}, row {number},"
        if isinstance(row, dict):
            yield document(location, name, row)
        else:
            why = f"{name} is {kind_of(row)}, not an object"
            yield Document(location, outcome=Outcome.BAD_RECORD, error=why)


def _values(text: str) -> Iterator[object]:
    decoder = json.JSONDecoder()
    position = 0
    while (position := _solid(text, position)) < len(text):
        value, position = decoder.raw_decode(text, position)
        yield value


def _solid(text: str, position: int) -> int:
    """The next position that is not white space."""
    while position < len(text) and text[position] in " \t\r\n":
        position += 1
    return position


def _row(line: bytes) -> dict[str, object] | str:
    """The object of a line, or what is wrong with it."""
    try:
        row = json.loads(line.decode())
    except (ValueError, RecursionError) as error:
        return f"holds broken JSON ({_reason(error)})"
    return row if isinstance(row, dict) else f"is {kind_of(row)}, not an object"


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start} is not UTF-8"
    if isinstance(error, json.JSONDecodeError):
        return one_line(f"{error.msg} at character {error.pos}")
    return "nested too deeply" if isinstance(error, RecursionError) else one_line(error)
