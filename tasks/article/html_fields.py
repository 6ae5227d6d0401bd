"""What a page says about its article besides the text and its dates, field by field."""

from __future__ import annotations

from typing import Any

from tasks.article import html_authors, html_byline, html_credits, html_image, html_title, html_topics
from tasks.article.byline_dateline import dateline
from tasks.article.html_choice import first
from tasks.article.html_linked import objects, strings
from tasks.article.html_site import outlet, site
from tasks.article.model import Found
from tasks.article.page import Page

_ENDING = 3  # blocks at the end of the text that may credit an agency


def fields(
    page: Page, start: int | None = None, stop: int | None = None, url: str | None = None
) -> dict[str, Found[Any]]:
    """Give title, subtitle, authors, agencies, dateline, outlet, section, tags and image_url.

    ``start``, ``stop``: the range of ``page.blocks`` from the first block of the text to its last, None where it is
    not known; ``url``: the page's address. Each field has its candidates in order of trust.
    """
    named = site(page, url)
    title = html_title.title(page, start, named)
    heading = html_title.place(page, title.value, start)
    stated = html_credits.stated(page, named)
    bylines = html_byline.shown(page, heading, start, stop, named)
    first = page.blocks[start].text if start is not None and start < len(page.blocks) else ""
    ending = [block.text for block in page.blocks[max(start or 0, stop - _ENDING) : stop]] if stop else []
    opening = dateline(first)
    return {
        "title": title,
        "subtitle": html_title.subtitle(page, title, start),
        "authors": html_authors.authors(stated, bylines),
        "agencies": html_authors.agencies(stated, bylines, opening, ending),
        "dateline": _place(opening.place if opening else None, bylines),
        "outlet": outlet(page, named, url),
        "section": html_topics.section(page, title.value, named),
        "tags": html_topics.tags(page, title.value, start, named),
        "image_url": html_image.image_url(page, url),
    }


def _place(opening: str | None, bylines: list[html_byline.Shown]) -> Found[str]:
    seen = [(opening, "text:dateline", None)] if opening else []
    seen += [(one.city, one.signal, None) for one in bylines if one.city and one.place == "header"]
    return first(seen)


def addresses_in_page(page: Page) -> list[str]:
    """What a page calls its own address, as written, the most trustworthy first; links that disagree say nothing."""
    elements = page.elements
    links = {
        elements[index].attributes.get("href", "").strip()
        for index in page.tagged.get("link", ())
        if "canonical" in elements[index].attributes.get("rel", "").lower().split()
    }
    found = [*links] if len(links) == 1 else []
    found += page.metas.get("og:url", [])[:1]
    for item in page.linked:
        if item.get("headline") or item.get("articleBody"):
            stated = item.get("mainEntityOfPage")
            for one in objects(stated, ())[:1]:
                stated = one.get("@id") or one.get("url")
            found += [*strings(stated)[:1], *strings(item.get("url"))[:1]]
    return [address for address in found if address]
