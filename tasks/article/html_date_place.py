"""Where in a page a date stands: in the article's head, in its text, behind it, or in what is of other articles."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final, Literal

from tasks.article.page import Element, Page
from tasks.article.word_set import word_set

Place = Literal["far", "above", "head", "lead", "body", "outside"]

ABOVE: Final = 5  # blocks above the heading in which a bare date may be the article's
FAR_ABOVE: Final = 15  # … and one with a label
LEAD: Final = (
    12  # blocks from the body's first on in which, up to the second paragraph, a byline may still stand
)
_LEAST: Final = 120  # characters of what is taken for a paragraph
_ENOUGH: Final = 0.75  # of the words of a heading and a title in common
_PIECES: Final = 24  # of an element's text that its opening is made of
_MOST_BLOCKS: Final = 300  # among which a title is looked for
_SHORTEST_TITLE: Final = 15  # characters
_LONGEST_TITLE: Final = 300
_MOST_HEADINGS: Final = 20
# What the parts of a page that are not its article are called.
_OTHERS: Final = re.compile(
    r"comment(?!ary)|kommentar|disqus|respond\b|repl(?:y|ies)\b|related|recommend|most-?read|popular|trending"
    r"|recent|latest|similar|read-?(?:more|next)|next-?(?:post|article)|prev(?:ious)?-?(?:post|article)|post-?nav"
    r"|nav-(?:next|prev)|copyright|todays?-?date|current-?date|tweet|newsletter-?(?:signup|form|box)|teaser|promo"
)
# The same for what is not between the headline and the text.
_AROUND: Final = re.compile(
    r"side-?bar|widget(?:-area|_|s\b)|archive|calendar|events?\b|\bcards?\b|-card\b|carousel|slider|listing"
    r"|(?:post|news|article)s?-?(?:list|grid)|weather|citation|references|\baside\b|ticker|menu|\bnav\b|navbar"
    r"|navigation|date-?widget"
)
_DATES: Final = re.compile(r"publi|posted|date|time|meta|byline|entry|post|article")
_TAGS: Final = frozenset(("aside", "nav", "footer"))


def opening(page: Page, element: Element, most: int) -> str:
    """The first ``most`` characters of an element's text in one line, at a cost that does not depend on the rest."""
    pieces = page.pieces[element.start : min(element.stop, element.start + _PIECES)]
    return " ".join("".join(piece[: 4 * most] for piece in pieces).split())[:most]


class Places:
    """The places of a page, by its title and the body's first block (``start``; guessed where it is None).

    ``title``, ``start``: indices into ``page.blocks``, or None.
    """

    def __init__(self, page: Page, start: int | None, known: Sequence[str]) -> None:
        """``known``: what the page calls its article."""
        self.page = page
        self._starts = [block.start for block in page.blocks]
        self.title = self._heading(known)
        if start is None or start >= len(page.blocks) or (self.title is not None and start <= self.title):
            start = self._paragraph(0 if self.title is None else self.title + 1)
        self.start = start
        second = start if start is None else self._paragraph(start + 1)
        self.last_of_head = (
            -1 if start is None else min(start + LEAD, start + 1 if second is None else second)
        )
        own = (self.title, self.start)
        self._own = [page.blocks[i].start for i in own if i is not None]
        self._outside: dict[int, bool] = {-1: False}
        self._away: dict[int, bool] = {-1: False}

    def block(self, element: int) -> int:
        """The block in which an element begins."""
        return max(0, bisect_right(self._starts, self.page.elements[element].start) - 1)

    def of(self, block: int, element: int, *, labelled: bool = False) -> Place:
        """The place of an element of a block; ``labelled``: whether a label calls it a date."""
        if self._within(element, self._outside, _OTHERS):
            return "outside"
        title, start = self.title, self.start
        if start is not None and title is not None and title <= block < start:
            return "head"
        if start is not None and start <= block <= self.last_of_head:
            return "lead"
        if self._within(element, self._away, _AROUND):
            return "outside"
        if start is None or block > start:
            return "body"
        distance = (start if title is None else title) - block
        return "above" if distance <= (FAR_ABOVE if labelled else ABOVE) else "far"

    def _within(self, element: int, known: dict[int, bool], others: re.Pattern[str]) -> bool:
        """Whether an element is in a part of the page of which its names say that it is another's; ``known``: the
        answers so far."""
        path: list[int] = []
        while element not in known:
            path.append(element)
            element = self.page.elements[element].parent
        answer = known[element]
        for index in reversed(path):
            answer = known[index] = answer or self._is_other(index, others)
        return answer

    def _is_other(self, index: int, others: re.Pattern[str]) -> bool:
        element = self.page.elements[index]
        names = element.names.lower()
        if others.search(names) is None and (
            others is _OTHERS or element.tag not in _TAGS or _DATES.search(names)
        ):
            return False
        return not any(element.start <= piece < element.stop for piece in self._own)

    def _heading(self, known: Sequence[str]) -> int | None:
        """The block of the heading that says what the page's titles say; of equals, the first."""
        page = self.page
        wanted = [words for title in known if (words := word_set(title[:_LONGEST_TITLE]))]
        for tags in (("h1",), ("h2", "h3", "h4")):
            best, most = None, 0.5
            indices = sorted(index for tag in tags for index in page.tagged.get(tag, [])[:_MOST_HEADINGS])
            for index in indices:
                words = word_set(opening(page, page.elements[index], _LONGEST_TITLE))
                if words and (len(words) > 1 or len(wanted) == 1):
                    share = max((len(words & w) / min(len(words), len(w)) for w in wanted), default=0.0)
                    if min(share, _ENOUGH) > most:
                        best, most = index, share
            if best is not None:
                return self.block(best)
        return self._titled(known)

    def _titled(self, known: Sequence[str]) -> int | None:
        """The first block that is what the page's title opens with, where no heading is."""
        titles = [title[:_LONGEST_TITLE].casefold() for title in known]
        for number, block in enumerate(self.page.blocks[:_MOST_BLOCKS]):
            text = block.text.casefold() if _SHORTEST_TITLE <= len(block.text) <= _LONGEST_TITLE else ""
            if text and any(title.startswith(text) or text.startswith(title) for title in titles):
                return number
        return None

    def _paragraph(self, first: int) -> int | None:
        blocks = self.page.blocks
        for index in range(first, len(blocks)):
            block = blocks[index]
            least = _LEAST // 3 if block.text[:1] > "⺀" else _LEAST
            if len(block.text) >= least and 3 * block.linked < len(block.text):
                return index
        return None
