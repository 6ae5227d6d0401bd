"""What the blocks of a page look like, for all of them at once: their text, their elements, and their place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.article import line_features
from tasks.article.block_names import Vocabulary, terms
from tasks.article.page import HEADINGS, Page

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]

LEVELS: Final = 4  # a block's element and those around it, as far as they are told apart
_TEXT: Final = line_features.WIDTH
_PER_LEVEL: Final = 6
_OWN: Final = 30
WIDTH: Final = _TEXT + LEVELS * _PER_LEVEL + _OWN
_ENOUGH: Final = 15  # characters of a title by which its block is found
_BEGINNING: Final = 40  # characters by which a block is found elsewhere
_STATED: Final = 200  # characters of a body that is worth comparing


@dataclass(frozen=True, slots=True)
class Tree:
    """The elements that hold blocks, in document order: ``parent``: each one's place among them (the first is its
    own); ``start``, ``stop``: the range of blocks within it; ``terms``, ``at``: rows of the vocabulary and where
    each element's begin; ``depth``; ``of``: for each block its element and those around it, a row a level."""

    parent: Ints
    start: Ints
    stop: Ints
    terms: Ints
    at: Ints
    depth: Ints
    of: Ints

    def above(self, values: Floats) -> Floats:
        """For each element the sum of ``values`` (a row an element) over itself and all around it."""
        count = len(values)
        total = np.zeros((count + 1, *values.shape[1:]), values.dtype)
        total[:count] = values
        jump = np.full(count + 1, count)  # beyond the root there is nothing
        jump[1:count] = self.parent[1:]
        for _ in range(int(self.depth.max(initial=0) + 1).bit_length()):
            total += total.take(jump, axis=0)
            jump = jump.take(jump)
        return total[:-1]

    def nearest(self, marked: NDArray[np.bool_]) -> Ints:
        """For each element the nearest marked one among itself and those around it, else the root."""
        found = np.where(marked, np.arange(len(marked)), self.parent)
        for _ in range(int(self.depth.max(initial=0) + 1).bit_length()):
            found = found.take(found)
        return found

    def within(self, values: Floats) -> Floats:
        """For each element the sum of ``values`` (one a block) over the blocks in it."""
        total = np.zeros(len(values) + 1, np.float32)
        np.cumsum(values, out=total[1:])
        return total.take(self.stop) - total.take(self.start)


@dataclass(frozen=True, slots=True)
class Features:
    """``table``: a row a feature, a column a block; ``tree``; ``words``: words a block (an ideograph counts half);
    ``linked``: the share of its characters that are in links;
    ``alike``: for each block the number of its kind, blocks of one kind having equal elements around them;
    ``heading``: the block that is the page's title, else -1."""

    table: Floats
    tree: Tree
    words: Floats
    linked: Floats
    alike: Ints
    heading: int


def features(page: Page, vocabulary: Vocabulary) -> Features:
    """Features of a page's blocks, of which there must be at least one."""
    blocks = page.blocks
    count = len(blocks)
    tree, forms = _tree(page, vocabulary)
    text = line_features.features([block.text.replace("\n", " ") for block in blocks])
    words = text.words
    table = np.zeros((WIDTH, count), np.float32)
    table[:_TEXT] = text.table
    length = np.fromiter([len(block.text) for block in blocks], np.float32, count)
    linked = np.fromiter([block.linked for block in blocks], np.float32, count) / length
    sentence = table[line_features.SENTENCE]
    whole = words.sum() + 1
    inside = np.stack(
        [tree.within(v) for v in (words, words * linked, words * sentence, np.ones_like(words))]
    )
    own = tree.of[0]
    place = np.arange(count, dtype=np.float32)
    at = inside.take(tree.of, axis=1)  # by quantity, level and block
    levels = table[_TEXT : _TEXT + LEVELS * _PER_LEVEL].reshape(_PER_LEVEL, LEVELS, count)
    np.log1p(at[0], out=levels[0])
    np.divide(at[0], whole, out=levels[1])
    np.divide(at[1:3], at[0] + 1, out=levels[2:4])
    np.log1p(at[3], out=levels[4])
    np.divide(place - tree.start.take(tree.of), at[3], out=levels[5])
    rows = iter(table[_TEXT + LEVELS * _PER_LEVEL :])
    # Blocks whose elements, and whose parents, too, look the same.
    alike = _numbered(forms[own] * (int(forms.max()) + 1) + forms[tree.of[1]])
    for of in (alike, _numbered(forms[own])):
        _look(of, words, linked, sentence, rows)
    next(rows)[:] = linked
    next(rows)[:] = linked > 0.9
    next(rows)[:] = linked > 0
    next(rows)[:] = [block.text.count("\n") for block in blocks]
    next(rows)[:] = place / count
    next(rows)[:] = np.log1p(place)
    next(rows)[:] = np.log1p(count - place)
    next(rows)[:] = np.cumsum(words) / whole
    depth = tree.depth[own]
    next(rows)[:] = depth / 10
    next(rows)[:] = (depth - int(np.bincount(depth, words).argmax())) / 5
    next(rows)[:] = _stated(page)
    next(rows)[:] = _described(page)
    heading = _heading(page)
    if heading >= 0:
        next(rows)[:] = 1
        next(rows)[:] = place > heading
        next(rows)[:] = np.log1p(np.maximum(place - heading, 0))
        next(rows)[:] = np.log1p(np.maximum(heading - place, 0))
        next(rows)[:] = place == heading
        meet = tree.nearest((tree.start <= heading) & (heading < tree.stop))[own]
        next(rows)[:] = inside[0][meet] / whole
        next(rows)[:] = np.log1p(depth - tree.depth[meet])
        next(rows)[:] = np.log1p(np.maximum(depth[heading] - tree.depth[meet], 0))
    return Features(table, tree, words, linked, alike, heading)


def _look(of: Ints, words: Floats, linked: Floats, sentence: Floats, rows: Iterator[Floats]) -> None:
    """Fills rows on the blocks of each look: how many, how long, how much in links and in sentences."""
    number, weight = np.bincount(of), np.bincount(of, words)
    next(rows)[:] = np.log1p(number)[of]
    next(rows)[:] = (weight / (words.sum() + 1))[of]
    next(rows)[:] = np.log1p(weight / number)[of]
    next(rows)[:] = (np.bincount(of, words * linked) / (weight + 1))[of]
    next(rows)[:] = (np.bincount(of, words * sentence) / (weight + 1))[of]


def _numbered(values: Ints) -> Ints:
    """Equal values by equal numbers, from 0."""
    found: Ints = np.unique(values, return_inverse=True)[1]
    return found


def stated_body(page: Page) -> str:
    """The longest body that the page's JSON-LD states, as written; "" for none."""
    bodies = [body for item in page.linked if isinstance(body := item.get("articleBody"), str)]
    return max(bodies, key=len, default="")


def _stated(page: Page) -> list[int]:
    """For each block whether the body that the page's JSON-LD states has its beginning: 1 or -1, 0 where none is."""
    stated = "".join(stated_body(page).split())
    if len(stated) < _STATED:
        return [0] * len(page.blocks)
    return [1 if "".join(block.text[:_BEGINNING].split()) in stated else -1 for block in page.blocks]


def _described(page: Page) -> list[bool]:
    """For each block whether its beginning is in the page's description."""
    said = " \n ".join([*page.metas.get("og:description", ()), *page.metas.get("description", ())])
    if not said:
        return [False] * len(page.blocks)
    said = " ".join(said.split())
    return [len(block.text) >= _BEGINNING and block.text[:_BEGINNING] in said for block in page.blocks]


def _heading(page: Page) -> int:
    """The block that says what the page's title says, else the first within an h1, else -1."""
    titles = [*page.metas.get("og:title", ()), *page.metas.get("twitter:title", ()), page.title or ""]
    known = " \n ".join(" ".join(title.split()) for title in titles)
    first = -1
    for number, block in enumerate(page.blocks):
        tag = page.elements[block.element].tag
        if tag in HEADINGS and len(block.text) >= _ENOUGH and block.text in known:
            return number
        if tag == "h1" and first < 0:
            first = number
    return first


def _tree(page: Page, vocabulary: Vocabulary) -> tuple[Tree, Ints]:
    elements = page.elements
    seen: set[int] = set()
    for block in page.blocks:
        index = block.element
        while index >= 0 and index not in seen:
            seen.add(index)
            index = elements[index].parent
    nodes = sorted(seen)
    place = {index: number for number, index in enumerate(nodes)}
    held = [elements[index] for index in nodes]
    known: dict[tuple[str, str], int] = {}
    kinds = [known.setdefault((element.tag, element.written), len(known)) for element in held]
    said = [(tag, *terms(written)) for tag, written in known]
    named = [vocabulary.rows(tag, said) for tag, *said in said]
    rows = list(chain.from_iterable([named[kind] for kind in kinds]))
    sizes = [len(named[kind]) for kind in kinds]
    forms: dict[tuple[str, ...], int] = {}
    alike = np.array([forms.setdefault(names, len(forms)) for names in said])
    parent = [place.get(element.parent, 0) for element in held]
    start, stop = [element.start for element in held], [element.stop for element in held]
    begins = np.array([block.start for block in page.blocks])
    above = np.array(parent)
    at = np.zeros(len(nodes), np.intp)
    np.cumsum(sizes[:-1], out=at[1:])
    of = np.empty((LEVELS, len(page.blocks)), np.intp)
    of[0] = [place[block.element] for block in page.blocks]
    for level in range(1, LEVELS):
        of[level] = above[of[level - 1]]
    first, last = begins.searchsorted(start), begins.searchsorted(stop)
    tree = Tree(above, first, last, np.array(rows, np.intp), at, _depths(above), of)
    return tree, alike.take(kinds)


def _depths(parent: Ints) -> Ints:
    """How many elements are around each one."""
    depth = np.ones(len(parent), np.intp)
    depth[0] = 0
    jump = parent
    while jump.any():
        depth += depth.take(jump)
        jump = jump.take(jump)
    return depth
