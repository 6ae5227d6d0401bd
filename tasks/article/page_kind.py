"""What a page is: an article, or one of the other things that an address may answer with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, get_args

from tasks.article.decode import decode
from tasks.article.html_body import find
from tasks.article.model import Body, Found
from tasks.article.page import HEADINGS, Page, read
from tasks.article.page_kind_declared import Declared, declared
from tasks.article.page_kind_shape import Shape, is_prose, own, shape
from tasks.article.page_kind_words import fold, is_titled, says, weight, words
from tasks.article.paywall import gates

Kind = Literal[
    "article",  # a text of its own, however short; of one that must be paid for, the part that is free
    "list_page",  # a front page, a section, a topic, an archive, the results of a search: it names articles
    "not_found",  # an error page, whatever its status
    "bot_wall",  # a check for robots, a question for consent, a page that shows nothing without JavaScript
    "paywall",  # asks for a subscription, a registration or a login, and shows nothing of its article
    "media",  # pictures, a video or a recording, without a text
    "other",  # nothing that could be read
]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

_LEAST: Final = 40  # the least weight of a text; less is a remnant of navigation
_SHORT: Final = 600  # what a text weighs that may be a notice
_LONG_CONSENT: Final = 4_000
_LITTLE: Final = 200  # what all text of a page weighs that shows nothing
_NEAR: Final = 15  # blocks from the heading to the gate of an article that shows nothing of itself
_SMALL: Final = 40  # blocks of a page that is little else than its gate
_PROSE: Final = 300  # what a stretch of text weighs that is no mere request
_FEW: Final = 1_000  # elements of a page that shows nothing
_TITLE: Final = 25  # the least weight of a heading that is no section's name
_PICTURES: Final = 5
_GLANCE, _SAMPLE, _ENOUGH = 200, 4_000, 40  # characters that are looked at; words that can be judged
_VARIED: Final = 12  # different words that as many have at the least

_BOT_TITLES: Final = frozenset(words("bot_wall", "titles"))
_BOT_PHRASES: Final = words("bot_wall", "phrases")
_BOT_NAMES: Final = words("bot_wall", "names")
_BOT_SCRIPTS: Final = words("bot_wall", "scripts")
_CONSENT_TITLES: Final = frozenset(words("consent", "titles"))
_CONSENT_PHRASES: Final = words("consent", "phrases")
_LOST_TITLES: Final = frozenset(words("not_found", "titles"))
_LOST_PHRASES: Final = words("not_found", "phrases")
_LOGIN_TITLES: Final = frozenset(words("login", "titles"))


def kind(page: Page, body: Body, asked: Sequence[int], url: str | None = None) -> Found[Kind]:
    """What a page is; always a value.

    ``asked``: the blocks that ask for a subscription (``paywall.gates``). ``url``: the address that answered, which
    may name a front page or a search.

    When in doubt, it is an article: what is refused is lost, while a list among articles can be seen and reported.
    Signals: "title", "words" (what it says), "markup" (names of elements, scripts), "shape" (headlines that lead
    elsewhere, and no text), "gate" (see ``paywall``), "declared" (JSON-LD, meta tags, classes), "body" (what is left:
    whether it has a text).
    """
    seen = _Seen(page, body, asked, url)
    for judge in (_bot_wall, _not_found, _consent, _list, _paywall):
        if found := judge(seen):
            return Found(*found)
    if seen.prose >= _LEAST and not _repeats(body.text):
        return Found("article", "body")
    pictures = len(page.tagged.get("figure", ())) + len(page.tagged.get("picture", ()))
    if seen.declared.media or pictures >= _PICTURES:
        return Found("media", "declared" if seen.declared.media else "body")
    return Found("other", "body")


def shows_nothing(data: bytes, charset: str | None = None, url: str | None = None) -> bool:
    """Whether a page is a wall in the article's place: a check for robots, a paywall without a text."""
    page = read(decode(data, charset).text)
    body = find(page)
    return kind(page, body, gates(page, body), url).value in {"bot_wall", "paywall"}


def _repeats(text: str) -> bool:
    """Whether a text is a few words over and over, as a program writes them."""
    if len(set(text[:_GLANCE].split())) > _VARIED:  # as almost all texts have; the last word may be cut
        return False
    said = text[:_SAMPLE].split()
    return len(said) >= _ENOUGH and len(set(said)) < _VARIED


_Judged = tuple[Kind, str] | None


@dataclass(frozen=True)
class _Seen:
    """A page and what is worked out about it, each at most once."""

    page: Page
    body: Body
    asked: Sequence[int]
    url: str | None

    @cached_property
    def declared(self) -> Declared:
        return declared(self.page, self.url)

    @cached_property
    def shape(self) -> Shape:
        return shape(self.page, self.url)

    @cached_property
    def prose(self) -> float:
        """Weight of the text without headings, and without what asks for a subscription."""
        if not self.body.kept or self.body.is_stated:
            return weight(self.body.text)
        blocks, elements = self.page.blocks, self.page.elements
        return sum(
            weight(blocks[index].text)
            for index in own(self.page, self.body)
            if index not in self.asked and elements[blocks[index].element].tag not in HEADINGS
        )

    @cached_property
    def titles(self) -> list[str]:
        headings = [self.page.text(index) for index in self.page.tagged.get("h1", ())[:2]]
        return [title for title in (self.page.title, *headings) if title]

    @cached_property
    def total(self) -> float:
        return sum(weight(block.text) for block in self.page.blocks)

    @cached_property
    def is_short(self) -> bool:
        """Whether what it says may be a notice: hardly any text, and nothing that it declares to be an article."""
        return self.prose < _SHORT and not (self.declared.article and self.prose >= _LEAST)

    @cached_property
    def said(self) -> str:
        """What it says beside its links, folded; of a page that says much, only its text and headings."""
        blocks, elements = self.page.blocks, self.page.elements
        own = {*self.body.kept, *(i for i, b in enumerate(blocks) if elements[b.element].tag == "h1")}
        if sum(weight(block.text) - block.linked for block in blocks) <= _LONG_CONSENT:
            own |= {i for i, block in enumerate(blocks) if 2 * block.linked < len(block.text)}
        return fold("\n".join(blocks[index].text for index in sorted(own)))

    @property
    def is_headed(self) -> bool:
        """Whether prose stands below a heading that is no section's name, and no headline in between."""
        headed = False
        for block in self.page.blocks:
            tag = self.page.elements[block.element].tag
            if tag in HEADINGS:
                linked = 2 * block.linked >= len(block.text)
                headed = not linked and (headed or (tag == "h1" and weight(block.text) >= _TITLE))
            elif headed and is_prose(block):
                return True
        return False


def _bot_wall(seen: _Seen) -> _Judged:
    if not seen.is_short:
        return None
    if is_titled(seen.titles, _BOT_TITLES):
        return "bot_wall", "title"
    if seen.total < _LITTLE and says(fold(seen.page.unscripted), _BOT_PHRASES):
        return "bot_wall", "words"
    if seen.total < _SHORT:
        if says(seen.said, _BOT_PHRASES):
            return "bot_wall", "words"
        if any(says(address.lower(), _BOT_SCRIPTS) for address in seen.page.loaded):
            return "bot_wall", "markup"
        if any(says(element.written.lower(), _BOT_NAMES) for element in seen.page.elements[:_FEW]):
            return "bot_wall", "markup"
    return None


def _not_found(seen: _Seen) -> _Judged:
    if not seen.is_short or seen.shape.run >= _SHORT:
        return None
    if is_titled(seen.titles, _LOST_TITLES):
        return "not_found", "title"
    if seen.declared.error:
        return "not_found", "markup"
    return ("not_found", "words") if says(seen.said, _LOST_PHRASES) else None


def _consent(seen: _Seen) -> _Judged:
    """The site speaks of cookies, and of little else."""
    if seen.declared.article or seen.total > _LONG_CONSENT:
        return None
    blocks = [fold(block.text) for block in seen.page.blocks]
    asking = [text for text in blocks if says(text, _CONSENT_PHRASES)]
    phrases = sum(phrase in seen.said for phrase in _CONSENT_PHRASES)
    if is_titled(seen.titles, _CONSENT_TITLES) and phrases >= 1:
        return "bot_wall", "title"
    if phrases >= 2 and 2 * sum(map(weight, asking)) >= seen.total:
        return "bot_wall", "words"
    return None


def _list(seen: _Seen) -> _Judged:
    stated = seen.declared
    if stated.article == "json-ld" or (seen.asked and seen.is_headed):
        return None
    if stated.article and seen.prose >= _SHORT:
        return None
    laid = seen.shape
    if stated.list and (laid.cards >= 3 or laid.links >= 5) and laid.run < 900:
        return "list_page", "declared"
    if stated.article:
        return ("list_page", "shape") if laid.cards >= 12 and laid.run < 200 else None
    if seen.is_headed and laid.run >= 120:
        return None
    if (laid.cards >= 5 and laid.run < 350) or (laid.links >= 25 and laid.run < 150):
        return "list_page", "shape"
    if seen.prose < _LEAST and laid.run < _SHORT and (laid.cards >= 3 or laid.links >= 15):
        return "list_page", "shape"
    if laid.cards >= 3 and laid.under >= 0.6 * laid.prose and laid.prose - laid.under < _SHORT:
        return "list_page", "shape"
    return None


def _paywall(seen: _Seen) -> _Judged:
    if seen.prose >= _LEAST:
        return None
    if is_titled(seen.titles, _LOGIN_TITLES):
        return "paywall", "title"
    if seen.shape.run >= _PROSE:
        return None
    few = len(seen.page.blocks) <= _SMALL
    if any(few or 0 <= gate - heading <= _NEAR for gate in seen.asked for heading in _headings(seen.page)):
        return "paywall", "gate"
    return None


def _headings(page: Page) -> Iterator[int]:
    return (i for i, block in enumerate(page.blocks) if page.elements[block.element].tag == "h1")
