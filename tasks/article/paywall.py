"""Whether only a part of an article is free to read, and where on its page that part ends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from tasks.article import html_text
from tasks.article.html_linked import ARTICLES, types
from tasks.article.model import Body, Candidate, Found
from tasks.article.page import Page
from tasks.article.page_kind_shape import own
from tasks.article.page_kind_words import fold, says, weight, words

_SENTENCES: Final = words("gate", "sentences")
_LABELS: Final = frozenset(words("gate", "labels"))
_NAMES: Final = words("gate", "names")
_WORDS: Final = words("gate", "words")
_PATTERNS: Final = re.compile("|".join(words("gate", "patterns")))
_PAGES: Final = frozenset(("webpage", "webcontent", "creativework", "videoobject", "podcastepisode"))

_STATED: Final = frozenset(("isaccessibleforfree", "isaccesibleforfree", "isaccessibleforfee"))
_TRUE: Final = frozenset(("true", "1", "yes", "y"))
_FALSE: Final = frozenset(("false", "0", "no", "n"))
# Names of meta tags, after whatever prefix, and what their values mean.
_META_PAID: Final = re.compile(
    r"(?:^|[:._-])(?:is[_-]?)?(?:premium|paywalled|paid|paid[_-]?content|locked|subscriber[_-]?only)$"
)
_META_FREE: Final = re.compile(
    r"(?:^|[:._-])(?:isaccessibleforfree|(?:pmc-)?is[_-]?free|free[_-]?access|accessible[_-]?for[_-]?free)$"
)
_META_TIER: Final = re.compile(
    r"(?:^|[:._-])(?:content[_-]?tier|access[_-]?(?:status|level|type)|article_access_status|paywall)$"
)
_META_HINTS: Final = ("free", "premium", "paid", "paywall", "locked", "subscriber", "tier", "access")
_TIERS: Final[Mapping[str, bool]] = {
    "free": True, "open": True, "public": True, "unlocked": True, "none": True, "false": True, "no": True,
    "locked": False, "paid": False, "premium": False, "subscriber": False, "subscribers": False, "subscription": False,
    "paywall": False, "closed": False, "true": False, "yes": False, "hard": False,
}  # fmt: skip

_BEFORE: Final = 8  # blocks above the text that may hold a label
_AFTER: Final = 12  # blocks below the text that may hold the gate
_MANY: Final = 300  # blocks that are looked at where there is no text
_LONGEST: Final = 400  # characters of a block that asks for a subscription
_NEAR: Final = 3  # blocks from such a sentence to what it asks for
_REST: Final = 0.15  # part of the text that may stand below its gate, such as a note on the author
_LAST: Final = 6  # blocks at the end of a text among which its gate may be
_LEAST_REST: Final = 250  # the weight that what an offer says of itself may have, and no text has behind it
_LARGEST: Final = 12  # blocks of a gate
_ABOVE: Final = 6  # elements around a block in whose names a gate is looked for


def is_paywalled(page: Page, body: Body, asked: Sequence[int]) -> Found[bool]:
    """Whether only a part of the article was free to read: as the page states it, else as it shows it.

    ``asked``: its ``gates``.

    Signals, in order of trust: "json-ld" (isAccessibleForFree of the article, then of its parts), "meta"
    (article:content_tier and the like), "gate" (a request to subscribe where the text ends), "label" ("subscribers
    only" above the text). Reasons for None: "not_stated"; "metered", where so many articles are free and nothing
    says whether this one is; "ambiguous", where the page contradicts itself.
    """
    found = [*_in_linked_data(page), *_in_metas(page), *_shown(page, body, asked)]
    best = next((signal for value, signal in found if isinstance(value, bool)), None)
    values = {value for value, signal in found if signal == best and isinstance(value, bool)}
    if len(values) == 1:
        chosen = values.pop()
        candidates = tuple(
            Candidate(value, signal, None if signal == best else "weaker_signal") for value, signal in found
        )
        return Found(chosen, best, None, candidates)
    reason = "ambiguous" if values else "metered" if found else "not_stated"
    return Found(None, None, reason, tuple(Candidate(value, signal, reason) for value, signal in found))


def gates(page: Page, body: Body) -> tuple[int, ...]:
    """The blocks that ask for a subscription, a registration or a login where the text ends, in order.

    They are none of the text, should they be in ``body.kept``.
    """
    text = own(page, body)
    zone = _end(page, text)
    said = {i: fold(page.blocks[i].text) for i in zone if len(page.blocks[i].text) <= _LONGEST}
    whole = "\n".join(said.values())
    sentences = [sentence for sentence in _SENTENCES if sentence in whole]
    named = _named(page, said)
    asking = [i for i in said if _asks(i, said, sentences, i in named) and not _is_hidden(page, i)]
    if not asking:
        return ()
    sizes = {index: weight(page.blocks[index].text) for index in text}
    rest = max(_LEAST_REST, _REST * sum(sizes.values()))
    others = {index: size for index, size in sizes.items() if index not in asking}
    return tuple(i for i in asking if sum(size for other, size in others.items() if other > i) <= rest)


def free(page: Page, body: Body, asked: Sequence[int]) -> Body:
    """The body without those of its blocks that ask for a subscription (``asked``)."""
    dropped = dict.fromkeys(set(asked).intersection(body.kept), "promotion")
    return html_text.without(page, body, dropped) if dropped and not body.is_stated else body


def _end(page: Page, text: Sequence[int]) -> range:
    """The last blocks of a text, and those below it; the first ones of a page without text."""
    if not text:
        return range(min(_MANY, len(page.blocks)))
    return range(text[-min(_LAST, len(text))], min(text[-1] + _AFTER + 1, len(page.blocks)))


def _in_linked_data(page: Page) -> Iterator[tuple[bool | str, str]]:
    for wanted in (ARTICLES, _PAGES):
        whole, parts = set[bool](), set[bool]()
        for item in page.linked:
            if not types(item).isdisjoint(wanted):
                whole |= set(_free(item))
                stated = item.get("hasPart")
                for part in stated if isinstance(stated, list) else [stated]:
                    parts |= set(_free(part) if isinstance(part, Mapping) else ())
        # A part that must be paid for, in a whole that is free: one of the two was never meant for this article.
        free = whole | ({False} if False in parts else whole or parts)
        if free:
            yield from ((not value, "json-ld") for value in sorted(free))
            return


def _free(item: Mapping[str, Any]) -> Iterator[bool]:
    """What an object says of itself, in whatever form."""
    for name, stated in item.items():
        if name.lower().replace("_", "") in _STATED:
            first = stated[0] if isinstance(stated, list) and stated else stated
            value = first.get("@value") if isinstance(first, Mapping) else first
            written = str(value).strip().lower().rpartition("/")[2]
            if written in _TRUE or written in _FALSE:
                yield written in _TRUE


def _in_metas(page: Page) -> Iterator[tuple[bool | str, str]]:
    for name, contents in page.metas.items():
        if not says(name, _META_HINTS):
            continue
        written = contents[0].strip().lower().rpartition("/")[2]
        if _META_TIER.search(name):
            if written in _TIERS:
                yield not _TIERS[written], "meta"
            elif written == "metered":
                yield "metered", "meta"
        elif written in _TRUE or written in _FALSE:
            if _META_PAID.search(name):
                yield written in _TRUE, "meta"
            elif _META_FREE.search(name):
                yield written in _FALSE, "meta"


def _shown(page: Page, body: Body, asked: Sequence[int]) -> Iterator[tuple[bool | str, str]]:
    if asked:
        yield True, "gate"
    elif any(_is_label(page, index) for index in _above(page, body)):
        yield True, "label"


def _above(page: Page, body: Body) -> range:
    """The blocks from the article's heading to its first paragraph."""
    blocks, elements = page.blocks, page.elements
    first = next((i for i in body.kept if elements[blocks[i].element].tag == "p"), 0)
    for index in range(first - 1, max(-1, first - _BEFORE - 1), -1):
        if elements[blocks[index].element].tag == "h1":
            return range(index + 1, first)
    return range(0)


def _is_label(page: Page, index: int) -> bool:
    block = page.blocks[index]
    return fold(block.text).strip(" .:!") in _LABELS and not block.linked and not _is_hidden(page, index)


def _asks(index: int, said: Mapping[int, str], sentences: Sequence[str], named: bool) -> bool:
    """Whether a block asks for something by which one may read on."""
    text = said[index]
    if (named and says(f" {text} ", _WORDS)) or _PATTERNS.search(text):
        return True
    if not says(text, sentences):
        return False
    near = (said.get(other, "") for other in range(index - 1, index + _NEAR + 1))
    return any(says(f" {text} ", _WORDS) for text in near)


def _named(page: Page, blocks: Iterable[int]) -> set[int]:
    """Those of the blocks that are in an element named as a gate is."""
    around = {index: _around(page, index) for index in blocks}
    elements = {element for some in around.values() for element in some}
    whole = " ".join([page.elements[element].written for element in elements]).lower()
    names = [name for name in _NAMES if name in whole]
    if not names:
        return set()
    gate = {
        element
        for element in elements
        if says(page.elements[element].names.lower(), names) and _holds_little(page, element)
    }
    return {index for index, some in around.items() if not gate.isdisjoint(some)}


def _holds_little(page: Page, index: int) -> bool:
    """Whether an element may be a gate, and not the whole text under one."""
    element = page.elements[index]
    return len(page.blocks_of(element.start, element.stop)) <= _LARGEST


def _is_hidden(page: Page, index: int) -> bool:
    element = page.blocks[index].element
    return any(_hides(page.elements[around].attributes) for around in (element, *page.ancestors(element)))


def _hides(attributes: Mapping[str, str]) -> bool:
    style = attributes.get("style", "").lower().replace(" ", "")
    classes = attributes.get("class", "").lower().split()
    return (
        "hidden" in attributes
        or "display:none" in style
        or "visibility:hidden" in style
        or attributes.get("aria-hidden") == "true"
        or not {"hidden", "d-none", "is-hidden", "visually-hidden"}.isdisjoint(classes)
    )


def _around(page: Page, index: int) -> list[int]:
    """The elements around a block, from the one that holds it."""
    element = page.blocks[index].element
    return [element, *islice(page.ancestors(element), _ABOVE)]
