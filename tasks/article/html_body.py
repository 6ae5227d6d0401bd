"""The article's body in a page: which of its blocks are body, and why the others are not."""

from __future__ import annotations

import html
import re
from bisect import bisect, bisect_left
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.article import html_text
from tasks.article.block_features import Features, features, stated_body
from tasks.article.block_model import Floats, Model, model, probabilities
from tasks.article.block_reasons import captions, reasons
from tasks.article.block_scripts import article_in_scripts
from tasks.article.model import Body
from tasks.article.page import Page, lines, read

# Of the probability that a block is body; chosen on html_news. A block that looks like much of the body, and most of
# whose like are body, is body already where it is above the second.
LIKELY, LEAST = 0.55, 0.03
# A page of an unknown build may have no block above the first, and its paragraphs stand out all the same.
_OUTSTANDING: Final = 0.75  # of the likeliest block
_FAINT: Final = 0.2  # probability of the likeliest block, below which none stands out
_SENTENCE: Final = 12  # words of a block that may be the likeliest
_ALIKE: Final = 0.3  # of the body's words, that stand in blocks of one look
_TAKEN: Final = 0.3  # of their words, that are likely
_LINKS: Final = 0.6  # of a block's characters: a paragraph within links points elsewhere
_WHOLE: Final = 80  # words of an article, below which the next one may be shown
_SHORT: Final = 30  # words; a longer one may be all link and yet be read
_STATED: Final = 400  # characters of a body in JSON-LD that is worth having
_MORE: Final = 2.0  # times as long as what the blocks give: they were loaded by scripts
_WRITTEN: Final = frozenset(("p", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "td", "th"))
_END: Final = re.compile(r"</(?:p|li|h[1-6]|div)>|<br ?/?>", re.IGNORECASE)
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]{0,1000}>")


def find(page: Page) -> Body:
    """The body of a page; text "" where it has none. Linear in the size of the page."""
    known = model()
    stated, signal_of_stated = _stated(page), "json-ld"
    if not stated and page.scripted:
        stated, signal_of_stated = _scripted(page.scripted, known), "script"
    if not page.blocks:
        return Body(stated, signal=signal_of_stated) if stated else Body()
    found = features(page, known.vocabulary)
    likely = probabilities(known, found)
    kept = html_text.without_copies(page, np.flatnonzero(_chosen(page, found, likely, known)).tolist())
    text, signal = html_text.text(page, kept), "blocks"
    if len(stated) > _MORE * len(text):
        text, signal = stated, signal_of_stated
    why = reasons(page, found, known.vocabulary, kept)
    return Body(text, tuple(kept), tuple(likely.tolist()), why, signal if text else None)


def _chosen(page: Page, found: Features, likely: Floats, known: Model) -> NDArray[np.bool_]:
    """Whether each block is body."""
    long = likely[found.words >= _SENTENCE]
    most = float(long.max()) if len(long) else 0.0
    chosen = likely > (min(LIKELY, _OUTSTANDING * most) if most > _FAINT else LIKELY)
    if chosen.any():
        words = found.words + 1
        mass = likely * words
        share = np.bincount(found.alike, mass)[found.alike] / mass.sum()
        taken = (np.bincount(found.alike, words * chosen) / np.bincount(found.alike, words))[found.alike]
        chosen |= (likely > LEAST) & (share > _ALIKE) & (taken > _TAKEN)
    chosen &= ~captions(found, known.vocabulary)
    chosen &= ~((found.linked > _LINKS) & (found.words < _SHORT))
    if found.heading >= 0:
        chosen[found.heading] = False
        for start, stop in _other_articles(page, found):
            if found.words[:start] @ chosen[:start] > _WHOLE:
                chosen[start:stop] = False
    return chosen


def _other_articles(page: Page, found: Features) -> Iterator[tuple[int, int]]:
    """The ranges of blocks of articles that have a heading of their own: the next story, loaded below the page's."""
    heads = page.tagged.get("h1", ())
    own = page.blocks[found.heading].start
    for index in page.tagged.get("article", ()) if len(heads) > 1 else ():
        article = page.elements[index]
        if own < article.start and bisect(heads, index) < bisect_left(heads, article.end):
            of = page.blocks_of(article.start, article.stop)
            yield of.start, of.stop


def _scripted(scripts: str, known: Model) -> str:
    """The article in a page's scripts; it stands alone there, but for captions."""
    inner = read(article_in_scripts(scripts))
    if not inner.blocks:
        return ""
    found = features(inner, known.vocabulary)
    captioned = captions(found, known.vocabulary).tolist()
    kept = [
        number
        for number, block in enumerate(inner.blocks)
        if inner.elements[block.element].tag in _WRITTEN and not captioned[number]
    ]
    text = html_text.text(inner, html_text.without_copies(inner, kept))
    return text if len(text) >= _STATED else ""


def _stated(page: Page) -> str:
    """The longest body that the page's JSON-LD states, as paragraphs; "" for none that is worth having."""
    body = stated_body(page)
    if len(body) < _STATED:
        return ""
    if "&" in body:
        body = html.unescape(body)
    if "<" in body:
        body = html.unescape(_TAG.sub(" ", _END.sub("\n", body)))
    return "\n\n".join(lines(body, end="\n"))
