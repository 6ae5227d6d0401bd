"""The invented outlets, each with its own host, feeds, templates and bad habits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Form = Literal["rss", "rdf", "atom", "json"]
Template = Literal["classic", "plain", "old", "graph"]
Habit = Literal[
    "one_guid",  # every item of the feed has the same GUID
    "resurrects",  # in every other edition an old item comes back on top
    "reorders",  # the feed's order is another one in every edition
    "future",  # one item is dated a month ahead
    "slug_follows_title",  # a new title is a new address; the GUID stays
    "full_content",  # the feed carries the whole text
    "paywall",  # every third page answers 402
    "amp",  # the feed names AMP and mobile pages, below /amp/ and /m/
    "tracking",  # the feed's links carry tracking parameters
    "twin_feed",  # a second feed names the same addresses
    "sidebar",  # every page lists the newest articles, and so changes with them
    "members",  # every fifth article is behind a path that robots.txt forbids
]


@dataclass(frozen=True, slots=True)
class Outlet:
    """One invented publication. ``k`` gives its host: 127.0.0.{10 + k}; 127.0.0.{110 + k} serves the same pages.

    ``path``: an article's address, with the slots section, slug, number, y, m, d; numbers start at ``numbers_from``.
    ``feed``, ``sitemap``, ``pages``: where its lists are, "" or () for none. It publishes ``each`` articles in every
    ``period``th edition.
    """

    k: int
    id: str
    name: str
    language: str
    country: str
    template: Template
    path: str
    form: Form | None = None
    feed: str = ""
    sitemap: str = ""
    pages: tuple[str, ...] = ()
    encoding: str = "utf-8"
    wire: bool = False
    numbers_from: int = 40_000
    period: int = 1
    each: int = 1
    robots: str | None = "User-agent: *\nDisallow: /members/\n"
    habits: frozenset[Habit] = frozenset()

    @property
    def host(self) -> str:
        return f"127.0.0.{10 + self.k}"

    @property
    def mobile_host(self) -> str:
        return f"127.0.0.{110 + self.k}"


_DATED = "/{section}/{y}/{m}/{d}/{slug}-{number}"

OUTLETS = (
    Outlet(
        0, "ellery-ledger", "The Ellery Ledger", "en", "GB", "classic", _DATED,
        form="rss", feed="/rss.xml", sitemap="/sitemap-news.xml", wire=True, each=2,
        robots="User-agent: *\nDisallow: /members/\nCrawl-delay: 0.05\nSitemap: {base}/sitemap-news.xml\n",
        habits=frozenset({"slug_follows_title", "tracking", "twin_feed"}),
    ),
    Outlet(
        1, "saltby-star", "Saltby Star", "en", "GB", "plain", "/{section}/{slug}-{number}.html",
        form="atom", feed="/feed/atom", wire=True, each=2, habits=frozenset({"resurrects", "sidebar"}),
    ),
    Outlet(
        2, "kuestenkurier", "Küstenkurier", "de", "DE", "graph", "/{section}/{slug}-1.{number}",
        form="rss", feed="/feed.rss", wire=True, each=2, habits=frozenset({"tracking"}),
    ),
    Outlet(
        3, "echo-de-brecourt", "L’Écho de Brécourt", "fr", "FR", "plain", "/{section}/{y}/{m}/{slug}_{number}.html",
        form="rdf", feed="/index.rdf", robots="User-agent: *\nDisallow: /recherche\n",
    ),
    Outlet(
        4, "diario-de-albarda", "Diario de Albarda", "es", "ES", "classic",
        "/{section}/{y}-{m}-{d}/{slug}-{number}.html",
        form="atom", feed="/atom.xml", sitemap="/sitemap.xml", habits=frozenset({"reorders"}),
    ),
    Outlet(
        5, "vestnik-tarno", "Вестник Тарно", "ru", "KZ", "old", "/news/{number}/{slug}",
        form="rss", feed="/export/rss.xml", encoding="windows-1251", period=2, robots=None,
    ),
    Outlet(
        6, "norhaven-post", "Norhaven Post", "en", "IE", "graph", "/{y}/{m}/{slug}-{number}",
        form="json", feed="/feed.json", wire=True, each=2, habits=frozenset({"future"}),
    ),
    Outlet(
        7, "quayford-review", "The Quayford Review", "en", "GB", "classic", "/article/{slug}-{number}",
        form="rss", feed="/full.xml", habits=frozenset({"full_content", "paywall"}),
    ),
    Outlet(
        8, "marren-daily", "Marren Daily", "en", "US", "graph", "/{section}/{number}-{slug}",
        sitemap="/sitemap_index.xml", wire=True, each=2,
        robots="User-agent: *\nAllow: /\nSitemap: {base}/sitemap_index.xml\n",
    ),
    Outlet(
        9, "drumlin-echo", "Drumlin Echo", "en", "NZ", "old", "/{section}/{slug}-{number}",
        pages=("/", "/latest/"), period=2, habits=frozenset({"members"}),
    ),
    Outlet(
        10, "rieselauer-bote", "Rieselauer Bote", "de", "AT", "classic", "/{section}/{slug}-{number}",
        form="rss", feed="/rss/alle.xml", wire=True, each=2, habits=frozenset({"amp", "tracking"}),
    ),
    Outlet(
        11, "castrin-wire", "Castrin Local", "en", "CA", "plain", "/story.php?id={number}",
        form="rss", feed="/rss.php", habits=frozenset({"one_guid"}),
    ),
)  # fmt: skip
BY_HOST = {outlet.host: outlet for outlet in OUTLETS} | {outlet.mobile_host: outlet for outlet in OUTLETS}
