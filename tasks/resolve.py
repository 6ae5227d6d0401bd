"""Stage resolve: which article each capture is of, when its address, its feed's guid or its title have changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
from deltalake import DeltaTable

from tasks.article.canonical_choice import choose, one_publisher
from tasks.article.identity import alike, article_id, key, url_key
from tasks.lake.rows import lookup, replaced
from tasks.lake.store import Lake

# A text that moved is known by being the same; shorter ones are the same for other reasons.
LEAST_WORDS = 50

_OF_CAPTURES = ("capture_id", "source_id", "url", "final_url", "url_key", "guid", "guid_key", "article_id")
_OF_ARTICLES = (
    "capture_id", "article_id", "key", "canonical_url", "title", "word_count", "content_hash", "content_key",
)  # fmt: skip

# Few are compared by these, and to make Python objects of all would take longer than all else.
_COMPARED = ("text", "published_at")

# An article with what is known of its capture: the columns above, and those that _pages adds.
_Page = dict[str, Any]


def resolve(lake: Lake, state: Mapping[str, DeltaTable], captures: pa.Table, articles: pa.Table) -> pa.Table:
    """The articles, each under the identity that the lake, or an earlier one of them, knows it by.

    The first of these that holds:

    1. An article has the identity that follows from the canonical URL.
    2. The canonical URL, the address asked for, or the one that answered was asked for before, and held an article.
    3. The source has given the same guid to an article before.
    4. The source has published the same text, word for word, at another address of the same publisher, on the same
       day as far as days are known.

    Otherwise it is a new article. Guids and addresses are used again, and all pages of a site may declare the same
    canonical URL: 2 and 3 count, and so does 1 where only the page itself says so, if title or text are ``alike`` those
    of the article's latest version; the title only if the two may be of the same day. A page whose declaration is
    thereby a lie goes by the address it was found at.
    What ``captures.article_id`` holds already has been decided, and stays.
    """
    pages = _pages(captures, articles)
    known = _Known(lake, state, [page for page in pages if page["word_count"] and not page["decided"]])
    for page in pages:
        if page["word_count"]:
            own = page["article_id"]
            page["article_id"] = page["decided"] or known.identity(page)
            known.learn(page)
            where = None if page["article_id"] == own else _found_at(page)
            if where and page["article_id"] == article_id(where, b""):
                page["canonical_url"] = where
    return replaced(
        articles,
        article_id=[page["article_id"] for page in pages],
        key=[key(page["article_id"]) for page in pages],
        canonical_url=[page["canonical_url"] for page in pages],
    )


def _pages(captures: pa.Table, articles: pa.Table) -> list[_Page]:
    of = {row["capture_id"]: row for row in captures.select(_OF_CAPTURES).to_pylist()}
    compared = articles.select(_COMPARED)
    pages: list[_Page] = []
    for index, article in enumerate(articles.select(_OF_ARTICLES).to_pylist()):
        capture = of[article["capture_id"]]
        pages.append(
            {
                **capture,
                **article,
                "decided": capture["article_id"],
                "final_key": capture["final_url"] and url_key(capture["final_url"]),
                "row": compared.slice(index, 1),
            }
        )
    return pages


class _Known:
    """What the lake, and the batch so far, know of articles."""

    def __init__(self, lake: Lake, state: Mapping[str, DeltaTable], pages: Sequence[_Page]) -> None:
        """Looks up all that ``identity`` may need for these pages."""
        placed = [page for page in pages if page["canonical_url"]]
        self.ids = {
            row["article_id"] for row in lookup(lake, state, "known_articles", _keys("key", placed, "key"))
        }
        unsure = [page for page in placed if page["article_id"] not in self.ids or _is_declared(page)]
        addresses = _keys("url_key", unsure, "key", "url_key", "final_key")
        self.addresses = {
            row["url_key"]: row["article_id"] for row in lookup(lake, state, "known_addresses", addresses)
        }
        self.guids = {
            (row["source_id"], row["guid"]): row["article_id"]
            for row in lookup(lake, state, "known_guids", _keys("guid_key", unsure, "guid_key"))
        }
        self.contents: dict[tuple[str, str], list[_Page]] = defaultdict(list)
        long = [page for page in unsure if page["word_count"] >= LEAST_WORDS]
        for row in lookup(lake, state, "known_contents", _keys("content_key", long, "content_key")):
            self.contents[row["source_id"], row["content_hash"]].append(row)
        candidates = {id for page in unsure for id in self._candidates(page)} | {
            page["article_id"] for page in unsure if page["article_id"] in self.ids
        }
        wanted = pa.table({"key": pa.array(sorted(map(key, candidates)), pa.int64())})
        self.versions = {row["article_id"]: row for row in lookup(lake, state, "known_texts", wanted)}

    def identity(self, page: _Page) -> str:
        """Which article a page is; see ``resolve``."""
        own: str = page["article_id"]
        if own in self.ids and (not _is_declared(page) or self._is_version_of(page, own)):
            return own
        for candidate in self._candidates(page):
            if self._is_version_of(page, candidate):
                return candidate
        if page["word_count"] >= LEAST_WORDS:
            for other in self.contents[page["source_id"], page["content_hash"]]:
                if _has_moved(other, page):
                    moved: str = other["article_id"]
                    return moved
        return article_id(_found_at(page), b"") if own in self.ids else own

    def learn(self, page: _Page) -> None:
        """The page is an article from now on: that of its ``article_id``."""
        identity = page["article_id"]
        self.ids.add(identity)
        self.versions[identity] = page
        if page["url_key"] is not None:
            self.addresses[page["url_key"]] = identity
        if page["guid"] is not None:
            self.guids[page["source_id"], page["guid"]] = identity
        self.contents[page["source_id"], page["content_hash"]].append(page)

    def _candidates(self, page: _Page) -> Iterator[str]:
        found = [self.addresses.get(page[name]) for name in ("key", "url_key", "final_key")]
        found.append(self.guids.get((page["source_id"], page["guid"])))
        return filter(None, found)

    def _is_version_of(self, page: _Page, identity: str) -> bool:
        version = self.versions.get(identity)
        if version is None:
            return False
        version, page = _compared(version), _compared(page)
        # A title stands over a column or a forecast every day: on another day, only the text tells.
        one, other = (row["title"] if _may_share_day(version, page) else None for row in (version, page))
        return alike((one, version["text"]), (other, page["text"]))


def _keys(name: str, pages: Sequence[_Page], *columns: str) -> pa.Table:
    keys = {page[column] for page in pages for column in columns} - {None}
    return pa.table({name: pa.array(sorted(keys), pa.int64())})


def _is_declared(page: _Page) -> bool:
    """Whether nothing but the page itself says that its canonical URL is its own."""
    return page["key"] not in (page["url_key"], page["final_key"]) and _found_at(page) is not None


def _found_at(page: _Page) -> str | None:
    """The address of a page, whatever it says of itself."""
    return choose(page["url"], page["final_url"])


def _compared(page: _Page) -> _Page:
    """The page with _COMPARED, which one of the lake has already."""
    return page | page["row"].to_pylist()[0] if "row" in page else page


def _has_moved(before: _Page, page: _Page) -> bool:
    days_allow = _may_share_day(_compared(before), _compared(page))
    return days_allow and one_publisher(before["canonical_url"], page["canonical_url"])


def _may_share_day(one: _Page, other: _Page) -> bool:
    """Whether both were published on the same day, as far as days are known."""
    return len({row["published_at"].date() for row in (one, other) if row["published_at"]}) < 2
