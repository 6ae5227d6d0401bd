"""A page to an article: its body, the fields around it, and what kind of page it is at all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from tasks.article import byline, correction, dates, html_body, html_text, language, quirks
from tasks.article.byline_name import person
from tasks.article.canonical_choice import choose
from tasks.article.date_header import Kind
from tasks.article.date_text import is_mostly_dates
from tasks.article.html_dates import dates_in_page
from tasks.article.html_fields import addresses_in_page, fields
from tasks.article.model import Body, DateCandidate, Examined, Found, Shown
from tasks.article.normalise import normalise
from tasks.article.page import Page, read
from tasks.article.page_kind import kind
from tasks.article.paywall import free, gates, is_paywalled
from tasks.article.quirks import Quirk
from tasks.article.quotes import quotes
from tasks.article.record import NO_HINTS, Hints, assemble, preferred
from tasks.article.stated import date_of

_HEADER: Final = 3  # blocks that a body may wrongly open with
_OTHERS: Final = frozenset(("a", "nav", "figure", "figcaption", "button", "form"))
_CREDIT: Final = 120  # characters; a longer line is no byline


def from_html(
    html: str,
    *,
    url: str | None = None,
    final_url: str | None = None,
    captured_at: datetime | None = None,
    latest: datetime | None = None,
    stated: Mapping[str, Found[Any]] = {},
    stated_dates: Sequence[DateCandidate] = (),
    hinted: Hints = NO_HINTS,
    quirk: Quirk | None = None,
    shown: bool = False,
) -> Examined:
    """Give the article of a page, and how it came about; a page that holds none has the text "" and says in ``kind``
    what it is.

    ``stated`` and ``stated_dates``: what a record says beside the page, which wins; ``hinted``: what a list said of
    it, which counts where the page says nothing. ``final_url``: the address that answered, if not ``url``. ``latest``:
    dates after it are refused. ``quirk``:
    the source's own selectors, which win over all that the page says by the general rules. ``shown``: give the page's
    blocks too.
    """
    page = read(html, quirks.selectors(quirk) if quirk else ())
    address = final_url or url
    body = html_body.find(page)
    own: dict[str, Found[Any]] = {}
    if quirk:
        own, body = quirks.apply(page, quirk, address), quirks.body(page, quirk, body)
    asked = gates(page, body)
    what, paywalled = kind(page, body, asked, address), is_paywalled(page, body, asked)
    body = free(page, body, asked)
    found = fields(page, body.start, body.stop, address)
    if declared := choose(url, final_url, addresses_in_page(page)):
        found["canonical_url"] = Found(declared, "canonical")
    found["is_paywalled"] = paywalled
    body = _below(page, body, found["subtitle"].value, found["authors"].value or ())
    text = normalise(body.text) if what.value == "article" else ""
    told, confidence = language.identify(text)
    spoken = preferred(stated, {"language": told}, hinted.fields, _declared(page))["language"]
    code = spoken.value
    candidates = [
        *stated_dates,
        *_dates(own, code),
        *dates_in_page(page, body.start, url=address, captured_at=captured_at, language=code),
        *hinted.dates,
    ]
    known = preferred(stated, own, _spelt(found), hinted.fields)
    return assemble(
        {
            **known,
            "corrections": correction.notes(known["title"].value, text, _beside(page, body), code),
            "language": spoken,
            "kind": what,
            "text": Found(text, body.signal)
            if text
            else Found(None, reason="no_article" if html.strip() else "empty"),
        },
        dates.chosen(candidates, latest),
        text,
        quotes(text, code) if text else (),
        confidence=confidence if spoken.signal == told.signal else None,
        blocks=_blocks(page, body) if shown else (),
    )


def _beside(page: Page, body: Body) -> list[list[str]]:
    """What stands near the body and may be the editors' words, by runs of neighbours."""
    runs = correction.around(body.kept, len(page.blocks))
    return [[_normal(page.blocks[index].text) for index in run if _is_said(page, index)] for run in runs]


def _is_said(page: Page, index: int) -> bool:
    """Whether a block is words of its own, and no link, list of links or caption."""
    block = page.blocks[index]
    around = (block.element, *page.ancestors(block.element))
    return 2 * block.linked <= len(block.text) and all(page.elements[at].tag not in _OTHERS for at in around)


def _below(page: Page, body: Body, subtitle: str | None, authors: Collection[str]) -> Body:
    """The body without the subtitle, the byline and the date that it opens with, where our own rules chose it."""
    if body.signal != "blocks":
        return body
    header: dict[int, str] = {}
    for index in body.kept[: min(_HEADER, len(body.kept) - 1)]:
        text = page.blocks[index].text
        if text == subtitle:
            header[index] = "subtitle"
        elif _is_credit(text, authors):
            header[index] = "credit"
        else:
            break
    return html_text.without(page, body, header) if header else body


def _is_credit(line: str, authors: Collection[str]) -> bool:
    """Whether the line is nothing but a date or the byline of one of the authors."""
    if len(line) > _CREDIT:
        return False
    if is_mostly_dates(line):
        return True
    named = byline.parse(line)
    return person(line) in authors or (named is not None and not {*named.authors}.isdisjoint(authors))


def _declared(page: Page) -> dict[str, Found[Any]]:
    """The language that the page says it is in; many say so by habit."""
    code = (page.language or "").strip().partition("-")[0].partition("_")[0].lower()
    return {"language": Found(code, "markup:lang")} if code.isalpha() and 2 <= len(code) <= 3 else {}


def _dates(own: dict[str, Found[Any]], code: str | None) -> list[DateCandidate]:
    """The dates that the source's own selectors found, which are then no fields of their own."""
    kinds: tuple[tuple[str, Kind], ...] = (("published_at", "published"), ("modified_at", "modified"))
    written = [(own.pop(name).value, kind) for name, kind in kinds if name in own]
    found = [date_of(value, quirks.SIGNAL, kind, code) for value, kind in written]
    return [candidate for candidate in found if candidate]


def _spelt(found: Mapping[str, Found[Any]]) -> dict[str, Found[Any]]:
    """The fields in the one spelling of ``normalise``."""
    return {
        name: replace(
            field,
            value=_normal(field.value),
            candidates=tuple([replace(c, value=_normal(c.value)) for c in field.candidates]),
        )
        for name, field in found.items()
    }


def _normal(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple([_normal(one) for one in value])
    if not isinstance(value, str) or (value.isascii() and value.isprintable()):
        return value
    return " ".join(normalise(value).split())


def _blocks(page: Page, body: Body) -> tuple[Shown, ...]:
    kept = frozenset(body.kept)
    likely = body.likely or (None,) * len(page.blocks)
    why = body.why or tuple("body" if index in kept else "other" for index in range(len(page.blocks)))
    return tuple(
        Shown(block.text, index in kept, why[index], likely[index], page.elements[block.element].tag)
        for index, block in enumerate(page.blocks)
    )
