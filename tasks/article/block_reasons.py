"""Why a block of a page is body or not, in a closed list of codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from tasks.article.block_features import Features
from tasks.article.block_names import Vocabulary
from tasks.article.page import Page

Why = Literal[
    "body",  # a paragraph, item or cell of the article
    "heading",  # a heading within it
    "title",  # the page's title
    "repeated",  # stood before
    "hidden",  # its element is not shown
    "caption",  # describes or credits a picture
    "comment",  # by a reader
    "author",  # about or by whom the article is
    "share",  # share, follow or print
    "related",  # points to other articles
    "promotion",  # an advertisement, a subscription, a newsletter
    "legal",  # the page's foot, terms or cookies
    "navigation",  # menus, search, sections
    "details",  # date, tags, section
    "media",  # belongs to a picture or video
    "links",  # hardly more than links
    "before",  # anything else above the body
    "between",  # anything else within it
    "after",  # anything else below it
    "no_body",  # anything else on a page without a body
]
CODES: Final = frozenset(get_args(Why))
# What the names and tags of elements tell; where several do, the first.
_BY_TERM: Final[dict[Why, tuple[str, ...]]] = {
    "hidden": ("#hidden",),
    "caption": ("<figcaption", "#caption"),
    "comment": ("#comment",),
    "promotion": ("#newsletter", "#promotion"),
    "related": ("#related",),
    "author": ("#author",),
    "share": ("#share",),
    "legal": ("<footer", "#legal"),
    "navigation": ("<nav", "#navigation"),
    "details": ("#meta",),
    "media": ("<figure", "#media"),
}
_ORDER: Final = tuple(_BY_TERM)
_MOSTLY: Final = 0.7  # of a block's characters, within links


def _ranks(vocabulary: Vocabulary) -> NDArray[np.intp]:
    """For each row of the vocabulary the rank of its code, the first being the highest; 0 for none."""
    ranks = np.zeros(len(vocabulary.index), np.intp)
    for number, terms in enumerate(_BY_TERM.values()):
        for term in terms:
            if term in vocabulary.index:
                ranks[vocabulary.index[term]] = len(_ORDER) - number
    return ranks


def captions(found: Features, vocabulary: Vocabulary) -> NDArray[np.bool_]:
    """Whether each block's element, or the one around it, is named a caption."""
    tree = found.tree
    is_caption = np.maximum.reduceat(
        _ranks(vocabulary)[tree.terms] == len(_ORDER) - _ORDER.index("caption"), tree.at
    )
    named: NDArray[np.bool_] = is_caption[tree.of[0]] | is_caption[tree.of[1]]
    return named


def reasons(page: Page, found: Features, vocabulary: Vocabulary, kept: Sequence[int]) -> tuple[Why, ...]:
    """A code for each block; ``kept``: those that are body, in order."""
    tree = found.tree
    rank = np.maximum.reduceat(_ranks(vocabulary)[tree.terms], tree.at)
    ranks = rank[tree.nearest(rank > 0)][tree.of[0]].tolist()
    body = set(kept)
    texts = {page.blocks[number].text for number in kept}
    first, last = (kept[0], kept[-1]) if kept else (0, -1)
    found_why: list[Why] = []
    for number, (block, code) in enumerate(zip(page.blocks, ranks, strict=True)):
        if number in body:
            tag = page.elements[block.element].tag
            found_why.append("heading" if len(tag) == 2 and tag[0] == "h" else "body")
        elif number == found.heading:
            found_why.append("title")
        elif block.text in texts:
            found_why.append("repeated")
        elif code:
            found_why.append(_ORDER[len(_ORDER) - code])
        elif block.linked > _MOSTLY * len(block.text):
            found_why.append("links")
        elif not kept:
            found_why.append("no_body")
        else:
            found_why.append("before" if number < first else "between" if number < last else "after")
    return tuple(found_why)
