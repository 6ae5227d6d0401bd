"""Whom a page shows as its authors: the bylines around its headline and its text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tasks.article.agency import is_caption
from tasks.article.byline import PREFIX, named, opens, parse
from tasks.article.byline_name import GIVEN, WORDS
from tasks.article.date_header import label
from tasks.article.date_text import find
from tasks.article.html_credits import is_organisation
from tasks.article.html_site import Site
from tasks.article.page import BREAK, Block, Page

ABOVE = 8  # blocks above the headline that may hold the byline
BEFORE = 30  # the same where no headline is known: before the text
INTO = 3  # blocks of the text's beginning: a byline may stand below the standfirst
DEEP = 8  # … of those that are marked as bylines and say "by": the text may have been found too early
BELOW = 6  # blocks after the text
FAR = 40  # … of which one alone may begin with a label such as "Author:"
_LAST = 2  # blocks of the text's end that may sign it
_INITIALS = 3  # letters that stand for a portrait
_PIECES = 40  # pieces of a block that are read
_OWNERS = 6  # pieces of a block whose elements may say what it is
_ROOTS = frozenset(("html", "body", "main", "article"))
_LONGEST = 80  # characters of a piece; longer ones are about the author
_LINE = 120  # characters of a line that may hold a byline beside the date
_TOLD = 25  # blocks of the text in which a person is looked for that it may be about
_PARAGRAPH, _WITHIN = 600, 160  # characters of a block that may be a byline, before and within the text
_COVERED = 0.7  # share of a block that names are of, where it is taken as one
_ALONE = 0.8  # share of a line that names are of, where it is nothing else
_APART = 3  # blocks by which two parts of one byline stand apart at most
_WORDS, _DATE = 8, 40  # spaces in a line of names; characters of a date beside it
_LEVELS = 5  # elements around a piece whose names say what it is
_MARKS = (
    "author", "byline", "by-line", "by_line", "autor", "auteur", "writer", "redakteur", "contributor", "journalist",
    "reporter", "verfasser", "creator", "firma", "skribent", "kirjoittaja", "yazar", "penulis",
)  # fmt: skip
_OTHERS = ("comment", "related", "avatar")  # marks of what is no byline
_NAMES = 400  # characters of an element's attributes that are read: its class and address
_INNER = re.compile(r"(?<![^\s·|•,/–—-])(?:by|von|par|por|di|door|av|af|przez)\s+(?=\S)", re.IGNORECASE)
_AND = frozenset(WORDS["and"])
_TELLS = re.compile(rf"\s(?:{'|'.join(WORDS['tells'])})\s([^\d:;!?]{{5,60}})\Z")
_LABEL = re.compile(
    rf"(?:{'|'.join(map(re.escape, sorted(WORDS['author_labels'], key=len, reverse=True)))})(?:\s*:|\s|\Z)",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"""href=["'][^"']*?/(?:author|autor(?:in|en)?|auteur|autori|profile?|people|staff|journalist|contributor|writer"""
    r"""|by|redaktion|team|reporter|columnist|yazar(?:lar)?|expert)s?/[^/"'?#]{3,}"""
)
_OTHER = re.compile(
    "|".join(rf"(?<!\w)(?:{re.escape(words)})(?!\w)" for words in WORDS["other_parts"]), re.IGNORECASE
)


@dataclass(slots=True)
class Shown:
    """A byline as shown: names that stand together. ``stated``: a word such as "by" opens it; ``marked``: its
    markup says that it names authors; ``place``: "header", "above" (the headline) or "footer"."""

    place: str
    block: int
    people: list[str] = field(default_factory=list)
    agencies: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    stated: bool = False
    marked: bool = False
    city: str | None = None

    @property
    def signal(self) -> str:
        """Where it stands, for the record."""
        return f"markup:byline:{self.place}" if self.marked else f"text:byline:{self.place}"


def shown(page: Page, headline: int | None, start: int | None, stop: int | None, site: Site) -> list[Shown]:
    """Read the bylines between the headline's block and the text's beginning, above them, and below the text.

    ``start``, ``stop``: the range of blocks that the text spans.
    """
    if start is None and headline is None:
        return []
    begin = start if start is not None else min((headline or 0) + 15, len(page.blocks))
    top = headline if headline is not None and headline < begin else None
    first = max(0, begin - BEFORE) if top is None else max(top + 1, begin - 2 * BEFORE)
    reader = _Reader(page, site, begin)
    ending = max(begin + INTO, stop - _LAST) if stop is not None else begin + DEEP
    found = reader.read(range(first, min(begin + DEEP, ending, len(page.blocks))), "header", begin)
    if top is not None:
        found += reader.read(range(max(0, top - ABOVE), top), "above", begin)
    if stop is not None:
        found += reader.read(range(ending, min(stop + BELOW, len(page.blocks))), "footer", begin)
        far = range(stop + BELOW, min(stop + FAR, len(page.blocks)))
        labelled = {_labelled(page.blocks[number : number + 2]): number for number in reversed(far)}
        labelled.pop("", None)
        if len(labelled) == 1:  # more are of a list of articles
            [number] = labelled.values()
            found += reader.read(range(number, min(number + 2, len(page.blocks))), "footer", begin)
    return found


class _Reader:
    """Blocks in order, with what the last one left open: "By" may be a block of its own."""

    def __init__(self, page: Page, site: Site, begin: int) -> None:
        self._begin = begin  # the text's first block
        self._page = page
        self._site = site
        self._is_marked: dict[tuple[str, str], bool | None] = {}  # by tag and attributes
        self._mode = ""  # "by" or "other" after such a word
        self._label = False  # whether that word was the last, so that the next block has the name
        self._taken = False  # whether the last piece had names
        self._trusted = False  # whether "by", or "and" after another name, goes before the next piece

    def read(self, blocks: range, place: str, start: int) -> list[Shown]:
        """The bylines among the blocks; those of one kind that stand together are one."""
        self._mode = ""
        found: list[Shown] = []
        for number in blocks:
            block = self._page.blocks[number]
            if len(block.text) > (_WITHIN if number >= start else _PARAGRAPH):
                self._mode = ""
                continue
            one = self._block(block, number, place)
            deep = place == "header" and number >= start + INTO
            if one is None or (deep and not (one.marked and one.stated)):
                continue
            last = found[-1] if found else None
            if (
                last
                and number - last.block <= _APART
                and last.stated >= one.stated
                and last.marked == one.marked
            ):
                last.block = number
                last.people += [name for name in one.people if name not in last.people]
                last.agencies += one.agencies
                last.others += one.others
            else:
                found.append(one)
        return found

    def _block(self, block: Block, number: int, place: str) -> Shown | None:
        text = block.text.replace("\n", " ")
        if self._label and len(text) <= _INITIALS and text.isupper():
            return None
        owners = set(self._page.owner[block.start : block.stop][:_OWNERS])
        marks = set(map(self._marked, owners))
        marked = True in marks
        prefix = PREFIX.match(text) if opens(text) else None
        other = _OTHER.match(text)
        if not (marked or prefix or other or self._mode):
            return None if False in marks else self._plain(text, number, place)
        if is_caption(text) and not (prefix or other):
            return None
        one = Shown(place, number, marked=marked)
        self._label = False
        self._taken, self._trusted = False, self._mode == "by"
        if other:
            self._mode, self._label = "other", other.end() == len(text)
            self._named(text[other.end() :], one)
        elif not (self._spaced(block) and self._whole(text, prefix, one)):
            for piece, element in self._pieces(block):
                linked = self._is_profile(element)
                if linked and self._mode == "by" and piece.casefold() in GIVEN:  # "by Jane", all that is told
                    one.people.append(piece)
                    continue
                self._trusted = self._trusted or linked
                if not self._piece(piece, one):
                    break
        if not self._label:
            self._mode = ""
        one.people = [name for name in dict.fromkeys(one.people) if not is_organisation(name, self._site)]
        return one if one.people or one.agencies or one.others else None

    def _whole(self, text: str, prefix: re.Match[str] | None, one: Shown) -> bool:
        """Take the block as one, if it is nothing but names: they may be of several elements each."""
        rest = text[prefix.end() :] if prefix else text
        people, _ = named(rest)
        if not people:
            return False
        if self._mode == "other" or len(" ".join(people)) < _COVERED * len(rest) or _OTHER.search(rest):
            return False
        if prefix:
            self._mode = "by"
        sure = prefix is not None or (one.marked and one.place != "footer")
        self._trusted = self._trusted or sure or any(_is_given(name) for name in people)
        self._named(rest, one)
        return True

    def _spaced(self, block: Block) -> bool:
        """Whether the block reads as one line: between its pieces are spaces or marks, not only markup."""
        pieces = [piece for piece in self._page.pieces[block.start : block.stop][:_PIECES] if piece]
        return not any(one[-1].isalnum() and other[0].isalnum() for one, other in pairwise(pieces))

    def _pieces(self, block: Block) -> Iterator[tuple[str, int]]:
        """The block's text, as its markup and line breaks divide it, each with its element."""
        for number in range(block.start, min(block.stop, block.start + _PIECES)):
            piece = self._page.pieces[number]
            if piece != BREAK and (text := " ".join(piece.split())):
                yield text, self._page.owner[number]

    def _is_profile(self, element: int) -> bool:
        """Whether the element is a link to a page about an author."""
        one = self._page.elements[element]
        return one.tag == "a" and _LINK.search(one.written[:_NAMES].lower()) is not None

    def _piece(self, text: str, one: Shown) -> bool:
        """Take the names of one piece; False where a text about the author begins."""
        bare = text.strip(" ,;:|·•–—-/&+()")
        if not bare or bare.lower() in _AND:
            self._trusted = self._trusted or self._taken
            return True
        if other := _OTHER.search(bare):
            self._named(bare[: other.start()], one)
            self._mode, bare = "other", bare[other.end() :].strip(" :,")
            self._label = not bare
            self._named(bare, one)
            return True
        prefix = PREFIX.match(bare)
        if prefix:
            self._mode, bare = "by", bare[prefix.end() :].strip(" :")
            self._trusted = True
            one.stated = True
        elif len(bare) > _LONGEST:
            return False
        self._label = not bare
        self._named(bare, one)
        return True

    def _named(self, text: str, one: Shown) -> None:
        """Take the names in a piece; one that neither "by" nor "and" goes before must begin with a given name."""
        if stamps := find(text):
            self._trusted = self._trusted or (one.marked and one.place != "footer")
            before, after = text[: stamps[0].start], text[stamps[-1].end :]
            text = (before if any(map(str.isalpha, before)) else after).strip(" ,;:|·•–—-")
        if not text:
            return
        people, agencies = named(text)
        if self._mode == "other":
            one.others += people
            return
        one.stated = one.stated or self._mode == "by"
        taken = [name for name in people if self._trusted or _is_given(name)]
        one.people += taken
        one.agencies += agencies
        self._taken, self._trusted = bool(taken), False

    def _plain(self, text: str, number: int, place: str) -> Shown | None:
        """A line that reads like a byline without being marked as one.

        "3 May 2024 by Jane Doe", behind the text only after a label ("Posted on …"); "Jane Doe, Staff writer", "AFP,
        Berlin"; a standfirst's "…, writes JANE DOE"; or a name alone that the text does not tell of.
        """
        if is_caption(text) or (place == "footer" and not _is_dated(text)):
            return None
        one = Shown(place, number)
        if place == "header" and (tells := _TELLS.search(text)) and tells[1].isupper():
            one.people = [name for name in named(tells[1])[0] if not self._is_told(name)]
            one.stated = bool(one.people)
        if len(text) > _LINE:
            return one if one.people else None
        if (inner := _INNER.search(text)) and find(text):
            self._mode, self._trusted = "by", True
            self._named(text[inner.end() :], one)
            self._mode = ""
        elif place != "footer" and not one.people and (byline := parse(text)) is not None:
            one.people, one.agencies, one.city = list(byline.authors), list(byline.agencies), byline.place
        elif place == "header" and self._is_alone(text, number):
            one.people = list(named(text)[0])
        one.people = [name for name in one.people if not is_organisation(name, self._site)]
        return one if one.people or one.agencies else None

    def _is_alone(self, text: str, number: int) -> bool:
        """Whether a line is names alone that the text does not tell of: with a given name, or beside the date."""
        if not 1 <= text.count(" ") <= _WORDS:
            return False
        beside = self._page.blocks[max(0, number - 1) : number + 2]
        joined = "/" in text and number >= self._begin  # before the text it may be of sections
        likely = (
            joined
            or any(word in GIVEN for word in text.casefold().split())
            or any(block.text[:1].isdigit() or block.text[-4:].isdigit() for block in beside)
        )
        people = named(text)[0] if likely else ()
        if len(" ".join(people)) < _ALONE * len(text) or any(map(self._is_told, people)):
            return False
        dated = any(len(block.text) <= _DATE and find(block.text) for block in beside)
        return bool(people) and (dated or (joined and len(people) > 1) or any(map(_is_given, people)))

    def _is_told(self, name: str) -> bool:
        """Whether the headline or the text tells of the person."""
        blocks = self._page.blocks[self._begin : self._begin + _TOLD]
        told = [self._page.title or "", *(block.text for block in blocks if len(block.text) > _LINE)]
        surname = name.rsplit(maxsplit=1)[-1].casefold()
        return any(surname in text.casefold() for text in told)

    def _marked(self, element: int) -> bool | None:
        """Whether the element or one around it is named for authors, False where it is for comments or other
        articles, None for neither."""
        elements = self._page.elements
        for _ in range(_LEVELS):
            if element < 0:
                break
            one = elements[element]
            names = one.tag, one.written
            if names not in self._is_marked:
                self._is_marked[names] = _mark(*names)
            if (own := self._is_marked[names]) is not None:
                return own
            element = one.parent
        return None


def _labelled(blocks: Sequence[Block]) -> str:
    """A block that begins with "Author:" or the like, with the next one where that is all it says; "" for others."""
    if _LABEL.match(blocks[0].text) is None:
        return ""
    return " ".join(block.text for block in (blocks if _LABEL.fullmatch(blocks[0].text) else blocks[:1]))


def _is_dated(text: str) -> bool:
    """Whether a date with a label opens the line."""
    stamps = find(text) if len(text) <= _LINE else []
    return bool(stamps) and label(text[: stamps[0].start]) is not None


def _is_given(name: str) -> bool:
    """Whether a name begins with a known given name."""
    return name.split(maxsplit=1)[0].casefold() in GIVEN


def _mark(tag: str, written: str) -> bool | None:
    """What an element's own names and address say, see ``_marked``."""
    if not written or tag in _ROOTS:
        return None
    names = written[:_NAMES].lower()
    if any(map(names.__contains__, _OTHERS)):
        return False
    if any(map(names.__contains__, _MARKS)):
        return True
    return True if tag == "a" and "/" in names and _LINK.search(names) else None
