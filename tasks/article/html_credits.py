"""Whom a page states as its authors where machines read it: JSON-LD and meta tags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tasks.article.agency import credited
from tasks.article.byline import SEPARATOR, people
from tasks.article.byline_name import GIVEN, has_role, lower_case_name, person, single_name
from tasks.article.html_linked import articles, objects, plain, strings, types
from tasks.article.html_site import Site, key
from tasks.article.page import Page
from tasks.article.reasons import Reason

_METAS = (
    "article:author", "author", "byl", "parsely-author", "sailthru.author", "cxenseparse:author", "dc.creator",
    "dcterms.creator", "og:author", "article:author_name", "articleauthor", "article_author", "dable:author",
    "bc:authors", "citation_author", "citation_authors", "authors", "news_author", "lp.article:author",
)  # fmt: skip
_WRITTEN_BY = re.compile(
    r"\b(?:by|von|par|por|di|da|door|av|af|przez|yazan|автор|verfasst)\b|作者|執筆", re.IGNORECASE
)
_INVERTED = re.compile(r"([^\W\d_][\w'’-]+), ([^\W\d_][\w'’-]*\.?(?: [^\W\d_]\.?)?)")
_DOMAIN = re.compile(
    r"\bwww\.|\w\.(?:com|net|org|co|de|fr|es|it|nl|uk|be|ru|br|tr|se|no|dk)\b", re.IGNORECASE
)
_LONGEST = 500  # characters of one statement
_MOST = 40  # statements that are read
_LEAST = 4  # letters of a site's name that an account is called after
_ORGANISATIONS = frozenset(("organization", "corporation", "newsmediaorganization"))


@dataclass(frozen=True, slots=True)
class Credit:
    """One statement of authorship. ``text``: as written; ``people``, ``agencies``: whom it names; ``rejected``: why
    it names no author, None where it does; ``given``: given names alone, which another signal must confirm."""

    text: str
    signal: str
    people: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    rejected: Reason | None = None
    given: tuple[str, ...] = ()


def stated(page: Page, named: Site) -> list[Credit]:
    """What JSON-LD and meta tags say, in order of trust."""
    named = replace(named, keys=named.keys - _owners(page))
    found = [*_linked(page, named)]
    for name in _METAS:
        found += [_credit(plain(text), f"meta:{name}", named) for text in page.metas.get(name, ())[:_MOST]]
    label = " ".join(page.metas.get("twitter:label1", ())[:1])
    if _WRITTEN_BY.search(label):
        found += [
            _credit(plain(text), "meta:twitter:data1", named)
            for text in page.metas.get("twitter:data1", ())[:1]
        ]
    return [credit for credit in found if credit.text and "//" not in credit.text]


def _owners(page: Page) -> frozenset[str]:
    """The names of people whose own site it is: they are said to be a person and an organisation at once."""
    return frozenset(
        key(name)
        for item in page.linked
        if {"person", "organization"} <= types(item)
        for name in strings(item.get("name"))
    )


def _linked(page: Page, named: Site) -> Iterator[Credit]:
    """The authors of the first object that is the article and has some."""
    for item in articles(page.linked):
        credits = list(_authors(item, page.linked, named))
        yield from credits
        if any(credit.people for credit in credits):
            return


def _authors(item: Mapping[str, Any], linked: Sequence[Mapping[str, Any]], named: Site) -> Iterator[Credit]:
    for field in ("author", "creator"):
        value = item.get(field)
        for text in strings(value)[:_MOST]:
            yield _credit(text, "json-ld", named)
        for one in objects(value, linked):
            organised = not _ORGANISATIONS.isdisjoint(types(one))
            whole = " ".join(
                filter(None, (*strings(one.get("givenName"))[:1], *strings(one.get("familyName"))[:1]))
            )
            for text in strings(one.get("name")) or ([whole] if whole else []):
                yield _credit(text, "json-ld", named, organised=organised)
        if value:
            return


def _credit(text: str, signal: str, named: Site, *, organised: bool = False) -> Credit:
    text = text[:_LONGEST]
    agencies = credited(text)
    addressed = _DOMAIN.search(text) is not None and "@" not in text
    turned = None if agencies else _turned(text)
    names = tuple(
        name for name in ([turned] if turned else people([text])) if not is_organisation(name, named)
    )
    if organised or addressed:  # some pages state people so: a given name tells
        names = tuple(name for name in names if name.split(maxsplit=1)[0].casefold() in GIVEN)
    if names:
        return Credit(text, signal, names, agencies)
    if (lower := lower_case_name(text)) and not organised and not is_organisation(lower, named):
        return Credit(text, signal, (lower,), agencies)
    if organised:
        return Credit(text, signal, (), agencies, rejected="organisation")
    if addressed or named.is_named(text):
        return Credit(text, signal, (), agencies, rejected="site_name")
    given = () if agencies else _given(text)
    return Credit(text, signal, (), agencies, rejected="not_a_person", given=given)


def _given(text: str) -> tuple[str, ...]:
    """ "Jane", or "Jane & Maria" where both are known names."""
    parts = SEPARATOR.split(text)
    names = tuple(name for part in parts if (name := single_name(part)))
    known = len(parts) == 1 or all(name.casefold() in GIVEN for name in names)
    return names if known and len(names) == len(parts) else ()


def _turned(text: str) -> str | None:
    """ "Doe, Jane" as "Jane Doe"; None for what is not one name with the surname first."""
    inverted = _INVERTED.fullmatch(text)
    if inverted is None or inverted[2].isupper() or has_role(text):
        return None
    return person(f"{inverted[2]} {inverted[1]}")


def is_organisation(name: str, named: Site) -> bool:
    """Whether what looks like a person's name is the site's, which may be a person's too, or an agency's.

    "Calder K" is an account of the Calder Courier.
    """
    if credited(name):
        return True
    if name.split(maxsplit=1)[0].casefold() in GIVEN:
        return False
    first, *rest = name.split()
    initials = bool(rest) and len(first) >= _LEAST and all(len(word.rstrip(".")) == 1 for word in rest)
    account = initials and any(one.startswith(key(first)) for one in named.keys)
    return account or named.is_named(name)
