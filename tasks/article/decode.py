"""Bytes to text: which charset a document is written in."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from charset_normalizer import from_bytes

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16 LE, whose mark is its prefix
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What pages declare and what browsers read instead (WHATWG Encoding): the superset that is really written.
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "tis-620": "cp874",
    "iso8859-11": "cp874",
}
_SAMPLE = 1 << 16  # bytes that the statistical guesses look at


@dataclass(frozen=True, slots=True)
class Decoded:
    """``text`` read as ``charset`` (Python's codec name); ``errors``: bytes that the charset cannot explain
    stand as U+FFFD in it."""

    text: str
    charset: str
    errors: bool = False


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Text of ``data``; never raises.

    In this order: a byte order mark, UTF-16 recognised by its NUL bytes, the ``declared`` charset (of a
    Content-Type header or a meta tag) where it explains every byte, strict UTF-8, the statistical guess of
    charset_normalizer, Windows-1252. A declared single-byte charset explains any bytes, so UTF-8 that is
    valid and more than ASCII beats it. If nothing explains every byte, the result has ``errors``.
    """
    for mark, charset in _BOMS:
        if data.startswith(mark):
            return _replaced(data[len(mark) :], charset)
    wide = _utf16_without_mark(data)
    if wide is not None:
        return _replaced(data, wide)
    named = _codec(declared)
    candidates = ["utf-8"] if named is None else ["utf-8", named]
    if named is not None and named.startswith(("iso2022", "hz")):  # ASCII bytes that mean something else
        candidates.reverse()
    for charset in candidates:
        try:
            return Decoded(data.decode(charset), charset)
        except UnicodeError:
            continue
    if _almost_utf8(data):
        return _replaced(data, "utf-8")
    if named is not None and not named.startswith("utf"):
        return _replaced(data, named)
    return _guessed(data)


def _guessed(data: bytes) -> Decoded:
    best = from_bytes(data[:_SAMPLE]).best()
    if best is not None:
        charset = _codec(best.encoding)
        if charset is not None:
            try:
                return Decoded(data.decode(charset), charset)
            except UnicodeError:
                pass
    return _replaced(data, "cp1252")


def _replaced(data: bytes, charset: str) -> Decoded:
    try:
        return Decoded(data.decode(charset), charset)
    except UnicodeError:
        return Decoded(data.decode(charset, "replace"), charset, errors=True)


def _codec(name: str | None) -> str | None:
    """Python's name of a text codec, by the superset browsers use; None where there is no such charset."""
    if not name:
        return None
    try:
        found = codecs.lookup(name.strip().strip("\"'").lower())
        if not found._is_text_encoding or found.name in {"idna", "punycode", "undefined"}:
            return None
    except (LookupError, ValueError):
        return None
    if found.name in {"utf-16", "utf-32", "unicode_escape", "raw_unicode_escape", "utf-7", "utf-8-sig"}:
        return None  # no mark, no NUL bytes: declared wrongly; escapes are never a document's charset
    return _SUPERSETS.get(found.name, found.name)


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 by where its NUL bytes are: spaces, digits and line ends have one in any script."""
    head = data[: _SAMPLE & ~1]
    if len(head) < 4 or b"\0" not in head:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    few, many = sorted((even, odd))
    if many < len(head) // 40 or few * 10 > many:
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _almost_utf8(data: bytes) -> bool:
    """UTF-8 with a few damaged bytes (a text cut in mid-character, two pages glued together)."""
    sample = data[:_SAMPLE].decode("utf-8", "replace")
    good = sum(char > "\x7f" for char in sample) - sample.count("�")
    return good > 10 * sample.count("�")
