"""A source as it is declared: where a publication's new articles are found, and how it may be asked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Annotated
from urllib.parse import urldefrag

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl, ValidationError


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return text


def _address(text: str) -> str:
    if any(c.isspace() for c in text):
        raise ValueError("an address holds no white space")
    try:
        HttpUrl(text)
    except ValidationError as error:
        raise ValueError(error.errors()[0]["msg"]) from None
    return text


def same(address: str) -> str:
    """An address in the form that equal addresses share, without fragment; what is no address as it is."""
    try:
        return urldefrag(str(HttpUrl(address))).url
    except ValidationError:
        return address


def distinct(addresses: Iterable[str]) -> tuple[str, ...]:
    """Each address once, in order, as it is written first."""
    first: dict[str, str] = {}
    for address in addresses:
        first.setdefault(same(address), address)
    return tuple(first.values())


def _line(text: str) -> str:
    if any(unicodedata.category(c) == "Cc" for c in text):
        raise ValueError("holds a control character")
    return text


ID = r"^[a-z0-9][a-z0-9_-]{0,63}$"
Pattern = Annotated[str, AfterValidator(_pattern)]
Address = Annotated[str, AfterValidator(_address)]
Line = Annotated[str, Field(min_length=1), AfterValidator(_line)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Page(_Part):
    """An HTML page whose links are articles."""

    url: Address = Field(description="The page's address.")
    links: Pattern = Field(
        default=".", description="Regular expression that the links' addresses must match."
    )


class Politeness(_Part):
    """How each host of the source may be asked."""

    concurrency: int = Field(default=2, ge=1, le=64, description="Requests to one host at once.")
    delay: float = Field(
        default=1.0, ge=0, le=3600, description="Seconds between the starts of two requests to one host."
    )
    obey_robots: bool = Field(default=True, description="Whether robots.txt is asked first.")


class Expect(_Part):
    """What the source must bring; what it does not is a gap."""

    articles_per_day: float | None = Field(
        default=None, ge=0, description="At least so many new articles a day."
    )
    median_words: int | None = Field(
        default=None, ge=0, description="At least so many words in the median article."
    )


class Source(_Part):
    """One file of ``deployments/sources/``."""

    id: str = Field(pattern=ID, description="The file's name without .toml.")
    name: Line = Field(description="What people call it.")
    site: Address | None = Field(default=None, description="Its home page.")
    outlet: Line | None = Field(default=None, description="Publication that its articles are filed under.")
    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2 code.")
    language: str | None = Field(default=None, pattern=r"^[a-z]{2,3}$", description="ISO 639 code.")
    tags: tuple[Line, ...] = Field(
        default=(), description="Groups that it belongs to; folders and categories in OPML."
    )
    enabled: bool = Field(default=True, description="Whether runs ask it.")
    feeds: tuple[Address, ...] = Field(default=(), description="Addresses of RSS, Atom and JSON feeds.")
    sitemaps: tuple[Address, ...] = Field(
        default=(), description="Addresses of sitemaps and sitemap indexes."
    )
    include: tuple[Pattern, ...] = Field(
        default=(),
        description="Regular expressions; an article's address must match one of them, if there is any.",
    )
    exclude: tuple[Pattern, ...] = Field(
        default=(), description="Regular expressions; an article's address may match none of them."
    )
    window_days: int = Field(
        default=7,
        ge=1,
        description="How many days old a sitemap's entry may be, unless a run says otherwise.",
    )
    allow_private: bool = Field(
        default=False, description="Whether it may be on this machine or a private network."
    )
    max_bytes: int = Field(default=8 << 20, ge=1024, description="The longest article page, in bytes.")
    pages: tuple[Page, ...] = Field(default=(), description="HTML pages whose links are articles.")
    politeness: Politeness = Field(
        default=Politeness(), description="How each host of the source may be asked."
    )
    expect: Expect = Field(
        default=Expect(), description="What the source must bring; what it does not is a gap."
    )
