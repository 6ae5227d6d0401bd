"""Keeps a page below what makes the parser slow, huge or crash.

Lexbor is linear in almost everything. These are the exceptions that were found by trying 170 constructs 10,000 to
100,000 times over, with what a hostile page could do by them; of 1,073 real pages one is changed.
"""

from __future__ import annotations

import re
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

# Tags of a page, beyond which it is cut: 50,000 distinct tag names, or texts and comments by turns in a table, take
# a second. The largest real page has 19,400.
_MOST_TAGS: Final = 50_000
# Open elements at which a page is cut, where it has so many tags that depth can matter: each block's start looks
# through all that are open (20,000 nested <div> take 1.5 s), and the tree is written out by recursion.
_DEEPEST, _MANY_TAGS = 1_000, 10_000
# Unclosed formatting elements are made anew in each later paragraph: 4,000 <b> with differing attributes became
# 8 million elements and 5 GB. Distinct start tags times all tags; few real pages have more, and lose bold and italics.
_MOST_FORMATS: Final = 150_000
# Comments by turns with texts in a table are moved out of it one by one, at 350 bytes each.
_MOST_COMMENTS: Final = 5_000
# Attributes are compared with each other within a tag, and all names of a page share one small table.
_LONG_TAG, _MOST_ATTRIBUTES = 4_000, 500
_MOST_NAMES: Final = 20_000

_FORMATTING_NAMES: Final = (
    "b",
    "i",
    "em",
    "strong",
    "font",
    "code",
    "big",
    "small",
    "s",
    "strike",
    "tt",
    "u",
)
_FORMATTING: Final = rf"(?:{'|'.join(_FORMATTING_NAMES)})".encode()
_FORMAT: Final = re.compile(rb"<%s(?:[\s/][^>]*)?>" % _FORMATTING, re.IGNORECASE)
_FORMATS: Final = re.compile(rb"</?%s(?=[\s/>])[^>]*>" % _FORMATTING, re.IGNORECASE)
_QUOTED: Final = re.compile(rb"\"[^\"]*\"|'[^']*'")
_NAME: Final = re.compile(rb"[\s\"'/]([^\s\"'<>/=]{1,100})\s*=")
_ATTRIBUTES: Final = re.compile(rb"(<[a-z][^\s/<>]*)[^<>]*", re.IGNORECASE)
_TAG: Final = re.compile(rb"<(/?)([a-z][^\s/>]*)", re.IGNORECASE)
_CHILDLESS: Final = frozenset((
    *(b"area", b"base", b"br", b"col", b"embed", b"hr", b"img", b"input", b"link", b"meta", b"param", b"source"),
    *(b"track", b"wbr"),
    *(b"script", b"style", b"title", b"textarea", b"p", b"tr"),  # whose contents are no elements; that close themselves
))  # fmt: skip
# An end tag reaches through these to the element that it closes.
_THROUGH: Final = frozenset((
    *(name.encode() for name in _FORMATTING_NAMES),
    *(b"span", b"a", b"nobr", b"label", b"li", b"dd", b"dt", b"option", b"optgroup", b"rt", b"rp", b"rtc"),
    *(b"td", b"th", b"tbody", b"thead", b"tfoot"),
))  # fmt: skip
_REACH: Final = 12  # elements that an end tag is looked for in

Bytes = NDArray[np.uint8]
Places = NDArray[np.intp]


def _table() -> NDArray[np.bool_]:
    """Of the two bytes after a ``<``, whether a formatting element may begin with them."""
    table = np.zeros(1 << 16, np.bool_)
    for name in _FORMATTING_NAMES:
        second = (name[1], name[1].upper()) if len(name) > 1 else tuple(" >/\t\n\r\f")
        for one, two in product((name[0], name[0].upper()), second):
            table[ord(one) << 8 | ord(two)] = True
    return table


_FORMAT_BEGINS: Final = _table()


def guarded(html: bytes) -> bytes:
    """Give the page (UTF-8) in a form that is parsed in linear time and memory; a page as written by people is
    unchanged."""
    characters, tags = _opened(html)
    if len(tags) > _MOST_COMMENTS and html.count(b"<!--") > _MOST_COMMENTS:
        first, *others = html.split(b"<!--")
        html = first + b"".join([other.partition(b"-->")[2] for other in others])
        characters, tags = _opened(html)
    if len(tags) >= _MOST_TAGS:
        html = html[: tags[_MOST_TAGS - 1]]
        characters, tags = _opened(html)
    if any(_is_crowded(html[start:stop]) for start, stop in _long(tags, len(html))):
        html = b"<".join([_bare(piece) for piece in html.split(b"<")])
        characters, tags = _opened(html)
    many = np.count_nonzero(characters == ord("=")) > _MOST_NAMES
    if many and len(set(_NAME.findall(html))) > _MOST_NAMES:
        html = _ATTRIBUTES.sub(rb"\1", html)
        characters, tags = _opened(html)
    if len(tags) * _formats(html, characters, tags) > _MOST_FORMATS:
        html = _FORMATS.sub(b"", html)
        tags = _opened(html)[1]
    if len(tags) >= _MANY_TAGS:
        html = _shallow(html)
    return html


def _opened(html: bytes) -> tuple[Bytes, Places]:
    """The page's bytes, and the places of all ``<``."""
    characters = np.frombuffer(html, np.uint8)
    return characters, np.flatnonzero(characters == ord("<"))


def _long(tags: Places, size: int) -> list[tuple[int, int]]:
    """From which byte to which there is a long tag, or a long text behind one."""
    ends = np.append(tags[1:], size)
    some = np.flatnonzero(ends - tags > _LONG_TAG)
    return list(zip((tags[some] + 1).tolist(), ends[some].tolist(), strict=True))


def _is_crowded(piece: bytes) -> bool:
    """Whether a tag, and what follows it, has more attributes than any is given."""
    return (
        len(piece) > _LONG_TAG
        and piece[:1].isalpha()
        and len(_QUOTED.sub(b"", piece.partition(b">")[0]).split()) > _MOST_ATTRIBUTES
    )


def _bare(piece: bytes) -> bytes:
    """A crowded tag by its name alone, and what follows it."""
    return b"%s>%s" % (piece.split(None, 1)[0], piece.partition(b">")[2]) if _is_crowded(piece) else piece


def _formats(html: bytes, characters: Bytes, tags: Places) -> int:
    """How many distinct start tags of formatting elements there are, or more if that is few enough."""
    if not len(tags):
        return 0
    two = [characters.take(tags + ahead, mode="clip").astype(np.intp) for ahead in (1, 2)]
    begun = tags[_FORMAT_BEGINS.take(two[0] << 8 | two[1])]
    if len(tags) * len(begun) <= _MOST_FORMATS:
        return len(begun)
    return len({match[0] for start in begun.tolist() if (match := _FORMAT.match(html, start))})


def _shallow(html: bytes) -> bytes:
    """The page up to where its elements nest deeper than any that a person wrote."""
    around: list[bytes] = []
    for match in _TAG.finditer(html):
        name = match[2].lower()
        if name in _CHILDLESS:
            continue
        if not match[1]:
            around.append(name)
            if len(around) > _DEEPEST:
                return html[: match.start()]
            continue
        for index in range(len(around) - 1, max(-1, len(around) - _REACH), -1):
            if around[index] == name:
                del around[index:]
                break
            if around[index] not in _THROUGH:
                break
    return html
