"""What is said of a request and of a response beside the body."""

from __future__ import annotations

import re
from collections.abc import Mapping

import httpx

from tasks.web.model import Request

# One value for pages and lists alike: servers that choose by it are to give what a reader would get.
STANDING = {
    "accept": "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,text/xml;q=0.9,*/*;q=0.8",
    "accept-language": "*",
    "accept-encoding": "gzip, deflate, br, zstd",
}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SENDABLE = re.compile(r"[!-~](?:[ -~]{0,1022}[!-~])?")
_CHARSET = re.compile(r"""[;,\s]charset\s{0,9}=\s{0,9}["']?([A-Za-z0-9._:+-]{1,80})""", re.IGNORECASE)
_LONGEST = 200
_PRODUCT = re.compile(r"[A-Za-z_-]+")


def standing(user_agent: str) -> dict[str, str]:
    """The headers of every request. Raises ValueError for a user agent that cannot be sent."""
    if not _SENDABLE.fullmatch(user_agent) or not _PRODUCT.match(user_agent):
        raise ValueError(f"not a user agent: {user_agent!r}")
    return {"user-agent": user_agent, **STANDING}


def product_token(user_agent: str) -> str:
    """The name that robots.txt knows us by: what the user agent starts with, up to its version."""
    found = _PRODUCT.match(user_agent)
    return found[0].lower() if found else ""


def validators(request: Request) -> dict[str, str]:
    """If-None-Match and If-Modified-Since, where the request's values can be sent as they are."""
    given = {"if-none-match": request.etag, "if-modified-since": request.last_modified}
    stripped = {name: value.strip() for name, value in given.items() if value}
    return {name: value for name, value in stripped.items() if _SENDABLE.fullmatch(value)}


def received(headers: httpx.Headers) -> Mapping[str, str]:
    """The response's headers, names in lower case, without control characters and without its cookies."""
    return {
        name: _CONTROL.sub("", value)
        for name, value in headers.items()
        if name not in {"set-cookie", "set-cookie2"}
    }


def content_type(value: str | None) -> tuple[str | None, str | None]:
    """Media type (lower case) and charset that a Content-Type states; None for each that it does not."""
    if not value:
        return None, None
    media = _CONTROL.sub("", value.partition(";")[0]).strip().lower()
    charset = _CHARSET.search(value)
    return media[:_LONGEST] or None, charset[1] if charset else None
