"""A site's feeds and sitemaps, found by what its page and its robots.txt name and by where they usually are."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import urljoin

from tasks.article.decode import decode
from tasks.article.page import read as page_of
from tasks.check_source import Answer, ask, read
from tasks.files.streams import one_line
from tasks.web import opml
from tasks.web.autodiscovery import FEED_PATHS, SITEMAP_PATHS, lists_of
from tasks.web.client import Client
from tasks.web.listing import listing_hash
from tasks.web.model import Request, Response
from tasks.web.source import Politeness, Source, distinct, same

Kind = Literal["feed", "sitemap"]
GUESSED = "at a usual address"

# A site that names more lists of one kind names its sections, which the first ones hold too.
MOST = 20
_COMMENTS_ADDRESS = re.compile(r"/comments?[/.]|[?&]feed=comments", re.IGNORECASE)
_COMMENTS_TITLE = re.compile(r"comments? (?:on|for)\b", re.IGNORECASE)
_CODE = re.compile(r"[a-z]{2,3}(?![a-z])")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A list that may be the site's: ``how`` it was found, and why it is ``left_out``; None where it is taken."""

    kind: Kind
    url: str
    how: str
    answer: Answer | None = None
    left_out: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a site has: its source, None where no list is taken; every candidate; the ``error`` of its page."""

    source: Source | None = None
    candidates: tuple[Candidate, ...] = ()
    error: str | None = None


async def find(client: Client, asked: Request, source_id: str, taken: Mapping[str, str] = {}) -> Found:
    """Find the lists of the site at ``asked``, each of them read and with something in it.

    ``asked`` may be a list itself, which is then the only one. As politely as it is asked, so is the source.
    ``taken``: feeds that other sources have, in the form of ``same``, each with the id of its source.
    """
    if other := taken.get(same(asked.url)):
        return Found(error=f"{asked.url}: in source {other} already")
    response = await client.fetch(asked)
    if response.body is None:
        return Found(error=f"{asked.url}: {response.outcome}: {response.error}")
    page = response.final_url or asked.url
    search = _Search(client, asked, taken)
    itself = read(response, "feed")
    if itself.listing:
        search.settle(Candidate("feed", asked.url, "the address itself"), itself)
    else:
        pointed = lists_of(response.body, page, response.charset)
        await search.add("feed", [c.url for c in pointed if c.strength == "declared"], "declared by the page")
        if not search.taken_of("feed"):
            await search.add("feed", [c.url for c in pointed], "linked by the page")
        named = await client.sitemaps(replace(asked, url=page))
        await search.add("sitemap", [urljoin(page, url) for url in named], "named by robots.txt")
        await search.guess("feed", page, FEED_PATHS)
        await search.guess("sitemap", page, SITEMAP_PATHS)
    return Found(_source(search, response, source_id, is_page=not itself.listing), tuple(search.candidates))


@dataclass(slots=True)
class _Search:
    client: Client
    asked: Request
    others: Mapping[str, str]
    candidates: list[Candidate] = field(default_factory=list)
    _hashes: dict[str, str] = field(default_factory=dict)

    def taken_of(self, kind: Kind) -> list[Candidate]:
        return [c for c in self.candidates if c.kind == kind and c.left_out is None]

    async def add(self, kind: Kind, urls: Iterable[str], how: str) -> None:
        """Ask for those lists that were not asked for yet, together: the client minds the host's delay."""
        known = {same(c.url) for c in self.candidates}
        fresh = [Candidate(kind, url, how) for url in distinct(urls) if same(url) not in known]
        wanted = [c for c in fresh if not self._unasked(c)][:MOST]
        asked = [ask(self.client, replace(self.asked, url=c.url), kind) for c in wanted]
        answers = dict(zip((c.url for c in wanted), await asyncio.gather(*asked), strict=True))
        for candidate in fresh:
            self.settle(candidate, answers.get(candidate.url))

    async def guess(self, kind: Kind, page: str, paths: Iterable[str]) -> None:
        """Ask at one usual address after another until there is a list of this kind."""
        for path in paths:
            if self.taken_of(kind):
                break
            await self.add(kind, [urljoin(page, path)], GUESSED)

    def settle(self, candidate: Candidate, answer: Answer | None) -> None:
        """Take a list, or leave it out."""
        why = self._judge(candidate, answer) if answer else self._unasked(candidate) or f"more than {MOST}"
        found = replace(candidate, answer=answer, left_out=why)
        if answer and answer.listing:  # the content tells the form, whatever was looked for
            found = replace(found, kind="sitemap" if answer.listing.form.startswith("sitemap") else "feed")
        self.candidates.append(found)

    def _unasked(self, candidate: Candidate) -> str | None:
        """Why a list is left out without being asked for."""
        if not opml.host_of(candidate.url):
            return "no web address"
        if _COMMENTS_ADDRESS.search(candidate.url):
            return "comments"
        if other := self.others.get(same(candidate.url)):
            return f"in source {other} already"
        return None

    def _judge(self, candidate: Candidate, answer: Answer) -> str | None:
        """Why a list that answered is left out."""
        listing = answer.listing
        if listing is None:
            return f"{answer.outcome}: {answer.error}"
        if not (listing.entries or listing.children):
            return "holds no entry"
        if _COMMENTS_TITLE.match(listing.title or ""):
            return "comments"
        first = self._hashes.setdefault(listing_hash(listing), candidate.url)
        return None if first == candidate.url else f"names the same as {first}"


def _source(search: _Search, response: Response, source_id: str, *, is_page: bool) -> Source | None:
    feeds, sitemaps = search.taken_of("feed"), search.taken_of("sitemap")
    if not feeds and not sitemaps:
        return None
    site = response.final_url or search.asked.url
    site_name, language = _says(response) if is_page else (None, None)
    titles = [c.answer.listing.title for c in feeds if c.answer and c.answer.listing]
    languages = [c.answer.listing.language for c in feeds if c.answer and c.answer.listing]
    code = _CODE.match((language or next(filter(None, languages), "")).lower())
    return Source(
        id=source_id,
        name=site_name or one_line(next(filter(None, titles), "")) or opml.host_of(site),
        site=site if is_page else None,
        outlet=site_name,
        language=code[0] if code else None,
        feeds=tuple(c.url for c in feeds),
        sitemaps=tuple(c.url for c in sitemaps),
        allow_private=search.asked.allow_private,
        politeness=Politeness(delay=search.asked.delay),
    )


def _says(response: Response) -> tuple[str | None, str | None]:
    """The name and the language that a page states."""
    page = page_of(decode(response.body or b"", response.charset).text)
    name, *_ = page.metas.get("og:site_name", [""])
    return one_line(name) or None, page.language
