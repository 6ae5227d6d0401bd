"""How a page is laid out: a text that goes on, or headlines that lead elsewhere."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from tasks.article.model import Body
from tasks.article.page import HEADINGS, Block, Page
from tasks.article.page_kind_words import weight

_HREF: Final = re.compile(r' href="([^"]*)"')
_HEADLINE: Final = 20  # the least weight of a link that is a headline
_PROSE: Final = 60  # the least weight of a block that is prose
_MORE: Final = 4  # times that the same link follows a summary: "read more"
_LONGEST_MORE: Final = 40
_LINKED: Final = 0.8  # part of a block's text that is links: a link itself
_FIRST: Final = 20  # pieces of a block, and elements around each, among which its link is looked for
_UNLINKED: Final = 0.4  # part of it that prose may have


@dataclass(frozen=True, slots=True)
class Shape:
    """Weights are lengths in characters, those of scripts that write no spaces counting for more.

    ``cards``: headlines that lead elsewhere, as far as they are headings or stand above a summary of their own;
    ``links``: all headlines that lead elsewhere; ``prose``: weight of all prose; ``run``: of its longest stretch
    that no such headline interrupts; ``under``: of the prose that has a heading right above it that is a link.
    """

    cards: int = 0
    links: int = 0
    prose: float = 0
    run: float = 0
    under: float = 0


def shape(page: Page, address: str | None = None) -> Shape:
    """The shape of a page; ``address``: its own, to which a headline may lead as well."""
    own = _path(address)
    more = _repeated(page)
    cards = links = 0
    prose = run = longest = under = 0.0
    above: str | None = None  # what interrupted the text last: "heading", "line", or None
    for block in page.blocks:
        heading = page.elements[block.element].tag in HEADINGS
        size = weight(block.text)
        if _is_card(block):
            cards, links = cards + 1, links + 1
            run, above = 0, None
        elif block.linked >= _LINKED * len(block.text):
            if size >= _HEADLINE and not _leads_to(page, block, own):
                links += 1
                cards += heading
                run, above = 0, "heading" if heading else "line"
            elif block.text in more:
                cards += above is None and run > 0
                run, above = 0, None
        elif heading:
            above = None
        elif is_prose(block):
            cards += above == "line" and run == 0
            under += size if above == "heading" else 0
            prose += size
            run += size
            longest = max(longest, run)
    return Shape(cards, links, prose, longest, under)


def own(page: Page, body: Body) -> tuple[int, ...]:
    """The blocks of a text that are its own, and no summaries of others: those that stand under a heading that is a
    link, such as the articles named below it. A link in the text's own title, above its first paragraph, is no such."""
    found, kept, begun, other = list[int](), set(body.kept), False, False
    for index in range(body.start or 0, body.stop or 0):
        block = page.blocks[index]
        if page.elements[block.element].tag in HEADINGS:
            other = begun and 2 * block.linked > len(block.text)
        elif index in kept:
            begun = True
        if index in kept and not other:
            found.append(index)
    return tuple(found)


def is_prose(block: Block) -> bool:
    """Whether the block is a paragraph, whatever it is about."""
    return weight(block.text) >= _PROSE and block.linked <= _UNLINKED * len(block.text)


def _is_card(block: Block) -> bool:
    """Whether the block is a headline that leads elsewhere and, in a new line, its summary."""
    first, _, rest = block.text.partition("\n")
    return bool(rest) and len(first) >= _HEADLINE and abs(block.linked - len(first)) <= 2


def _repeated(page: Page) -> set[str]:
    """The texts of links that come again and again: each leads on from a summary."""
    short = Counter(
        block.text
        for block in page.blocks
        if block.linked == len(block.text) and len(block.text) <= _LONGEST_MORE
    )
    return {text for text, count in short.items() if count >= _MORE}


def _leads_to(page: Page, block: Block, own: str | None) -> bool:
    """Whether the block's link leads to the page itself, or to a place in it."""
    for piece in range(block.start, min(block.stop, block.start + _FIRST)):
        index = page.owner[piece]
        for _ in range(_FIRST):
            if index < 0 or page.elements[index].tag == "a":
                break
            index = page.elements[index].parent
        if index >= 0 and page.elements[index].tag == "a":
            href = _HREF.search(page.elements[index].written)
            return href is None or href[1].startswith("#") or (own is not None and _path(href[1]) == own)
    return False


def _path(address: str | None) -> str | None:
    """The path of an address without query; None where it has none."""
    whole = (address or "").partition("#")[0].partition("?")[0]
    _, found, rest = whole.partition("//")
    path = rest.partition("/")[2] if found else whole
    return path.strip("/") or None
