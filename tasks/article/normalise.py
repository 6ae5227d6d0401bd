"""Text in one spelling: equal words are equal strings from here on."""

from __future__ import annotations

import re
import unicodedata

import ftfy
import numpy as np

# The classes of UTF-16 code units. Most texts have class 0 alone, which one table look-up establishes.
_TAIL = 1  # what the bytes 0x80-0xBF become when UTF-8 is read as Windows-1252 …
_LEAD2, _LEAD3, _LEAD4 = 2, 3, 4  # … and the lead bytes of two-, three- and four-byte sequences
_CHANGE, _TAIL_CHANGE, _JOINER, _COMPOSING = 5, 6, 7, 8

_SPACES = "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_LINE_ENDS = "\r\v\f\x1c\x1d\x1e\u2028\u2029"
_INVISIBLE = [
    *[*range(0x20), 0x7F, 0xAD, 0x180E, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F)],
    *[*range(0x2060, 0x2070), 0xFEFF, *range(0xFFF9, 0xFFFD), 0xFFFE, 0xFFFF],
    *range(0xE000, 0xF900),  # private use: the glyphs of icon fonts
]
_CONTROLS = {
    code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)
}  # C1: Windows-1252 that was read as Latin-1
_REPLACED = (
    dict.fromkeys(_INVISIBLE, "")
    | {ord(char): " " for char in _SPACES}
    | {ord(char): "\n" for char in _LINE_ENDS}
    | _CONTROLS
)
del _REPLACED[0x0A]
_MAY_COMPOSE = (0x300, 0x3400), (0xA000, 0xAC00), (0xF900, 0xFFFE)  # all other letters are ready-made
_JOINERS = re.compile("[\u200c\u200d]+")
_JOINED = re.compile("[^\0-\u058f\u2000-\u200b\u200e-\u2bff\u3000-\ud7ff]")  # what a joiner may follow
_TAILS = "".join(sorted({chr(code) for code in range(0x80, 0xC0)} | set("".join(_CONTROLS.values()))))
# Characters of a text that is repaired: ftfy takes some 5 µs for each, and no article is as long.
_LONGEST_GARBLED = 100_000
_MOJIBAKE = re.compile(
    f"[\u00c2-\u00df][{_TAILS}]|[\u00e0-\u00ef][{_TAILS}]{{2}}|[\u00f0-\u00f4][{_TAILS}]{{3}}"
)


def _class_table() -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    table = np.zeros(0x10000, np.uint8)
    for lead, start, stop in ((_LEAD2, 0xC2, 0xE0), (_LEAD3, 0xE0, 0xF0), (_LEAD4, 0xF0, 0xF5)):
        table[start:stop] = lead
    table[[ord(char) for char in _TAILS]] = _TAIL
    for code in _REPLACED:
        table[code] = _TAIL_CHANGE if table[code] == _TAIL else _CHANGE
    table[[0x200C, 0x200D]] = _JOINER
    for first, stop in _MAY_COMPOSE:
        for code in range(first, stop):
            if table[code] == 0 and _composing(chr(code)):
                table[code] = _COMPOSING
    table[0x1100:0x1200] = table[0xD800:0xE000] = _COMPOSING  # Hangul in parts; beyond the first plane
    return table


def _composing(char: str) -> bool:
    """Whether NFC may change ``char`` or join it to another."""
    return unicodedata.category(char)[0] == "M" or not unicodedata.is_normalized("NFC", char)


_CLASSES = _class_table()


def normalise(text: str) -> str:
    """``text`` in its one spelling.

    - Unicode NFC; nothing is folded away (``ﬁ``, ``²`` and curly quotes stay as written).
    - Line ends (CR LF, CR, vertical tab, form feed, NEL, U+2028, U+2029) become ``\\n``; tabs, the no-break
      space and all other spaces become the plain space, one for one.
    - Removed: control characters, zero-width space, soft hyphen, byte order mark, direction marks and private
      use characters (icon fonts). The joiners U+200C and U+200D stay after a letter of a script that
      needs them and within emoji.
    - C1 controls are read as the Windows-1252 characters that they stood for.
    - Mojibake (``â€™`` for ``’``) is repaired line by line, and only in lines that show its signs
      (in texts of up to 100,000 characters).
    - Lone surrogates become U+FFFD.

    Idempotent, linear in time; about 10 µs (ASCII) to 30 µs for 4 KB that need no change.
    """
    for _ in range(8):  # a repair may uncover the next: text garbled twice
        text, settled = _pass(text)
        if settled:
            break
    return text


def _pass(text: str) -> tuple[str, bool]:
    """``text`` after one round, and whether another could change nothing."""
    try:
        units = np.frombuffer(text.encode("utf-16-le"), np.uint16)
    except UnicodeEncodeError:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        units = np.frombuffer(text.encode("utf-16-le"), np.uint16)
    flags = _CLASSES.take(units)
    classes = flags.tobytes()
    leads = b"\2" in classes or b"\3" in classes or b"\4" in classes
    if leads and len(text) <= _LONGEST_GARBLED:
        signs = classes.replace(b"\6", b"\1")
        if b"\2\1" in signs or b"\3\1\1" in signs or b"\4\1\1\1" in signs:
            repaired = "\n".join(map(_repaired, text.split("\n")))
            if repaired != text:
                return repaired, False
    changed = b"\5" in classes or b"\6" in classes
    if changed:
        odd = set(units.take(np.flatnonzero(flags >= _CHANGE)).tolist())
        text = text.replace("\r\n", "\n")
        if 0x85 in odd and not odd.intersection(_CONTROLS.keys() - {0x85}):
            text = text.replace("\x85", "\n")  # alone, it is the NEL that Unicode calls a line end
        for code in sorted(odd & _REPLACED.keys()):
            text = text.replace(chr(code), _REPLACED[code])
    if b"\7" in classes:
        text = _JOINERS.sub(_joiners, text)
    composed = unicodedata.normalize("NFC", text) if b"\10" in classes else text
    return composed, composed == text and not (leads and (changed or b"\7" in classes))


def _joiners(found: re.Match[str]) -> str:
    return found[0] if _JOINED.match(found.string, found.start() - 1) and found.start() else ""


def _repaired(line: str) -> str:
    return ftfy.fix_encoding(line) if _MOJIBAKE.search(line) else line
