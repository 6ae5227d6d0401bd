"""Other pages that a labelled page might have been, for the training of the block classifier.

The labelled pages are long guides in English; news is short, in any language, and marked up by other hands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.article.page import Block, Page
from tasks.train_spelling import SCRIPTS, Speller

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Labelled:
    """A page, and the share of each block's words that is body."""

    page: Page
    labels: Floats


_RENAMED: Final = (
    "p",
    "h2",
    "h3",
    "h4",
    "li",
    "figcaption",
    "article",
    "main",
    "aside",
    "nav",
    "footer",
    "blockquote",
)


def varied(of: Labelled, others: Sequence[Labelled], rng: np.random.Generator) -> Labelled:
    """A page that ``of`` might have been."""
    if rng.random() < 0.2:
        of = _with_another(of, others[int(rng.integers(len(others)))], rng)
    of = _shortened(of, rng)
    if rng.random() < 0.5:
        of = _renamed(of, rng)
    drawn = rng.random()
    for name, script in SCRIPTS.items():
        drawn -= 0.75 * script.share
        if drawn < 0:
            return _respelled(of, Speller(name, rng))
    return of


def _kept(of: Labelled, keep: NDArray[np.bool_]) -> Labelled:
    if not keep.any():
        return of
    blocks = [block for block, stays in zip(of.page.blocks, keep, strict=True) if stays]
    return Labelled(replace(of.page, blocks=blocks), of.labels[keep])


def _shortened(of: Labelled, rng: np.random.Generator) -> Labelled:
    """With less of the body, of its headings and lists, and of what is around it."""
    page, body = of.page, of.labels > 0.5
    gold = np.flatnonzero(body)
    keep = np.ones(len(body), np.bool_)
    if not len(gold):
        return of
    if rng.random() < 0.7:
        rate = float(rng.choice([0.0, 0.0, 0.2, 0.5]))
        for number in gold:
            block = page.blocks[number]
            tag = page.elements[block.element].tag
            if (tag in {"li", "td", "th"} or tag[0] == "h" or len(block.text) < 40) and rng.random() > rate:
                keep[number] = False
    gold = np.flatnonzero(body & keep)
    if rng.random() < 0.7 and len(gold) > 3:
        some = min(int(np.exp(rng.uniform(np.log(2), np.log(40)))), len(gold))
        start = 0 if rng.random() < 0.6 else int(rng.integers(len(gold) - some + 1))
        keep[gold[:start]] = False
        keep[gold[start + some :]] = False
    if len(gold):
        for start, stop in ((0, gold[0]), (gold[-1] + 1, len(body))):
            if rng.random() < 0.3 and start < stop:
                keep[start:stop] &= rng.random(stop - start) > rng.random()
    if not (keep & body).any():
        return of
    return _kept(of, keep)


def _renamed(of: Labelled, rng: np.random.Generator) -> Labelled:
    """With div instead of some tags, and without the names of its elements."""
    lost = {tag for tag in _RENAMED if rng.random() < 0.25}
    bare = rng.random() < 0.2
    elements = [
        replace(e, tag="div" if e.tag in lost else e.tag, written="" if bare else e.written)
        for e in of.page.elements
    ]
    return Labelled(replace(of.page, elements=elements), of.labels)


def _respelled(of: Labelled, speller: Speller) -> Labelled:
    page = of.page

    def spelled(block: Block) -> Block:
        text = "\n".join(speller.line(line) for line in block.text.split("\n"))
        return replace(
            block, text=text, linked=min(len(text), round(block.linked * len(text) / len(block.text)))
        )

    titles: dict[str, list[str]] = {}
    for key in ("og:title", "twitter:title"):
        if key in page.metas:
            titles[key] = [speller.line(value) for value in page.metas[key]]
    title = speller.line(page.title) if page.title else None
    return Labelled(
        replace(page, blocks=[spelled(b) for b in page.blocks], metas=titles, title=title, linked=[]),
        of.labels,
    )


def _with_another(of: Labelled, other: Labelled, rng: np.random.Generator) -> Labelled:
    """Followed by another page's article, as where a site shows the next story below."""
    body = np.flatnonzero(other.labels > 0.5)
    page, source = of.page, other.page
    if not len(body) or len(page.blocks) + len(body) > 3000:
        return of
    index = source.blocks[body[0]].element
    last = source.blocks[body[-1]].start
    while source.elements[index].stop <= last and source.elements[index].parent > 0:
        index = source.elements[index].parent
    root = source.elements[index]
    shift, pieces = len(page.elements) - index, len(page.pieces) - root.start
    top = 0
    for number, element in enumerate(page.elements):
        if element.tag == "body":
            top = number
            break
    added = [
        replace(e, parent=top if n == 0 else e.parent + shift, start=e.start + pieces, stop=e.stop + pieces)
        for n, e in enumerate(source.elements[index : root.end])
    ]
    elements = list(page.elements)
    stop = len(page.pieces) + root.stop - root.start
    at = top
    while at >= 0:
        elements[at] = replace(elements[at], stop=stop)
        at = elements[at].parent
    blocks = [
        replace(b, element=b.element + shift, start=b.start + pieces, stop=b.stop + pieces)
        for b in source.blocks
        if root.start <= b.start < root.stop and index <= b.element < root.end
    ]
    most = int(rng.integers(4, 60))
    blocks = blocks[:most]
    labels = np.concatenate([of.labels, np.zeros(len(blocks), np.float32)])
    whole = replace(
        page,
        elements=elements + added,
        blocks=[*page.blocks, *blocks],
        pieces=page.pieces + source.pieces[root.start : root.stop],
    )
    return Labelled(whole, labels)
