"""Identities: which article a document is, and which version of it."""

from __future__ import annotations

import hashlib
import json
import re

from tasks.article.canonical import canonical
from tasks.article.model import Article

__all__ = ["alike", "article_id", "canonical", "content_hash", "digest", "guid_key", "key", "url_key"]

# Of all the words of two texts; one pair in a thousand of pages on different matters shares as many, half a ninth.
_ALIKE = 0.3
_TELLING_TITLE = 3  # words; "Live" or "The day ahead" may stand over anything


def digest(*parts: str | bytes | None) -> str:
    """32 hexadecimal digits that differ where any part differs; None and "" are different parts."""
    state = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        state.update(b"-" if data is None else b"%d:" % len(data))
        state.update(data or b"")
    return state.hexdigest()


def key(identity: str) -> int:
    """The first 8 bytes of a digest as a signed 64-bit number: what the lake joins on."""
    return int.from_bytes(bytes.fromhex(identity[:16]), "big", signed=True)


def article_id(canonical_url: str | None, body: bytes) -> str:
    """The article's identity: from its canonical URL, or from the bytes of the document where it has none.

    From the bytes and not from the extracted text, so that a better extractor makes a new version of the same
    article and not another article. The scheme plays no part: sites move from http to https.
    """
    if canonical_url:
        return digest("url", canonical_url.partition("://")[2])
    return digest("body", body.strip())


def content_hash(article: Article) -> str:
    """What makes a version: headline, standfirst, authors and text."""
    return digest(article.title, article.subtitle, json.dumps(article.authors), article.text)


def url_key(url: str) -> int:
    """What an address is looked up by; an article known by its canonical URL has the same ``key``."""
    return key(article_id(canonical(url) or url, b""))


def guid_key(source_id: str, guid: str | None) -> int | None:
    """What a feed's own identity of an entry is looked up by."""
    return key(digest(source_id, guid)) if guid else None


def alike(one: tuple[str | None, str], other: tuple[str | None, str]) -> bool:
    """Whether two (title, text) may be versions of one article: the same title, or much the same words."""
    titles = [_words(title or "") for title, _ in (one, other)]
    if titles[0] == titles[1] and len(titles[0]) >= _TELLING_TITLE:
        return True
    mine, its = (_words(text) for _, text in (one, other))
    return len(mine & its) >= _ALIKE * max(1, len(mine | its))


def _words(text: str) -> set[str]:
    if any(c > "⺀" for c in text):  # scripts without spaces: pairs of characters
        return {text[i : i + 2] for i in range(len(text) - 1)}
    return set(re.findall(r"\w+", text.casefold()))
