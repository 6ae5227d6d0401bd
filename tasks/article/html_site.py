"""What a page calls its own site: known so that it can be told apart from titles and authors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from tasks.article.html_choice import first
from tasks.article.html_linked import objects, plain, strings, types
from tasks.article.model import Found
from tasks.article.page import Page

_NAMED = ("og:site_name", "application-name", "apple-mobile-web-app-title", "dc.publisher", "al:ios:app_name")
_SITES = frozenset(("website", "organization", "newsmediaorganization", "corporation", "localbusiness"))
_NOT_OWN = frozenset(
    ("www", "m", "amp", "blog", "blogs", "news", "com", "co", "org", "net", "gov", "edu", "ac")
)
_LETTERS = re.compile(r"[^\W_]+")
_SLOGAN = re.compile(r"\s+[|–—•·-]\s.*|\s*\|.*")
_COMPANY = re.compile(
    r"\b(?:GmbH|AG|KG|Ltd|LLC|Inc|Corp|Limited|Verlag|S\.?p\.?A|S\.?r\.?l|S\.A|A/S|AB|Group)\b"
)
_ENDS = re.compile(r"\s+[|–—•·»-]\s+|\s*[|｜ㅣ]\s*")
_LONGEST = 60  # characters of a name; longer ones are slogans
_OBJECTS = 100  # objects of the page's JSON-LD that are read
_LEAST = 4  # letters of a part of a name by which the site is known


@dataclass(frozen=True, slots=True)
class Site:
    """``names``: as written, the most trustworthy first, each with its signal; ``keys``: what they and the
    hosts come down to, letters and digits alone."""

    names: tuple[tuple[str, str], ...]
    keys: frozenset[str]

    def is_named(self, text: str) -> bool:
        """Whether the text is a name of the site: one of its names, or nearly one ("The Calder Courier Online")."""
        own = key(text)
        if not own:
            return False
        if own in self.keys:
            return True
        return any(_nearly(one, own) for one in self.keys)


def site(page: Page, url: str | None = None) -> Site:
    """Gather the site's names from meta tags, JSON-LD, and the hosts of its addresses."""
    titles = {plain(text) for text in (page.title, *page.metas.get("og:title", ())) if text}
    seen = dict.fromkeys(_stated(page))
    names = [(name, signal) for name, signal in seen if name not in titles and len(name) <= _LONGEST]
    keys = {key(name) for name, _ in names}
    for address in (url, *page.metas.get("og:url", ())[:1]):
        keys.update(_labels(address))
    return Site(tuple(names), frozenset(keys - {""}))


def outlet(page: Page, named: Site, url: str | None = None) -> Found[str]:
    """Find the outlet's name: what the page calls its site, else the end of <title> that the host bears out.

    An address alone names a host, not an outlet (``host_only``).
    """
    seen = [(_SLOGAN.sub("", name), signal) for name, signal in named.names]
    hosts = frozenset(chain.from_iterable(map(_labels, (url, *page.metas.get("og:url", ())[:1]))))
    last = _ENDS.split(plain(page.title or ""))[-1]
    if last != plain(page.title or "") and any(_nearly(key(last), host) for host in hosts):
        seen.append((last, "title"))
    seen.sort(key=lambda one: _COMPANY.search(one[0]) is not None)  # a publisher's firm is the last resort
    names = [(name, signal, None) for name, signal in seen if name and not _is_address(name)]
    return first(names, "host_only" if url else "not_stated")


def _is_address(name: str) -> bool:
    return "//" in name or name.startswith(("www.", "@"))


def key(text: str) -> str:
    """Letters and digits alone, in small letters: "The Calder-Courier" and "thecaldercourier" are one."""
    return "".join(_LETTERS.findall(text.casefold()))


def _nearly(one: str, other: str) -> bool:
    """Whether one is the other but for a third at most."""
    short, long = sorted((one, other), key=len)
    return len(short) >= _LEAST and 3 * len(short) >= 2 * len(long) and short in long


def _stated(page: Page) -> Iterator[tuple[str, str]]:
    for name in page.metas.get("og:site_name", ())[:1]:
        yield plain(name), "meta:og:site_name"
    for item in page.linked[:_OBJECTS]:
        for publisher in objects(item.get("publisher"), page.linked):
            if "person" in types(publisher):
                continue  # who writes a site alone
            yield from ((name, "json-ld:publisher") for name in _names(publisher))
    for name in _NAMED[1:]:
        for value in page.metas.get(name, ())[:1]:
            yield plain(value), f"meta:{name}"
    for item in page.linked[:_OBJECTS]:
        if not _SITES.isdisjoint(types(item)):
            yield from ((name, "json-ld:site") for name in _names(item))


def _names(item: Mapping[str, Any]) -> Iterable[str]:
    return [name for field in ("name", "alternateName") for name in strings(item.get(field))]


def _labels(address: str | None) -> Iterator[str]:
    """What a host is called: "calder-courier.example" and "caldercourier" for www.calder-courier.example."""
    try:
        host = urlsplit(address or "").hostname or ""
    except ValueError:
        return
    yield key(host.removeprefix("www."))
    labels = [label for label in host.split(".") if label not in _NOT_OWN]
    yield key("".join(labels))
    yield from (key(label) for label in labels[:-1] or labels if len(label) >= 3)
