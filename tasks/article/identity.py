"""Identities: which article a document is, and which version of it."""

from __future__ import annotations

import hashlib
import json
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tasks.article.model import Article

# Parameters that say how a reader came, never what is shown.
_TRACKING = ("utm_", "fbclid", "gclid", "dclid", "msclkid", "igshid", "mc_cid", "mc_eid", "_ga", "yclid")


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


def canonical(url: str | None) -> str | None:
    """The address without fragment, tracking parameters, default port and a host's capitals.

    None for what is no http(s) address.
    """
    try:
        parts = urlsplit((url or "").strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        return None
    host = parts.hostname if port in {None, 80, 443} else f"{parts.hostname}:{port}"
    query = [
        (k, v)
        for k, v in parse_qsl(parts.query, keep_blank_values=True)
        if not k.lower().startswith(_TRACKING)
    ]
    return urlunsplit((parts.scheme.lower(), host, parts.path or "/", urlencode(query), ""))


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
