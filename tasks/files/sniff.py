"""What a file holds, told by its first bytes and never by its name."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from dataclasses import dataclass
from enum import Enum, auto

from tasks.files.fields import field_of, is_body
from tasks.files.markup import holds_html, starts_as_html, starts_as_xml

HEAD = 1 << 16  # bytes that are looked at


class Kind(Enum):
    """What the readers are chosen by."""

    EMPTY = auto()
    TEXT = auto()
    HTML = auto()
    JSONL = auto()
    JSON = auto()
    TABLE = auto()
    PARQUET = auto()
    WARC = auto()
    GZIP = auto()
    ZSTD = auto()
    XML = auto()
    BINARY = auto()


@dataclass(frozen=True, slots=True)
class Sniffed:
    """``charset``: UTF-16 or UTF-32 where it is; ``delimiter`` of a table; ``what`` a binary file is."""

    kind: Kind
    charset: str | None = None
    delimiter: str = ","
    what: str = "binary data"


_CONTAINERS = ((b"\x1f\x8b", Kind.GZIP), (b"\x28\xb5\x2f\xfd", Kind.ZSTD), (b"PAR1", Kind.PARQUET))
_SKIPPABLE_ZSTD = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")
_WARC = re.compile(rb"\s{0,8}WARC/[01]\.\d+\r?\n")
_BINARY = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a RIFF file (image, sound or video)"),
    (b"%PDF-", "a PDF document"),
    (b"%!PS", "a PostScript document"),
    (b"{\\rtf", "an RTF document"),
    (b"PK\x03\x04", "a ZIP archive (or an Office document)"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ", "xz data"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x04\x22\x4d\x18", "lz4 data"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "an SQLite database"),
    (b"Obj\x01", "an Avro file"),
    (b"ARROW1", "an Arrow file"),
    (b"ORC", "an ORC file"),
    (b"OggS", "an Ogg file"),
    (b"ID3", "an MP3 file"),
    (b"filedesc://", "an ARC archive"),
)
_MAGIC = tuple(magic for magic, _ in _BINARY)
_AMBIGUOUS = {
    b"ORC",
    b"ID3",
    b"RIFF",
    b"BZh",
    b"Rar!",
    b"GIF8",
}  # may start a text, were it not for what follows
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = bytes(sorted(set(range(32)) - set(b"\t\n\v\f\r\x1b"))) + b"\x7f"
_MOST_CONTROLS = 0.01  # random and compressed bytes hold 10 %, a text with a stray one 0.1 %
_OBJECT = re.compile(r'\s*\{\s*(?:"(?:[^"\\\n]|\\.){0,300}"\s*:|\}\s*$)')
_ARRAY = re.compile(r'\s*\[\s*(?:\{\s*["}]|\]\s*$)')
_DELIMITERS = (",", "\t", ";", "|")
_LONGEST_NAME = 64


def sniff(head: bytes, *, whole: bool) -> Sniffed:
    """What the file with this head (its first ``HEAD`` bytes; ``whole``: all of it) holds."""
    if not head:
        return Sniffed(Kind.EMPTY)
    for magic, kind in _CONTAINERS:
        if head.startswith(magic):
            return Sniffed(kind)
    if _SKIPPABLE_ZSTD.match(head):
        return Sniffed(Kind.ZSTD)
    if _WARC.match(head):  # before looking for binary data: its records may hold any
        return Sniffed(Kind.WARC)
    charset = _wide(head)
    if charset is None:
        what = _binary(head)
        if what is not None:
            return Sniffed(Kind.BINARY, what=what)
        narrow = head.removeprefix(codecs.BOM_UTF8)
    else:
        narrow = codecs.getincrementaldecoder(charset)("replace").decode(head).encode("utf-8", "replace")
    return _text(narrow, charset, whole=whole)


def _text(head: bytes, charset: str | None, *, whole: bool) -> Sniffed:
    start = head.lstrip()
    if not start:
        return Sniffed(Kind.EMPTY if whole else Kind.TEXT, charset)
    if start[:1] == b"<":
        if starts_as_html(start):
            return Sniffed(Kind.HTML, charset)
        if starts_as_xml(start):
            return Sniffed(Kind.HTML if holds_html(start) else Kind.XML, charset)
    if start[:1] in b"{[" or b"\n{" in head:
        kind = _json(start.decode("utf-8", "replace"), whole=whole)
        if kind is not None:
            return Sniffed(kind, charset)
    delimiter = _delimiter(start, whole=whole)
    if delimiter is not None:
        return Sniffed(Kind.TABLE, charset, delimiter)
    return Sniffed(Kind.HTML if holds_html(start) else Kind.TEXT, charset)


def _binary(head: bytes) -> str | None:
    """What kind of binary data it is, None for text."""
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if head.startswith(_MAGIC):
        magic, what = next(pair for pair in _BINARY if head.startswith(pair[0]))
        if controls or magic not in _AMBIGUOUS:
            return what
    return "binary data" if controls > _MOST_CONTROLS * len(head) else None


def _wide(head: bytes) -> str | None:
    """UTF-16 or UTF-32: by its mark, or UTF-16 by where its NUL bytes are (spaces have one in any script)."""
    for mark, charset in _MARKS:
        if head.startswith(mark):
            return charset
    if b"\0" not in head or len(head) < 4:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    few, many = sorted((even, odd))
    if many < len(head) // 40 or few * 10 > many:
        return None
    charset = "utf-16-be" if even > odd else "utf-16-le"
    text = head[: len(head) & ~1].decode(charset, "replace")
    # Tables of small numbers have their NUL bytes there too, but no text has such characters.
    strange = sum(c == "\ufffd" or (c < " " and c not in "\t\n\v\f\r") for c in text)
    return charset if strange <= _MOST_CONTROLS * len(text) else None


def _json(start: str, *, whole: bool) -> Kind | None:
    """JSON lines, one JSON text, or neither; a text that merely starts with a brace is neither."""
    lines = start.split("\n")
    complete = [line for line in (lines if whole else lines[:-1]) if line.strip()][:10]
    objects = [_is_object(line) for line in complete]
    braced = _OBJECT.match(start) is not None
    if any(objects) and (braced or 2 * sum(objects) >= len(objects)):
        return Kind.JSONL
    if _ARRAY.match(start):
        return Kind.JSON
    if not braced:
        return None
    first = complete[0] if complete else start
    spread = _OBJECT.match(first) is None or (complete and first.rstrip().endswith((",", "{", "[")))
    return Kind.JSON if spread else Kind.JSONL


def _is_object(line: str) -> bool:
    if not line.lstrip().startswith("{"):
        return False
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _delimiter(start: bytes, *, whole: bool) -> str | None:
    """The delimiter of a table whose header names a column of documents, None if it is no such table."""
    header = start[:4096].partition(b"\n")[0].decode("utf-8", "replace")
    for delimiter in _DELIMITERS:
        if delimiter not in header:
            continue
        cells = header.rstrip("\r").split(delimiter)
        if max(map(len, cells)) > _LONGEST_NAME:
            continue
        # Prose has a space behind its commas, a header only where somebody typed it.
        typed = any(cell.startswith(" ") for cell in cells)
        if typed and (len(cells) < 3 or not all(map(field_of, map(_name, cells)))):
            continue
        names = [_name(cell) for cell in cells]
        if any(map(is_body, names)) and _has_rows(start, delimiter, names, whole=whole):
            return delimiter
    return None


def _name(cell: str) -> str:
    return cell.strip().strip('"').strip()


def _has_rows(start: bytes, delimiter: str, names: list[str], *, whole: bool) -> bool:
    """Whether one of the first rows has as many fields as the header (or the header can only be one)."""
    lines = list(io.StringIO(start.decode("utf-8", "replace"), newline="\n"))
    if not whole:
        lines.pop()
    rows = csv.reader(lines, delimiter=delimiter)
    read = 0
    try:
        for read, row in enumerate(rows):
            if read and len(row) == len(names):
                return True
            if read == 5:
                return False
    except csv.Error:
        pass
    known = sum(field_of(name) is not None for name in names)
    return known >= 2 and (read == 0 or not whole)
