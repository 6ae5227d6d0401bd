"""Which page an address is: the outlets' own, and a small generic outlet on every other host."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import parse_qsl, unquote, urlencode

from tests.newsroom import lists, templates
from tests.newsroom.answer import HTML, Answer, Page, redirect, whole, zipped
from tests.newsroom.articles import Article, World, slug
from tests.newsroom.outlets import BY_HOST, Outlet
from tests.newsroom.prose import phrases
from tests.newsroom.templates import Frame, Teaser

_GENERIC = re.compile(r"/(a|private)/(\d{1,9})")
_XML = "application/xml"
_TEXT = "text/plain; charset=utf-8"
GENERIC_ROBOTS = "User-agent: *\nDisallow: /private/\n"
# Hosts 127.0.3.x have a robots.txt of their own: its status, and what it says.
ODD_ROBOTS: dict[str, Answer] = {
    "127.0.3.1": Answer(500, (("content-type", _TEXT),), b"broken"),
    "127.0.3.2": Answer(503, (("content-type", _TEXT),), b"later"),
    "127.0.3.3": redirect("/elsewhere/robots.txt", 301),
    "127.0.3.4": Answer(200, (("content-type", HTML),), b"<!doctype html><p>Welcome to our new site</p>"),
    "127.0.3.5": Answer(404, (("content-type", _TEXT),), b"no such file"),
    "127.0.3.6": Answer(403, (("content-type", _TEXT),), b"no"),
    "127.0.3.7": Answer(200, (("content-type", _TEXT),), b"User-agent: *\nDisallow: /\n"),
    "127.0.3.8": Answer(200, (("content-type", _TEXT),), b"User-agent: *\nCrawl-delay: 0.3\nAllow: /\n"),
    "127.0.3.9": Answer(200, (("content-type", _TEXT),), b"# " + b"x" * 2_000_000 + b"\nDisallow: /\n"),
}


class Site:
    """The pages of all hosts at one edition; they are rendered once."""

    def __init__(self, world: World, port: int) -> None:
        self.world, self.port, self.edition = world, port, 0
        self._answers: dict[tuple[str, str, str], Answer] = {}
        self._paths: dict[int, dict[str, Article]] = {}

    def go_to(self, edition: int) -> None:
        """Show another edition."""
        self.edition = edition
        self._answers.clear()
        self._paths.clear()

    def answer(self, host: str, path: str, query: str) -> Answer:
        """What an address answers; ``path`` as it was asked for, percent-encoded."""
        key = (host, path, query)
        if key not in self._answers:
            outlet = BY_HOST.get(host)
            made = self._of_outlet(outlet, host, path, query) if outlet else self._generic(host, path, query)
            self._answers[key] = whole(made) if isinstance(made, Page) else made
        return self._answers[key]

    def base(self, host: str) -> str:
        """Scheme, host and port."""
        return f"http://{host}:{self.port}"

    def generic_article(self, host: str, number: int, folder: str = "a") -> Article:
        """Article ``number`` of a host that is no outlet's; any number is one."""
        return self.world.article(_generic(host, folder), number, 0)

    def generic_page(self, host: str, number: int) -> bytes:
        """Its page."""
        return self._page_of(self.generic_article(host, number), host, ()).body

    def _of_outlet(self, outlet: Outlet, host: str, path: str, query: str) -> Page | Answer:
        asked = dict(parse_qsl(query))
        base, now = self.base(outlet.host), self.world.time(self.edition)
        articles = self.world.articles(outlet, self.edition)
        if path == "/robots.txt":
            return (
                Page((outlet.robots or "").format(base=base).encode(), _TEXT) if outlet.robots else _missing()
            )
        if outlet.feed and path in (
            outlet.feed,
            "/feeds/all.xml" if "twin_feed" in outlet.habits else outlet.feed,
        ):
            number = int(asked["page"]) if asked.get("page", "").isdigit() else 1
            text, media, changed = lists.feed(self.world, outlet, self.edition, base, max(number, 1))
            return Page(text.encode(outlet.encoding), media, changed)
        if outlet.sitemap and "sitemap" in path:
            return self._sitemap(outlet, path, base, articles)
        sections = _sections(outlet)
        section = path.strip("/")
        if path in ("/", *outlet.pages) or section in sections:
            listed = [a for a in articles if section not in sections or slug(a.section) == section]
            text = templates.index(
                outlet.name, outlet.language, _teasers(listed[:20]), sections, _alternates(outlet)
            )
            return Page(text.encode(), HTML, now)
        return self._article(outlet, host, path, asked)

    def _article(self, outlet: Outlet, host: str, path: str, asked: dict[str, str]) -> Page | Answer:
        variant = re.match("/(amp|m)(?=/)", path) if "amp" in outlet.habits else None
        kept = urlencode({name: value for name, value in asked.items() if not name.startswith("utm_")})
        key = unquote(path[variant.end() :] if variant else path) + (f"?{kept}" if kept else "")
        article = self._table(outlet).get(key)
        if article is None:
            return _missing()
        if key != unquote(article.path):
            return redirect(self.base(outlet.host) + article.path, 301)
        if article.is_paid:
            stub = (
                f"<h1>{article.title}</h1><p>This article is for subscribers. Subscribe now to read on.</p>"
            )
            return Page(f"<!doctype html><title>{outlet.name}</title>{stub}".encode(), status=402)
        page = self._page_of(article, host, _sections(outlet))
        if variant is None or variant[1] == "m":
            return page
        return Page(templates.amp(article, self._frame(article, ())).encode(), HTML, page.modified)

    def _page_of(self, article: Article, host: str, sections: Sequence[str]) -> Page:
        now = self.world.time(self.edition)
        outlet = article.outlet
        text = templates.page(article, self._frame(article, sections, host))
        changed = now if "sidebar" in outlet.habits else min(article.modified, now)
        media = f"text/html; charset={outlet.encoding}"
        return Page(text.encode(outlet.encoding, "xmlcharrefreplace"), media, changed)

    def _frame(self, article: Article, sections: Sequence[str], host: str = "") -> Frame:
        outlet = article.outlet
        base = self.base(outlet.host if host in BY_HOST or not host else host)
        older = [
            self.world.article(outlet, n, 0) for n in range(article.number - 3, article.number) if n >= 0
        ]
        newest = self.world.articles(outlet, self.edition)[:5] if "sidebar" in outlet.habits else ()
        has_amp = "amp" in outlet.habits and host == outlet.host
        return Frame(
            base=base,
            canonical=base + article.path,
            sections=sections,
            related=_teasers(older),
            newest=_teasers(newest),
            amp=f"{base}/amp{article.path}" if has_amp else None,
        )

    def _sitemap(self, outlet: Outlet, path: str, base: str, articles: Sequence[Article]) -> Page | Answer:
        halves = {f"/sitemaps/articles-{half}.xml.gz": articles[half - 1 :: 2] for half in (1, 2)}
        now = self.world.time(self.edition)
        if path == outlet.sitemap and "index" in path:
            children = [(base + child, _changed(part, now)) for child, part in halves.items()]
            return Page(lists.sitemap_index(children).encode(), _XML, _changed(articles, now))
        if path == outlet.sitemap and "news" in path:
            return Page(lists.news_sitemap(articles, base, now).encode(), _XML, now)
        if path == outlet.sitemap:
            return Page(lists.sitemap(articles, base).encode(), _XML, _changed(articles, now))
        if "index" in outlet.sitemap and path in halves:
            body = zipped(lists.sitemap(halves[path], base).encode())
            return Page(body, "application/gzip", _changed(halves[path], now))
        return _missing()

    def _table(self, outlet: Outlet) -> dict[str, Article]:
        if outlet.k not in self._paths:
            articles = self.world.articles(outlet, self.edition)
            before = {unquote(self.world.first_path(article)): article for article in articles}
            self._paths[outlet.k] = before | {unquote(article.path): article for article in articles}
        return self._paths[outlet.k]

    def _generic(self, host: str, path: str, query: str) -> Page | Answer:
        if path.endswith("/robots.txt"):
            if path == "/robots.txt" and host in ODD_ROBOTS:
                return ODD_ROBOTS[host]
            return Page(GENERIC_ROBOTS.encode(), _TEXT)
        if match := _GENERIC.fullmatch(path):
            return self._page_of(self.generic_article(host, int(match[2]), match[1]), host, ())
        if path == "/feed.xml":
            asked = {name: int(value) for name, value in parse_qsl(query) if value.isdigit()}
            items = [self.generic_article(host, number) for number in range(asked.get("n", 10))]
            items += [self.generic_article(host, n, "private") for n in range(asked.get("forbidden", 0))]
            text = lists.rss(_generic(host), items, self.base(host), None)
            return Page(text.encode(), "application/rss+xml", self.world.time(0))
        if path == "/":
            items = [self.generic_article(host, number) for number in range(10)]
            head = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
            return Page(templates.index(host, "en", _teasers(items), (), head).encode())
        return _missing()


def _generic(host: str, folder: str = "a") -> Outlet:
    """The outlet of a host that has none: it publishes as much as it is asked for, and changes nothing."""
    return Outlet(
        1000, f"host-{host}", f"Gazette {host}", "en", "GB", "plain", f"/{folder}/{{number}}",
        form="rss", feed="/feed.xml", each=10**9, numbers_from=0,
    )  # fmt: skip


def _sections(outlet: Outlet) -> list[str]:
    return sorted(slug(topic["section"]) for topic in phrases(outlet.language)["topics"])


def _teasers(articles: Sequence[Article]) -> list[Teaser]:
    return [Teaser(article.title, article.path) for article in articles]


def _changed(articles: Sequence[Article], now: datetime) -> datetime:
    return max((article.modified for article in articles if article.modified <= now), default=now)


def _alternates(outlet: Outlet) -> str:
    if not outlet.form:
        return ""
    return f'<link rel="alternate" type="{lists.media_type(outlet.form)}" title="{outlet.name}" href="{outlet.feed}">'


def _missing() -> Page:
    return Page(b"<!doctype html><title>404</title><h1>Not found</h1>", status=404)
