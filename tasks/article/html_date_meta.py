"""The dates in a page's meta tags, by what their names say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tasks.article.date_header import Kind

# Names without case and punctuation, from "article:published_time" to "DC.date.issued", the most trustworthy first.
_NAMES: Final[tuple[tuple[re.Pattern[str], Kind], ...]] = (
    (re.compile(r"(?:article|og)publish(?:ed)?(?:time|date|at)\Z|sailthrudate\Z"), "published"),
    (
        re.compile(
            r"(?:publish(?:ed)?(?:on|at|time|date|datetime|timestamp)?|pub(?:lication)?(?:_?date|time|datetime)"
            r"|date(?:of)?pub(?:lished|lication)?|dateissued|issued|releasedate|datereleased|firstcreate|postdate"
            r"|onlinedate|articledate(?:original)?|firstpublish(?:ed)?(?:date|time)?|dateavailable|dcdatecreated)\Z"
        ),
        "published",
    ),
    (re.compile(r"(?:\A|dc|dcterms|citation|eprints|search|cludo|article|content)(?:date|datum)\Z"), "published"),
    (
        re.compile(r"(?:date(?:time)?created|created(?:at|on|date|time)?|creationdate|uploaddate|createdate)\Z"),
        "published",
    ),
    (re.compile(r"(?:article|og)?(?:modified|updated?)(?:time|date|at|on)?\Z|\A(?:og)?updatedtime\Z"), "modified"),
    (
        re.compile(
            r"(?:date(?:last)?(?:modified|updated)|last(?:mod(?:ified)?|updated?)(?:date|time|at)?|revised|revision"
            r"(?:_?date)?|updatedate|changed)\Z"
        ),
        "modified",
    ),
)  # fmt: skip
_MOST: Final = 40  # tags that are read
_WEAK: Final = frozenset((2, 3))  # of these names
_OTHERS: Final = re.compile(r"expir|event|copyright|build|version|birth|render|valid|accessed|cookie|offline")
_HINT: Final = re.compile(r"dat[eu]|time|publi|pubd|modif|updat|creat|issued|revis|chang|lastm")
_PUNCTUATION: Final = re.compile(r"[^a-z]")


def stated(metas: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Kind, str, bool]]:
    """Give (value, kind, name, weak) of each meta tag that dates the page, the most trustworthy names first;
    ``weak``: the name does not say which of the page's dates it is."""
    ranked: list[tuple[int, str]] = []
    for name in metas:
        if _HINT.search(name) and not _OTHERS.search(name):
            bare = _PUNCTUATION.sub("", name)
            rank = next((i for i, (pattern, _) in enumerate(_NAMES) if pattern.search(bare)), None)
            if rank is not None:
                ranked.append((rank, name))
    for rank, name in sorted(ranked, key=lambda pair: pair[0])[:_MOST]:
        yield metas[name][0], _NAMES[rank][1], name, rank in _WEAK
