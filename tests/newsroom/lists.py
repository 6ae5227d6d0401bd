"""The lists that an outlet publishes: feeds of five kinds, sitemaps, robots.txt."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

from tests.newsroom.articles import Article, World
from tests.newsroom.outlets import Form, Outlet

FEED = 10  # items of a feed; older ones are on its next page
_URLSET = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"{}>\n{}\n</urlset>'


def feed(world: World, outlet: Outlet, edition: int, base: str, page: int = 1) -> tuple[str, str, datetime]:
    """The outlet's feed, its media type, and when it last changed; ``base``: the outlet's scheme, host and port."""
    articles = list(world.articles(outlet, edition))
    items = articles[(page - 1) * FEED : page * FEED]
    changed = max((a.modified for a in items if a.modified <= world.time(edition)), default=world.time(0))
    if page == 1 and "reorders" in outlet.habits:
        random.Random(edition).shuffle(items)
        changed = world.time(edition)
    if page == 1 and "resurrects" in outlet.habits and edition % 2:
        items.insert(0, articles[-1])
        changed = world.time(edition)
    more = f"{base}{outlet.feed}?page={page + 1}" if len(articles) > page * FEED else None
    assert outlet.form
    write, media = _FORMS[outlet.form]
    return write(outlet, items, base, more), media, changed


def link(article: Article, base: str) -> str:
    """The address by which the feed names the article."""
    outlet = article.outlet
    path = article.path
    if "amp" in outlet.habits and article.number % 3 == 0:
        path = f"/amp{path}"
    elif "amp" in outlet.habits and article.number % 3 == 1:
        path = f"/m{path}"
    if "tracking" in outlet.habits:
        path += ("&" if "?" in path else "?") + "utm_source=rss&utm_medium=feed"
    return base + path


def body(article: Article) -> str:
    """The article's text as HTML, for feeds that carry it."""
    paragraphs = "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in article.paragraphs)
    return paragraphs + (f"<p><em>{escape(article.correction)}</em></p>" if article.correction else "")


def rss(outlet: Outlet, items: Sequence[Article], base: str, more: str | None) -> str:
    """An RSS 2.0 feed; ``more``: the address of its next page."""

    def item(article: Article) -> str:
        guid = outlet.id if "one_guid" in outlet.habits else article.guid
        full = (
            f"<content:encoded><![CDATA[{body(article)}]]></content:encoded>"
            if "full_content" in outlet.habits
            else ""
        )
        return (
            f"<item>\n<title>{_x(article.title)}</title>\n<link>{_x(link(article, base))}</link>\n"
            f'<guid isPermaLink="false">{_x(guid)}</guid>\n'
            f"<pubDate>{format_datetime(article.published)}</pubDate>\n"
            + "".join(f"<dc:creator>{_x(author)}</dc:creator>\n" for author in article.authors)
            + "".join(f"<category>{_x(tag)}</category>\n" for tag in article.tags)
            + f"<description>{_x(article.subtitle)}</description>\n{full}</item>"
        )

    following = f'<atom:link rel="next" href="{_x(more)}"/>\n' if more else ""
    return (
        f'<?xml version="1.0" encoding="{outlet.encoding}"?>\n'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/">\n<channel>\n'
        f"<title>{_x(outlet.name)}</title>\n<link>{base}/</link>\n<description>{_x(outlet.name)}</description>\n"
        f"<language>{outlet.language}</language>\n<ttl>15</ttl>\n{following}"
        + "\n".join(map(item, items))
        + "\n</channel>\n</rss>\n"
    )


def _rdf(outlet: Outlet, items: Sequence[Article], base: str, more: str | None) -> str:
    links = [link(article, base) for article in items]
    sequence = "".join(f'<rdf:li rdf:resource="{_x(each)}"/>' for each in links)
    entries = "\n".join(
        f'<item rdf:about="{_x(url)}">\n<title>{_x(article.title)}</title>\n<link>{_x(url)}</link>\n'
        f"<description>{_x(article.subtitle)}</description>\n<dc:date>{_iso(article.published)}</dc:date>\n"
        f"<dc:creator>{_x(', '.join(article.authors))}</dc:creator>\n</item>"
        for url, article in zip(links, items, strict=True)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"\n'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">\n'
        f'<channel rdf:about="{base}{outlet.feed}">\n<title>{_x(outlet.name)}</title>\n<link>{base}/</link>\n'
        f"<description>{_x(outlet.name)}</description>\n<sy:updatePeriod>hourly</sy:updatePeriod>\n"
        f"<sy:updateFrequency>2</sy:updateFrequency>\n<items><rdf:Seq>{sequence}</rdf:Seq></items>\n</channel>\n"
        f"{entries}\n</rdf:RDF>\n"
    )


def _atom(outlet: Outlet, items: Sequence[Article], base: str, more: str | None) -> str:
    entries = "\n".join(
        f"<entry>\n<title>{_x(article.title)}</title>\n"
        f'<link rel="alternate" type="text/html" href="{_x(link(article, base))}"/>\n'
        f"<id>urn:{_x(article.guid)}</id>\n<published>{_iso(article.published)}</published>\n"
        f"<updated>{_iso(article.modified)}</updated>\n"
        + "".join(f"<author><name>{_x(author)}</name></author>\n" for author in article.authors)
        + f'<category term="{_x(article.section)}"/>\n<summary>{_x(article.subtitle)}</summary>\n</entry>'
        for article in items
    )
    following = f'<link rel="next" href="{_x(more)}"/>\n' if more else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.language}">\n'
        f"<title>{_x(outlet.name)}</title>\n<id>urn:{outlet.id}</id>\n"
        f'<link rel="self" href="{base}{outlet.feed}"/>\n{following}'
        f"<updated>{_iso(max(article.modified for article in items))}</updated>\n{entries}\n</feed>\n"
    )


def _json(outlet: Outlet, items: Sequence[Article], base: str, more: str | None) -> str:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": f"{base}/",
        "feed_url": base + outlet.feed,
        "language": outlet.language,
        **({"next_url": more} if more else {}),
        "items": [
            {
                "id": article.guid,
                "url": link(article, base),
                "title": article.title,
                "summary": article.subtitle,
                "date_published": _iso(article.published),
                "date_modified": _iso(article.modified),
                "authors": [{"name": author} for author in article.authors],
                "tags": list(article.tags),
            }
            for article in items
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


_Write = Callable[[Outlet, Sequence[Article], str, str | None], str]
_FORMS: dict[str, tuple[_Write, str]] = {
    "rss": (rss, "application/rss+xml"),
    "rdf": (_rdf, "application/rdf+xml"),
    "atom": (_atom, "application/atom+xml"),
    "json": (_json, "application/feed+json"),
}


def media_type(form: Form) -> str:
    """The media type of a form of feed."""
    return _FORMS[form][1]


def sitemap(articles: Iterable[Article], base: str) -> str:
    """A sitemap of pages."""
    return _URLSET.format(
        "",
        "\n".join(
            f"<url><loc>{_x(base + article.path)}</loc><lastmod>{_iso(article.modified)}</lastmod></url>"
            for article in articles
        ),
    )


def news_sitemap(articles: Sequence[Article], base: str, now: datetime) -> str:
    """A sitemap of the news of two days, with what Google's extension says of each."""
    recent = [article for article in articles if article.published > now - timedelta(days=2)]
    return _URLSET.format(
        ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"',
        "\n".join(
            f"<url><loc>{_x(base + article.path)}</loc><news:news><news:publication>"
            f"<news:name>{_x(article.outlet.name)}</news:name><news:language>{article.language}</news:language>"
            f"</news:publication><news:publication_date>{_iso(article.published)}</news:publication_date>"
            f"<news:title>{_x(article.title)}</news:title>"
            f"<news:keywords>{_x(', '.join(article.tags))}</news:keywords></news:news></url>"
            for article in recent
        ),
    )


def sitemap_index(children: Iterable[tuple[str, datetime]]) -> str:
    """A sitemap of sitemaps, each with when it last changed."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        + "\n".join(
            f"<sitemap><loc>{_x(url)}</loc><lastmod>{_iso(changed)}</lastmod></sitemap>"
            for url, changed in children
        )
        + "\n</sitemapindex>\n"
    )


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _x(text: str) -> str:
    return escape(text)
