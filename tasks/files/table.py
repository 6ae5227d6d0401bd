"""CSV and its kin: a header, then one document a row."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from tasks.files.fields import document, field_of
from tasks.files.model import Document, Outcome, Refusal
from tasks.files.streams import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tasks.files.source import Source


class _Lines:
    """Decoded lines for csv.reader; stops a record that outgrows the limit by raising _Overlong."""

    def __init__(self, source: Source) -> None:
        self._stream = source.stream
        self._limit = source.limits.max_document_bytes
        self._quotes = 0
        self.number = 0
        self.size = 0

    def start_record(self) -> None:
        self.size = self._quotes = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(max(1, self._limit - self.size + 1))
        if not line:
            raise StopIteration
        self.size += len(line)
        self._quotes += line.count(b'"')
        if self.size > self._limit:
            self._skip(ended=line.endswith(b"\n"))
            raise _OverlongError
        self.number += 1
        try:
            return line.decode()
        except UnicodeDecodeError:  # what spreadsheets write
            return line.decode("cp1252", "replace")

    def _skip(self, *, ended: bool) -> None:
        """Past the end of the record: the first line end outside quotes."""
        quoted = self._quotes % 2 == 1
        self.number += ended
        while not ended or quoted:
            block = self._stream.peek()
            if not block:
                return
            length = 0
            for part in block.split(b'"'):
                end = -1 if quoted else part.find(b"\n")
                if end >= 0:
                    length += end + 1
                    break
                length += len(part) + 1
                quoted = not quoted
            else:  # one part more than there are quotes
                length -= 1
                quoted = not quoted
                end = -1
            self.number += block.count(b"\n", 0, length)
            self.size += len(self._stream.read(length))
            if end >= 0:
                return
            ended = False


class _OverlongError(Exception):
    pass


def read_table(source: Source, delimiter: str) -> Iterator[Document]:
    """A document for each row; rows are counted from 1, without the header and blank lines."""
    limit = source.limits.max_document_bytes
    # Process-wide, but only ever raised: records are bounded by _Lines.
    csv.field_size_limit(max(csv.field_size_limit(), limit + 1))
    lines = _Lines(source)
    reader = csv.reader(lines, delimiter=delimiter)
    names = _header(reader)
    number = 0
    while True:
        lines.start_record()
        first = lines.number + 1
        location = f"{source.location}#row={number + 1}"
        name = f"{source.name}, row {number + 1} (line {first}),"
        try:
            row = next(reader)
        except StopIteration:
            break
        except _OverlongError:
            reader = csv.reader(lines, delimiter=delimiter)
            why = f"{name} is longer than the limit of {limit} bytes"
            yield Document(location, outcome=Outcome.TOO_LARGE, error=why, size=lines.size)
        except csv.Error as error:
            why = f"{name} is not CSV ({one_line(error)})"
            yield Document(location, outcome=Outcome.BAD_RECORD, error=why, size=lines.size)
        else:
            if not row:
                continue
            if len(row) == len(names):
                yield document(location, name, dict(zip(names, row, strict=True)), lines.size)
            else:
                why = f"{name} has {len(row)} fields where the header has {len(names)}"
                yield Document(location, outcome=Outcome.BAD_RECORD, error=why, size=lines.size)
        number += 1
    if number == 0:
        raise Refusal(Outcome.EMPTY, "is a table without rows")


def _header(reader: Iterator[list[str]]) -> list[str]:
    """The names of the columns; a name that occurs again is left to its first column."""
    try:
        names = [name.strip() for name in next(row for row in reader if row)]
    except (StopIteration, csv.Error, _OverlongError) as error:
        raise Refusal(Outcome.BAD_RECORD, "has a header that cannot be read") from error
    seen: set[str] = set()
    unique = []
    for position, name in enumerate(names):
        unique.append(name if name not in seen and field_of(name) else f"\0{position}")
        seen.add(name)
    return unique
