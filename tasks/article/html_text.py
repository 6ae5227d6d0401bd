"""The text of a page's blocks as a reader would copy it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from tasks.article.model import Body
from tasks.article.page import Page

_CELLS: Final = frozenset(("td", "th"))
_ENDS: Final = frozenset(("article", "section", "main", "body", "table", "ul", "ol"))
_LONG: Final = 200  # characters; a longer item or cell is a paragraph of its own
_REPEATED: Final = 40  # characters from which a paragraph that stood before is a copy for another screen


def text(page: Page, kept: Sequence[int], cut: Mapping[int, str] = {}) -> str:
    """Paragraphs separated by a blank line; the items of a list and the rows of a table stand on lines of their own,
    the cells of a row separated by " | ". ``cut``: see ``Body``."""
    paragraphs: list[str] = []
    before = row_before = -1
    for number in kept:
        said = cut.get(number, page.blocks[number].text)
        group, row = _group(page, number) if len(said) <= _LONG else (-1, -1)
        if group >= 0 and group == before:
            paragraphs[-1] += (" | " if row == row_before >= 0 else "\n") + said
        else:
            paragraphs.append(said)
        before, row_before = group, row
    return "\n\n".join(paragraphs)


def without(page: Page, body: Body, dropped: Mapping[int, str]) -> Body:
    """The body, whose text is that of its blocks, without some of them; ``dropped``: the code of each, why."""
    kept = tuple(index for index in body.kept if index not in dropped)
    why = tuple(dropped.get(index, code) for index, code in enumerate(body.why))
    return replace(body, text=text(page, kept, body.cut), kept=kept, why=why)


def without_copies(page: Page, kept: Sequence[int]) -> list[int]:
    """``kept`` without the paragraphs that stood before."""
    seen: set[str] = set()
    left = []
    for number in kept:
        said = page.blocks[number].text
        if said not in seen:
            left.append(number)
        if len(said) >= _REPEATED:
            seen.add(said)
    return left


def _group(page: Page, number: int) -> tuple[int, int]:
    """The list or table that a block is in, and the table's row; -1 for none."""
    elements = page.elements
    index = page.blocks[number].element
    while index >= 0:
        tag, parent = elements[index].tag, elements[index].parent
        if tag == "li":
            return parent, -1
        if tag in _CELLS:
            if _holds_more(page, index, number):
                break
            table = elements[parent].parent
            return (table if elements[table].tag == "table" else elements[table].parent), parent
        if tag in _ENDS:
            break
        index = parent
    return -1, -1


def _holds_more(page: Page, index: int, number: int) -> bool:
    """Whether a cell holds other blocks than this one: then it is a part of the page's layout, no datum."""
    cell, blocks = page.elements[index], page.blocks
    before = number > 0 and blocks[number - 1].start >= cell.start
    return before or (number + 1 < len(blocks) and blocks[number + 1].start < cell.stop)
