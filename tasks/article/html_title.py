"""A page's headline without the names that sites put around it, and the standfirst that is set apart below it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from tasks.article import html_topics
from tasks.article.byline import parse
from tasks.article.date_text import is_mostly_dates
from tasks.article.html_linked import articles, is_news, plain, strings
from tasks.article.html_site import Site, key, site
from tasks.article.model import Candidate, Found
from tasks.article.page import BREAK, Page
from tasks.article.reasons import Reason
from tasks.article.word_set import word_set

_HEADLINES = (
    "headline",
    "parsely-title",
    "sailthru.title",
    "citation_title",
    "dc.title",
    "dcterms.title",
    "hdl",
)
_PIECES = 100  # pieces of a heading
_HEADINGS = 30  # h1 elements of a page that are looked at
_NEAR = 30  # blocks before the text among which a line that repeats the headline is looked for
_FIRST = 200  # the same where the text's place is not known: blocks of the page
_ALIKE = 30  # characters by which two spellings of one headline may differ in length
_LEAST = 8  # characters of such a line
_PARTS = 12  # parts of a title, between dashes and the like
_LONGEST_TITLE = 220  # characters of a heading
_AGREED = 0.34  # share of words that a heading has in common with one of the page's titles
_SEPARATED = re.compile(r"\s+[|–—‒•·»«:*/~-]+\s+|\s*[|｜ㅣ│¦：]\s*|\s*\s::\s*")
_OPENED = re.compile(r": ")  # "The Calder Blog: Rain for weeks"
_CLOSES = re.compile(r"\s*[|｜ㅣ│¦：•·»*]|\s+[–—-]\s|-[^|｜ㅣ]{1,40}[|｜ㅣ]")
_WORD = re.compile(r"\w+")
_TEMPLATE = re.compile(r"\{\{|\}\}|<%|\$\{")
_STANDFIRST = re.compile(
    r"(?:^|[\s_-])(?:standfirst|deck|dek|sub-?title|sub-?head(?:ing|line)?|vorspann|untertitel|chapo|chapeau"
    r"|entradilla|bajada|sottotitolo|sommario|ingress|manchet|alternativeheadline|lead-?in|strapline)(?:$|[\s_-])",
    re.IGNORECASE,
)
_REPEATED = 0.75  # share of words that a line has in common with a title that it repeats
_BELOW = 8  # blocks after the headline among which the standfirst is looked for
_SHORTEST, _LONGEST = 20, 400  # characters of a standfirst


@dataclass(frozen=True, slots=True)
class _Title:
    """``text``: without the site's name; ``element``: of the page, for a heading; ``share``: of words in common
    with the best of the page's other titles."""

    text: str
    signal: str
    element: int | None = None
    rejected: Reason | None = None


def title(page: Page, start: int | None = None, named: Site | None = None) -> Found[str]:
    """Find the headline.

    The first heading is what a reader takes for it, if it says what the page's other titles say: pages have more
    of them, for the site or for teasers. Where two of the titles that a newsroom writes agree against it, they
    are right; and so is og:title of news whose <title> only repeats the heading: it was written on purpose.
    """
    named = named or site(page)
    firsts = [(index, _text(page, index)) for index in page.tagged.get("h1", [])[:_HEADINGS]]
    stated = list(_stated(page, named, [text for _, text in firsts], _lines(page, start)))
    headings = list(_headings(page, named, firsts, [one.text for one in stated], start))
    heading = next((one for one in headings if one.rejected is None), None)
    chosen = _preferred(heading, stated, is_news(page.linked))
    seen = dict.fromkeys([*([chosen] if chosen else []), *stated, *headings])
    candidates = tuple(
        Candidate(one.text, one.signal, None if one is chosen else one.rejected or "weaker_signal")
        for one in seen
    )
    if chosen is None:
        return Found(None, reason="not_stated", candidates=candidates)
    return Found(chosen.text, chosen.signal, candidates=candidates)


def _text(page: Page, index: int) -> str:
    """A heading's text; the beginning of one that holds half a page."""
    element = page.elements[index]
    return plain(
        "".join(page.pieces[element.start : min(element.stop, element.start + _PIECES)]).replace(BREAK, " ")
    )


def _preferred(heading: _Title | None, stated: Sequence[_Title], news: bool) -> _Title | None:
    by_signal = {one.signal: one for one in reversed(stated)}
    shared, linked = by_signal.get("meta:og:title"), by_signal.get("json-ld")
    if heading is None:
        given = next((one for name in _HEADLINES if (one := by_signal.get(f"meta:{name}"))), None)
        return linked or given or shared or by_signal.get("meta:twitter:title") or by_signal.get("title")
    if not news or shared is None or _same(shared.text, heading.text) or _is_cut(shared.text, heading.text):
        return heading
    if linked and _same(linked.text, shared.text):
        return shared
    searched = by_signal.get("title")
    return shared if searched and _same(searched.text, heading.text) else heading


def _is_cut(text: str, whole: str) -> bool:
    """Whether a quotation mark ended the attribute that should have held the whole title."""
    return whole.startswith(text) and whole[len(text) :].lstrip().startswith('"')


def _stated(page: Page, named: Site, headings: Sequence[str], lines: Sequence[str]) -> Iterator[_Title]:
    """The titles that the page states about itself, without the site's name."""
    metas = page.metas
    headlines = [text for item in articles(page.linked)[:3] for text in strings(item.get("headline"))[:1]]
    written = [
        *((text, "json-ld") for text in headlines),
        *((plain(text), f"meta:{name}") for name in _HEADLINES for text in metas.get(name, ())[:1]),
        *((plain(text), "meta:og:title") for text in metas.get("og:title", ())[:1]),
        *((plain(text), "meta:twitter:title") for text in metas.get("twitter:title", ())[:1]),
        *([(plain(page.title), "title")] if page.title else []),
    ]
    known = [*(text for text, _ in written), *headings]
    sections = {key(text) for text, _ in html_topics.sections(page)}
    for text, signal in written:
        near = [line for line in lines if 2 * len(line) >= len(text)]  # a shorter one is its first part
        bare = without_site(text, named, [*known, *near], sections)
        if bare and not _TEMPLATE.search(bare) and not named.is_named(bare):
            yield _Title(bare, signal)


def _headings(
    page: Page, named: Site, firsts: Sequence[tuple[int, str]], stated: Sequence[str], start: int | None
) -> Iterator[_Title]:
    """The page's first-order headings, the best first: what it shares with the other titles, then its place."""
    known = [word_set(text) for text in stated]
    opening = page.blocks[start].start if start is not None and start < len(page.blocks) else None
    ranked = []
    for order, (index, text) in enumerate(firsts):
        if not _WORD.search(text):
            continue
        bare = without_site(text, named, stated)
        share = max((_share(word_set(bare), other) for other in known), default=0.0)
        after = opening is not None and page.elements[index].start > opening
        ranked.append((-share, after, order, index, bare))
    for share, after, _, index, bare in sorted(ranked):
        rejected: Reason | None = None
        if _TEMPLATE.search(bare):
            rejected = "placeholder"
        elif share > -1 and named.is_named(bare):
            rejected = "site_name"
        elif len(bare) > _LONGEST_TITLE or (-share < _AGREED and (known or after or len(ranked) > 1)):
            rejected = "not_agreed"
        yield _Title(bare, "h1", index, rejected)


def _share(words: set[str], other: set[str]) -> float:
    """The share of words in common, of the shorter where that has four or more."""
    shorter = min(len(words), len(other))
    if not shorter:
        return 0.0
    common = len(words & other)
    return common / shorter if shorter >= 4 else 2 * common / (len(words) + len(other))


def without_site(
    text: str, named: Site, known: Iterable[str] = (), sections: Collection[str] = frozenset()
) -> str:
    """The title without what stands before or after it for the site: its name, and a section or date with that.

    What is left must be there alone among ``known`` (the page's other titles, and lines near its text), or what
    is cut off must be the site's name, and the section (one of the keys ``sections``) before it.
    """
    parts = [match.span() for match in islice(_SEPARATED.finditer(text), _PARTS)]
    opened = [match.span() for match in islice(_OPENED.finditer(text), _PARTS)]
    alone = {_flat(other) for other in known} - {_flat(text), ""} if parts or opened else set()
    for begin, _ in reversed(parts):  # the longest rest that is a title of its own
        if _flat(text[:begin]) in alone and len(text[:begin]) >= _LEAST:
            return text[:begin].strip()
    for _, after in [*parts, *opened]:
        if _flat(text[after:]) in alone and len(text) - after >= _LEAST and named.is_named(text[:after]):
            return text[after:].strip()
    for other in known:
        if _LEAST <= len(other) < len(text) and text.startswith(other) and _CLOSES.match(text, len(other)):
            return other
    begin, stop = 0, len(text)
    cut = False
    for first, after in reversed(parts):
        filed = cut and key(text[after:stop]) in sections
        if filed or named.is_named(text[after:stop]) or (not cut and named.is_named(text[after:])):
            stop, cut = first, True
        elif not cut:
            break
    for first, after in parts[:2]:
        if after < stop and key(text[begin:first]) in named.keys:
            begin = after
    return text[begin:stop].strip() or text


def _lines(page: Page, start: int | None) -> list[str]:
    """Short lines before the text: the headline may be one without being a heading."""
    blocks = page.blocks[:_FIRST] if start is None else page.blocks[max(0, start - _NEAR) : start + 1]
    return [block.text for block in blocks if 15 <= len(block.text) <= 250]


def subtitle(page: Page, headline: Found[str], start: int | None) -> Found[str]:
    """The lines below the headline that markup sets apart from the text: by a class, or as a second heading.

    A paragraph that repeats the page's description is one only above the text.
    """
    heading = place(page, headline.value, start)
    if heading is None:
        return Found(None, reason="not_stated")
    titles = [word_set(str(one.value)) for one in headline.candidates]
    described = {
        plain(text) for name in ("og:description", "description") for text in page.metas.get(name, ())
    }
    described |= {text for item in articles(page.linked) for text in strings(item.get("description"))}
    seen: list[Candidate] = []
    for number in range(heading + 1, min(heading + 1 + _BELOW, len(page.blocks))):
        block = page.blocks[number]
        text = plain(block.text)
        if not _SHORTEST <= len(block.text) <= _LONGEST or 2 * block.linked > len(text):
            continue
        if any(_share(word_set(text), words) > _REPEATED for words in titles):
            continue
        if parse(text) or is_mostly_dates(text):
            continue
        signal = _set_apart(page, number, heading, start, text in described)
        if signal:
            return Found(text, signal, candidates=(Candidate(text, signal), *seen))
        seen.append(Candidate(text, "markup:standfirst", "in_body"))
        if start is not None and number >= start:
            break
    return Found(None, reason="not_stated", candidates=tuple(seen))


def _set_apart(page: Page, number: int, heading: int, start: int | None, described: bool) -> str | None:
    element = page.blocks[number].element
    around = [element, *(i for _, i in zip(range(2), page.ancestors(element), strict=False))]
    if any(
        _STANDFIRST.search(page.elements[i].names)
        for i in around
        if page.elements[i].tag not in ("html", "body")
    ):
        return "markup:standfirst"
    if page.elements[element].tag == "h2" and number == heading + 1:
        return "markup:h2"
    above = start is not None and number < start
    return "meta:description" if described and above else None


def place(page: Page, headline: str | None, start: int | None) -> int | None:
    """The block of the headline: a heading of it, else the last line of it before the text, else the only heading."""
    if not headline:
        return None
    blocks = page.blocks
    starts = [page.elements[index].start for index in page.tagged.get("h1", [])[:_HEADINGS]]
    headings = [page.blocks_of(piece, piece).start for piece in starts]
    stop = len(blocks) if start is None else start
    lines = range(stop - 1, max(0, stop - _FIRST) - 1, -1)
    alike = (
        i
        for i in (*headings, *lines)
        if i < len(blocks) and abs(len(blocks[i].text) - len(headline)) < _ALIKE
    )
    said = next((i for i in alike if _same(blocks[i].text, headline)), None)
    if said is None and len(headings) == 1 and headings[0] < len(blocks):
        return headings[0]
    return said


def _same(one: str, other: str) -> bool:
    return _flat(one) == _flat(other)


def _flat(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold().replace("_", " ")))
