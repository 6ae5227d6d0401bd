"""A page as values: parsed and walked once, so that every signal is drawn from the same tree.

The parser is Lexbor (HTML5's rules, in C). What it gives is turned into flat lists in document order; nothing
of its tree outlives ``read``.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from tasks.article.linked_data import linked_data
from tasks.article.page_guard import guarded

# Nothing in them is read by a person, or it is another document's.
_UNREAD: Final = (
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "canvas", "select",
    "textarea", "button", "datalist", "audio", "video", "map",
)  # fmt: skip
HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_INLINE: Final = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font",
    "i", "img", "input", "ins", "kbd", "label", "mark", "nobr", "output", "picture", "q", "rp", "rt", "ruby", "s",
    "samp", "small", "source", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
))  # fmt: skip
BREAK: Final = "\u2028"  # stands among the pieces for a line break
_EMPTY: Final = frozenset((
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link",
    "meta", "param", "source", "track", "wbr",
))  # fmt: skip
_NOTED: Final = frozenset(("a", "br", "html", "meta", "title"))
_COMMON: Final = frozenset(("div", "p", "li", "ul", "h2", "h3", "td", "tr", "section", "article", "figure"))
# What to do at a tag, as a set of bits; a tag that is not listed begins or ends a block.
_BLOCK, _CLOSING, _CHILDLESS, _NOTABLE, _LISTED = 1, 2, 4, 8, 16
_STARTS: Final = {
    tag: _LISTED
    | (_BLOCK if tag not in _INLINE and tag != "br" else 0)
    | (_CHILDLESS if tag in _EMPTY else 0)
    | (_NOTABLE if tag in _NOTED else 0)
    for tag in _INLINE | _EMPTY | _NOTED | _COMMON
}
_KINDS: Final = _STARTS | {f"/{tag}": kind | _CLOSING for tag, kind in _STARTS.items()}
# The parser's own writing is regular: no tag holds another ">", no value a quotation mark.
_TOKEN: Final = re.compile(r"<(?:(/?[a-zA-Z][^ >]*+)([^>]*+)|!(?:--.*?--|[^->][^>]*+)|\?[^>]*+)>", re.DOTALL)
_ATTRIBUTE: Final = re.compile(r' ([^ ][^ =]*)="([^"]*)"')
_REACH: Final = 12  # open elements among which that of an end tag out of place is looked for
_ESCAPES: Final = (("&nbsp;", "\xa0"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&"))
_MARK: Final = "newslake-selected-"
_LITTLE: Final = 1_000  # characters of text
_SCRIPT: Final = re.compile(r"<script(?![^<>]*\bsrc=)[^<>]*>([^<]*+(?:<(?!/script)[^<]*+)*+)", re.IGNORECASE)
_META_NAMES: Final = ("property", "name", "itemprop", "http-equiv")
_LD_JSON: Final = 'script[type="application/ld+json" i]'
_LOADING: Final = "script[src], iframe[src]"
_SMALL: Final = 60_000  # characters of a page
_LONGEST_UNSCRIPTED: Final = 4_000


@dataclass(slots=True)
class Element:
    """One element. ``written``: its attributes, as the parser writes them; ``parent``: its index in
    ``Page.elements`` (-1 for html); ``start``, ``stop``: the range of ``Page.pieces`` that it holds; ``end``: one
    past the index of its last descendant in ``Page.elements``."""

    tag: str
    written: str
    parent: int
    start: int
    stop: int
    end: int
    _attributes: Mapping[str, str] | None = None

    @property
    def attributes(self) -> Mapping[str, str]:
        """By lower-case name, "" where an attribute has no value."""
        if self._attributes is None:
            self._attributes = _attributes(self.written)
        return self._attributes

    @property
    def names(self) -> str:
        """Its class, id and other names, in which pages say what an element is for."""
        get = self.attributes.get
        return f"{get('class', '')} {get('id', '')} {get('itemprop', '')} {get('role', '')}"


@dataclass(slots=True)
class Block:
    """A run of text that a reader sees as one paragraph, heading, item or cell: never empty, white space
    collapsed, a newline for ``<br>``. ``element``: index of the innermost block-level element that holds it;
    ``start``, ``stop``: its range of ``Page.pieces``; ``linked``: characters of ``text`` within links."""

    text: str
    element: int
    start: int
    stop: int
    linked: int


@dataclass(slots=True)
class Page:
    """What is in a page. ``pieces``: its text nodes in order, as written; ``owner``: the element of each.
    ``metas``: contents of meta tags by lower-case property, name, itemprop or http-equiv; ``linked``: the objects
    of its JSON-LD; ``title``: of the head; ``selected``: elements by each selector that ``read`` was given.
    ``unscripted``: what is shown where no scripts run; ``loaded``: addresses of scripts and frames, of a small page
    alone (what is loaded tells only where there is nothing else). ``scripted``: the scripts of a page that
    shows next to nothing without them."""

    elements: list[Element] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    owner: list[int] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    metas: dict[str, list[str]] = field(default_factory=dict)
    linked: list[Mapping[str, Any]] = field(default_factory=list)
    title: str | None = None
    language: str | None = None
    tagged: dict[str, list[int]] = field(default_factory=dict)
    selected: dict[str, tuple[int, ...]] = field(default_factory=dict)
    unscripted: str = ""
    loaded: tuple[str, ...] = ()
    scripted: str = ""

    def text(self, index: int) -> str:
        """All text of an element in one line."""
        element = self.elements[index]
        return " ".join("".join(self.pieces[element.start : element.stop]).split())

    def blocks_of(self, start: int, stop: int) -> range:
        """The indices of the blocks that hold some of the pieces from ``start`` up to, not including, ``stop``."""
        first = bisect_right(self.blocks, start, key=lambda block: block.stop)
        return range(first, bisect_left(self.blocks, stop, lo=first, key=lambda block: block.start))

    def ancestors(self, index: int) -> Iterator[int]:
        """The indices of the elements around an element, the innermost first, itself left out."""
        index = self.elements[index].parent
        while index >= 0:
            yield index
            index = self.elements[index].parent


def read(html: str, selectors: Sequence[str] = ()) -> Page:
    """Parse a page. Never raises on any text; ``selectors`` must be valid CSS (see ``check``)."""
    tree = LexborHTMLParser(guarded(html.encode("utf-8", "replace")))
    linked = linked_data([node.text() for node in tree.css(_LD_JSON)])
    unscripted = " ".join([node.text(separator=" ") for node in tree.css("noscript")])[:_LONGEST_UNSCRIPTED]
    loaded = [node.attributes.get("src") or "" for node in tree.css(_LOADING)] if len(html) < _SMALL else ()
    tree.strip_tags(list(_UNREAD), recursive=True)
    for number, selector in enumerate(selectors):
        for node in tree.css(selector):
            node.attrs[f"{_MARK}{number}"] = ""
    page = _walked(tree.html or "")
    page.linked = linked
    page.unscripted, page.loaded = unscripted, tuple(loaded)
    if sum(len(block.text) for block in page.blocks) < _LITTLE:
        page.scripted = "\n".join(_SCRIPT.findall(html))
    for number, selector in enumerate(selectors):
        mark = f"{_MARK}{number}"
        page.selected[selector] = tuple(i for i, e in enumerate(page.elements) if mark in e.attributes)
    return page


def lines(text: str, end: str = BREAK) -> list[str]:
    """The lines of a text, white space collapsed, those without any text left out; ``end``: what ends a line."""
    return [line for written in text.split(end) if (line := " ".join(written.split()))]


def check(selector: str) -> None:
    """Raise ValueError if ``selector`` is no valid CSS."""
    try:
        LexborHTMLParser("").css(selector)
    except SelectolaxError as error:
        raise ValueError(f"{selector!r} is no CSS selector") from error


def _walked(source: str) -> Page:  # noqa: PLR0915 - the hottest loop: a call for each tag would double its time
    """The page of a document as the parser writes it: every element closed, every attribute quoted, ``>`` escaped in
    values.

    Reading this text is several times as fast as asking the parser for one node after the other.
    """
    page = Page()
    elements, pieces, owner = page.elements, page.pieces, page.owner
    tagged = defaultdict[str, list[int]](list)
    parent = -1  # the innermost open element
    outer = [0]  # the open elements that are no inline ones
    first = linked = 0  # of the block being read: its first piece, its characters within links
    says = breaks = False  # whether it holds more than white space, and line breaks
    links = 0  # open elements that are links
    after_link = in_title = False
    tokens = iter(_TOKEN.split(source))  # text, tag, attributes, text …
    for raw, tag, written in zip(tokens, tokens, tokens, strict=False):
        if raw:
            text = _plain(raw) if "&" in raw else raw
            if in_title:
                page.title = page.title or " ".join(text.split()) or None
            else:
                pieces.append(text)
                owner.append(parent)
                after_link = False
                if not text.isspace():
                    says = True
                    if links:
                        linked += len(" ".join(text.split()))
        if tag is None:  # a comment or the document's type
            continue
        kind = _KINDS.get(tag) or (_CLOSING | _BLOCK if tag[0] == "/" else _BLOCK)
        if kind & _BLOCK:
            if says:
                _add_block(page, outer[-1], first, linked, breaks)
                says = False
            first, linked, breaks = len(pieces), 0, False
        if kind & _CLOSING:
            after_link = in_title = False
            name = tag[1:]
            if parent < 0 or elements[parent].tag != name:
                index = _opened(elements, parent, name)
                if index < 0:
                    continue
                links -= _close(page, parent, index, outer)
                parent = index
            element = elements[parent]
            element.stop, element.end = len(pieces), len(elements)
            parent = element.parent
            if kind & _BLOCK:
                outer.pop()
            elif tag == "/a":
                after_link = True
                links -= 1
            continue
        if kind & _NOTABLE:
            if tag == "a":
                if after_link and pieces and pieces[-1][-1:].isalnum():
                    pieces.append(" ")
                    owner.append(parent)
                links += 1
            elif tag == "title":
                in_title = True
            elif tag != "br":
                _note(page, tag, written)
            elif _since_break(pieces, first):  # one ends a line, two a paragraph
                if says:
                    _add_block(page, outer[-1], first, linked, breaks)
                    says = False
                first, linked, breaks = len(pieces), 0, False
            else:
                pieces.append(BREAK)
                owner.append(parent)
                breaks = True
        index, place = len(elements), len(pieces)
        tagged[tag].append(index)
        elements.append(Element(tag, written, parent, place, place, index + 1))
        if kind & _CHILDLESS:
            after_link = False
        else:
            parent = index
            if kind & _BLOCK:
                outer.append(index)
    if says:
        _add_block(page, outer[-1], first, linked, breaks)
    _close(page, parent, -1, outer)
    page.tagged = dict(tagged)
    return page


def _opened(elements: Sequence[Element], parent: int, name: str) -> int:
    """The next open element of a name, from ``parent`` outwards; -1 for none.

    It is not ``parent`` itself in elements alone that are written as they stood in the page, such as ``<xmp>``.
    """
    for _ in range(_REACH):
        if parent < 0 or elements[parent].tag == name:
            return parent
        parent = elements[parent].parent
    return -1


def _close(page: Page, index: int, stop: int, outer: list[int]) -> int:
    """Close the open elements from the innermost, ``index``, up to ``stop``, and give how many links they are."""
    links = 0
    while index != stop:
        element = page.elements[index]
        element.stop, element.end = len(page.pieces), len(page.elements)
        if _KINDS.get(element.tag, _BLOCK) & _BLOCK:
            outer.pop()
        links += element.tag == "a"
        index = element.parent
    return links


def _note(page: Page, tag: str, written: str) -> None:
    attributes = _attributes(written)
    if tag == "html":
        page.language = attributes.get("lang") or attributes.get("xml:lang") or None
    elif content := attributes.get("content", "").strip():
        for name in dict.fromkeys([attributes.get(key, "").strip().lower() for key in _META_NAMES]):
            if name:
                page.metas.setdefault(name, []).append(content)


def _add_block(page: Page, element: int, first: int, linked: int, breaks: bool) -> None:
    """The block from the piece ``first`` on, which shows some text."""
    written = "".join(page.pieces[first:])
    text = "\n".join(lines(written)) if breaks else " ".join(written.split())
    page.blocks.append(Block(text, element, first, len(page.pieces), min(linked, len(text))))


def _since_break(pieces: Sequence[str], first: int) -> bool:
    """Whether the block's last piece that is not white space is a line break: one ends a line, two a paragraph."""
    for number in range(len(pieces) - 1, first - 1, -1):
        if pieces[number] == BREAK:
            return True
        if not pieces[number].isspace():
            return False
    return False


def _attributes(written: str) -> dict[str, str]:
    found = _ATTRIBUTE.findall(written)
    return {name: _plain(value) if "&" in value else value for name, value in found}


def _plain(text: str) -> str:
    """Without the parser's own escapes."""
    for escaped, character in _ESCAPES:
        text = text.replace(escaped, character)
    return text
