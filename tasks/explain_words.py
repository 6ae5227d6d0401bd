"""The codes of extraction in words: what fields, signals and kinds of page are called by people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from tasks.article.reasons import BLOCKS, MEANINGS

FIELDS: Final[Mapping[str, str]] = {
    "kind": "Kind of page",
    "title": "Title",
    "subtitle": "Subtitle",
    "authors": "Authors",
    "agencies": "Agencies",
    "dateline": "Dateline",
    "outlet": "Outlet",
    "published_at": "Published",
    "modified_at": "Modified",
    "language": "Language",
    "section": "Section",
    "tags": "Tags",
    "canonical_url": "Own address",
    "image_url": "Lead image",
    "is_paywalled": "Paywalled",
    "text": "Text",
    "quotes": "Quotations",
    "corrections": "Corrections",
}
"""Fields in the order in which they are shown."""

_SIGNALS: Final[Mapping[str, str]] = {
    "record": "the record beside the document",
    "feed": "the feed that names it",
    "source": "the declaration of its source",
    "url": "the address",
    "canonical": "the addresses that the page goes by",
    "host": "the host in the address",
    "json-ld": "the page's JSON-LD",
    "json-ld:page": "the page's JSON-LD, of the page",
    "json-ld:media": "the page's JSON-LD, of a picture or recording",
    "json-ld:site": "the page's JSON-LD, of the site",
    "microdata": "the page's microdata",
    "h1": "the page's main heading",
    "title": "the page's <title>",
    "source:css": "the source's own selectors",
    "meta": "the page's meta tags",
    "link": "the page's links",
    "data": "a data attribute",
    "breadcrumb": "the breadcrumbs",
    "declared": "what the page calls itself",
    "body": "what the page shows",
    "time": "a <time> element",
    "blocks": "the page's blocks",
    "text": "the article's text",
    "text:lines": "the lines of the text",
    "text:headline": "the headline",
    "text:doubled": "the headline, which stands there twice",
    "text:standfirst": "the standfirst",
    "text:byline": "the byline",
    "text:dateline": "the dateline",
    "text:credit": "a signature",
    "text:self-reference": "what the text calls itself",
    "text:lead": "the opening of the text",
    "text:relative": "a time ago, by the moment of capture",
    "text:label": "a label before it",
    "text:header": "a line above the text",
    "text:footer": "a line below the text",
    "text:caption": "a caption",
    "text:body": "the running text",
    "text:note": "a note to readers",
    "text:byline:header": "the byline above the text",
    "text:byline:above": "the byline above the headline",
    "markup:byline:above": "the byline above the headline, by its markup",
    "text:byline:footer": "the byline below the text",
    "markup:byline:header": "the byline above the text, by its markup",
    "markup:byline:footer": "the byline below the text, by its markup",
    "markup:lang": "the page's lang attribute",
    "markup:tag": "the page's links to its tags",
    "json-ld:created": "the page's JSON-LD, when it was made",
    "json-ld:publisher": "the page's JSON-LD, its publisher",
    "script": "the page's scripts",
}
_FAMILIES: Final[Mapping[str, str]] = {
    "meta": "the meta tag {}",
    "link": "the link {}",
    "markup": "the {}, by its markup",
    "json-ld": "the page's JSON-LD: {}",
    "url": "the address: {}",
    "host": "the host in the address: {}",
}

_KINDS: Final[Mapping[str, str]] = {
    "list_page": "it is a page that lists articles",
    "not_found": "it is a page that says there is nothing here",
    "bot_wall": "it is a page that keeps robots out, or asks for consent",
    "paywall": "it is what stands before a paywall",
    "media": "it is pictures, a video or a recording without a text",
}


def field_name(code: str) -> str:
    """The field's name as people say it."""
    return FIELDS.get(code, _plain(code).capitalize())


def signal(code: str | None) -> str:
    """Where a value came from, as a noun phrase; a code that has none stands for itself."""
    if not code:
        return ""
    family, _, rest = code.partition(":")
    if code in _SIGNALS:
        return _SIGNALS[code]
    return _FAMILIES[family].format(rest) if rest and family in _FAMILIES else code


def reason(code: str) -> str:
    """Why something is unknown or rejected, as a clause; what is no code (an error's message) as it is."""
    return cast("Mapping[str, str]", MEANINGS).get(code, _plain(code))


def block(code: str) -> str:
    """What a block was taken for, as a phrase."""
    return BLOCKS.get(code, _plain(code))


def kind(code: str) -> str:
    """What a document is that is no article, as a clause; nothing for one of no special kind."""
    return "" if code in ("article", "other") else _KINDS.get(code, f"it is {_plain(code)}")


def _plain(code: str) -> str:
    return code.replace("_", " ")
