"""A source as it is declared: where a publication's new articles are found, and how it may be asked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any
from urllib.parse import urldefrag

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    ValidationError,
    model_validator,
)

from tasks.article import quirks
from tasks.article.quirks import Quirk


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


def _several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


ID = r"^[a-z0-9][a-z0-9_-]{0,63}$"
Pattern = Annotated[str, AfterValidator(_pattern)]
Address = Annotated[str, AfterValidator(_address)]
Line = Annotated[str, Field(min_length=1), AfterValidator(_line)]
Selector = Annotated[str, AfterValidator(quirks.check)]
Selectors = Annotated[tuple[Selector, ...], BeforeValidator(_several)]


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


class Extract(_Part):
    """Where this source's pages have what the general rules do not find, or take for something else."""

    since: date | None = Field(default=None, alias="from", description="For captures from that day on (UTC).")
    until: date | None = Field(default=None, description="For captures before that day.")
    title: Selectors = Field(default=(), description="The headline.")
    subtitle: Selectors = Field(default=(), description="The subtitle or standfirst.")
    authors: Selectors = Field(default=(), description="The byline, or each author's name.")
    published: Selectors = Field(default=(), description="The date of publication.")
    modified: Selectors = Field(default=(), description="The date of the last change.")
    section: Selectors = Field(default=(), description="The section of the publication.")
    tags: Selectors = Field(default=(), description="The keywords, one each or all in one.")
    image: Selectors = Field(default=(), description="The lead image: its address, by an attribute.")
    body: Selectors = Field(default=(), description="The elements that hold the text.")
    remove: Selectors = Field(
        default=(), description="What is never text, wherever it stands; all of them count."
    )

    @model_validator(mode="after")
    def _is_of_use(self) -> Extract:
        if self.since and self.until and self.since >= self.until:
            raise ValueError("ends before it begins")
        if not any(getattr(self, name) for name in quirks.SELECTORS):
            raise ValueError("names no selector")
        return self


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
    extract: tuple[Extract, ...] = Field(
        default=(),
        description="CSS selectors for its pages, where the general rules fail; the first for the capture's day.",
    )

    @property
    def quirks(self) -> tuple[Quirk, ...]:
        """``extract`` as the extractor takes it."""
        return tuple(Quirk(**dict(extract)) for extract in self.extract)


def quirks_of(sources: Iterable[Source]) -> Mapping[str, tuple[Quirk, ...]]:
    """The quirks of those sources that have any, by the source's id."""
    return {source.id: source.quirks for source in sources if source.extract}
