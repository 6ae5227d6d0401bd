"""The journey ingest against a site on loopback: what is asked for, what is recorded, what is not lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows import journeys
from tasks.crawl import Wish
from tasks.lake.store import Lake
from tasks.run import Report, Run
from tasks.web.choice import Span
from tasks.web.client import Options
from tasks.web.source import Source
from tests.crawl.site import Page, Site, site

OPTIONS = Options(user_agent="newslake-test", connect=2, read=2, total=3, attempts=1, wait=0.5)


@pytest.fixture
def shore() -> Iterator[Site]:
    with site() as served:
        yield served


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def source(shore: Site, **keys: Any) -> Source:
    keys = {"feeds": (f"{shore.url}/feed",)} | keys
    polite = {"delay": 0, "concurrency": 8}
    return Source(id="shore", name="Shore Post", allow_private=True, politeness=polite, **keys)  # type: ignore[arg-type]


def ingest(of: Source, lake: Lake, wish: Wish = Wish(force=True), later: timedelta = timedelta()) -> Report:  # noqa: B008
    run = Run.begin("ingest")
    run = Run(run.source_id, run.run_id, run.started_at + later)
    return journeys.ingest([of], lake, run, options=OPTIONS, wish=wish, workers=1)


def query(lake: Lake, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(lake.catalog), read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        return con.sql(sql).fetchall()


def newest_run(lake: Lake) -> dict[str, str]:
    """Path → outcome of the newest run."""
    rows = query(
        lake,
        "SELECT kind, regexp_replace(location, '^https?://[^/]*', ''), outcome FROM captures "
        "WHERE run_id = (SELECT max(run_id) FROM captures)",
    )
    assert len({path for _, path, _ in rows}) == len(rows)
    return {path: outcome for kind, path, outcome in rows if kind not in {"source", "robots"}}


def test_a_feed_s_articles_are_in_the_lake(shore: Site, lake: Lake) -> None:
    for name in ("a", "b", "c"):
        shore.article(f"/{name}", f"Storm closes harbour {name}")
    shore.feed("/feed", {"/a": "<title>A</title>", "/b": "", "/c": "", "/missing": ""})
    report = ingest(source(shore, outlet="The Shore Post"), lake)
    assert report.outcomes == {"new": 3, "not_found": 1}
    assert report.lists == {"listed": 1}
    assert newest_run(lake) == {
        "/feed": "listed",
        "/a": "new",
        "/b": "new",
        "/c": "new",
        "/missing": "not_found",
    }
    assert query(lake, "SELECT count(*), min(outlet) FROM articles") == [(3, "The Shore Post")]
    assert query(lake, "SELECT listed, known FROM captures WHERE kind = 'feed'") == [(4, 0)]
    found = f"{shore.url}/feed"
    assert query(lake, "SELECT DISTINCT found_in FROM captures WHERE kind = 'article'") == [(found,)]


def test_what_has_not_changed_is_not_asked_for_twice(shore: Site, lake: Lake) -> None:
    shore.article("/a", "Storm closes harbour")
    shore.feed("/feed", {"/a": ""})
    ingest(source(shore), lake)
    shore.take()
    assert ingest(source(shore), lake).lists == {"unchanged": 1}
    assert shore.asked[-1] == ("/feed", 304)
    assert shore.take() == ["/feed"]
    assert newest_run(lake) == {"/feed": "unchanged"}


def test_a_list_that_is_not_due_is_left_alone(shore: Site, lake: Lake) -> None:
    shore.feed("/feed", {})
    ingest(source(shore), lake, Wish())
    shore.take()
    ingest(source(shore), lake, Wish())
    assert shore.take() == []
    ingest(source(shore), lake, Wish(), timedelta(hours=25))
    assert shore.take() == ["/feed"]


def test_a_304_after_a_failure_is_not_asked_for(shore: Site, lake: Lake) -> None:
    shore.feed("/feed", {})
    ingest(source(shore), lake)
    good = shore.pages["/feed"]
    shore.pages["/feed"] = Page("<html>out of order</html>", "text/html", validators=False)
    assert ingest(source(shore), lake).lists == {"malformed": 1}
    shore.pages["/feed"] = good
    shore.take()
    assert ingest(source(shore), lake).lists == {"unchanged": 1}
    assert [status for _, status in shore.asked if _ == "/feed"] == [200]
    assert query(lake, "SELECT failures FROM captures WHERE kind = 'feed' ORDER BY fetched_at") == [
        (0,),
        (1,),
        (0,),
    ]


def test_what_failed_is_tried_again_though_no_list_names_it_any_more(shore: Site, lake: Lake) -> None:
    shore.pages["/a"] = Page("broken", status=500, validators=False)
    shore.feed("/feed", {"/a": "<guid>tag:a</guid><title>Storm</title>"})
    assert ingest(source(shore), lake).outcomes == {"server_error": 1}
    shore.article("/a", "Storm closes harbour")
    shore.feed("/feed", {})
    assert ingest(source(shore), lake).outcomes == {}  # not due yet
    assert ingest(source(shore), lake, later=timedelta(hours=1)).outcomes == {"new": 1}
    assert query(lake, "SELECT guid FROM captures WHERE outcome = 'new'") == [("tag:a",)]
    assert ingest(source(shore), lake, later=timedelta(hours=9)).outcomes == {}


def test_an_article_that_its_feed_calls_updated_is_asked_for_again(shore: Site, lake: Lake) -> None:
    shore.article("/a", "Storm closes harbour")
    shore.feed("/feed", {"/a": ""})
    ingest(source(shore), lake)
    later = timedelta(hours=5)
    stamp = (datetime.now(UTC) + later - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    item = f'<updated xmlns="http://www.w3.org/2005/Atom">{stamp}</updated>'
    shore.article(
        "/a", "Storm closes harbour", more="Correction: the ferry sails on Friday, not on Thursday."
    )
    shore.feed("/feed", {"/a": item})
    assert ingest(source(shore), lake, later=later).outcomes == {"new_version": 1}
    assert query(lake, "SELECT max(version), count(DISTINCT article_id) FROM article_versions") == [(2, 1)]


def test_two_feeds_of_the_same_articles_count_as_one(shore: Site, lake: Lake) -> None:
    shore.article("/a", "Storm closes harbour")
    shore.feed("/feed", {"/a": ""})
    shore.feed("/feed2", {"/a": ""}, extra="<description>the same</description>")
    both = source(shore, feeds=(f"{shore.url}/feed", f"{shore.url}/feed2"))
    assert ingest(both, lake).lists == {"listed": 1, "duplicate": 1}
    assert shore.take().count("/a") == 1


WALL = "<title>Just a moment...</title><h1>Just a moment</h1><p>We are looking at your browser.</p>"
STUB = (
    "<title>Council meets</title><h1>Council of Marren meets again</h1>"
    "<div class=paywall><p>Subscribe to continue reading.</p></div>"
)


@pytest.mark.parametrize(
    ("page", "status", "taken"),
    [
        (Page("pay", status=402), 402, True),
        (Page(WALL), 200, True),
        (Page(STUB), 200, True),
        (Page("<title>Council</title><p>Nothing to be seen here.</p>"), 200, False),
    ],
    ids=["refused", "wall", "stub", "something else"],
)
def test_the_feed_s_text_stands_in_where_the_page_refuses(
    shore: Site, lake: Lake, page: Page, status: int, taken: bool
) -> None:
    text = "".join(
        f"<p>The council of Marren met on day {n} and decided nothing, which surprised nobody in the town.</p>"
        for n in range(12)
    )
    content = f'<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/"><![CDATA[{text}]]></content:encoded>'
    shore.pages["/a"] = page
    shore.feed("/feed", {"/a": f"<title>Council meets</title>{content}"})
    outcomes = ingest(source(shore), lake).outcomes
    where = "FROM captures WHERE kind = 'article'"
    assert query(lake, f"SELECT status, body_from {where}") == [(status, "feed" if taken else None)]
    assert outcomes == ({"new": 1} if taken else {"no_article": 1})
    assert query(lake, "SELECT text LIKE '%decided nothing%' FROM articles") == ([(True,)] if taken else [])


def test_robots_forbids(shore: Site, lake: Lake) -> None:
    shore.pages["/robots.txt"] = Page("User-agent: *\nDisallow: /private/\n", "text/plain")
    shore.article("/private/a", "Storm closes harbour")
    shore.feed("/feed", {"/private/a": ""})
    assert ingest(source(shore), lake).outcomes == {"robots": 1}
    assert shore.take() == ["/feed"]
    assert query(lake, "SELECT outcome FROM captures WHERE kind = 'robots'") == [("listed",)]


NOW = datetime.now(UTC)
SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'


def located(shore: Site, path: str, age: timedelta | None) -> str:
    date = "" if age is None else f"<lastmod>{(NOW - age).isoformat()}</lastmod>"
    return f"<url><loc>{shore.url}{path}</loc>{date}</url>"


def test_a_sitemap_is_read_within_its_window_and_filled_up_on_demand(shore: Site, lake: Lake) -> None:
    for name in ("new", "old", "undated"):
        shore.article(f"/{name}", f"Storm closes harbour, {name}")
    entries = located(shore, "/new", timedelta(days=1)) + located(shore, "/old", timedelta(days=90))
    shore.pages["/sitemap.xml"] = Page(
        SITEMAP.format(entries + located(shore, "/undated", None)), "application/xml"
    )
    of = source(shore, feeds=(), sitemaps=(f"{shore.url}/sitemap.xml",))
    assert ingest(of, lake).outcomes == {"new": 1, "out_of_range": 2}
    shore.article("/later", "Storm closes harbour, later")
    entries += located(shore, "/undated", None) + located(shore, "/later", None)
    shore.pages["/sitemap.xml"] = Page(SITEMAP.format(entries), "application/xml")
    assert ingest(of, lake).outcomes == {"new": 1}
    back = Wish(Span(since=datetime.now(UTC) - timedelta(days=100)))
    assert ingest(of, lake, back).outcomes == {"new": 2}
    assert query(lake, "SELECT count(*) FROM articles") == [(4,)]


def test_an_index_of_sitemaps_is_followed_and_its_sitemaps_polled_by_themselves(
    shore: Site, lake: Lake
) -> None:
    shore.article("/a", "Storm closes harbour")
    month = f"<sitemap><loc>{shore.url}/month.xml</loc></sitemap>"
    index = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{month}</sitemapindex>'
    shore.pages["/index.xml"] = Page(index, "application/xml")
    shore.pages["/month.xml"] = Page(
        SITEMAP.format(located(shore, "/a", timedelta(days=1))), "application/xml"
    )
    of = source(shore, feeds=(), sitemaps=(f"{shore.url}/index.xml",))
    assert ingest(of, lake, Wish()).outcomes == {"new": 1}
    shore.article("/b", "Ferry sails again")
    entries = located(shore, "/a", timedelta(days=1)) + located(shore, "/b", timedelta(hours=1))
    shore.pages["/month.xml"] = Page(SITEMAP.format(entries), "application/xml")
    shore.take()
    assert ingest(of, lake, Wish(), timedelta(hours=25)).outcomes == {"new": 1}
    assert shore.take().count("/month.xml") == 1


def test_an_archive_is_read_back_to_the_day_asked_for(shore: Site, lake: Lake) -> None:
    for page in range(4):
        shore.article(f"/{page}", f"Storm closes harbour {page}")
        date = (datetime.now(UTC) - timedelta(days=30 * page + 1)).strftime("%a, %d %b %Y %H:%M:%S GMT")
        rel = f'<link xmlns="http://www.w3.org/2005/Atom" rel="prev-archive" href="{shore.url}/feed{page + 1}"/>'
        shore.feed(f"/feed{page or ''}", {f"/{page}": f"<pubDate>{date}</pubDate>"}, extra=rel)
    assert ingest(source(shore), lake).outcomes == {"new": 1}
    shore.take()
    back = Wish(Span(since=datetime.now(UTC) - timedelta(days=40)))
    assert ingest(source(shore), lake, back).outcomes == {"new": 1, "out_of_range": 1}
    assert "/feed3" not in shore.take()


def test_a_run_whose_time_is_over_leaves_the_rest_to_the_next(shore: Site, lake: Lake) -> None:
    shore.article("/a", "Storm closes harbour")
    shore.feed("/feed", {"/a": ""})
    assert ingest(source(shore), lake, Wish(force=True, seconds=0)).outcomes == {"deferred": 1}
    assert ingest(source(shore), lake).outcomes == {"new": 1}


def test_a_person_is_told_of_what_has_moved_or_gone(shore: Site, lake: Lake) -> None:
    shore.pages["/feed"] = Page("", status=301, headers={"Location": "/feed2"}, validators=False)
    shore.feed("/feed2", {})
    shore.pages["/old"] = Page("", status=410, validators=False)
    report = ingest(source(shore, feeds=(f"{shore.url}/feed", f"{shore.url}/old")), lake)
    assert sorted(note.split(";")[0].replace(shore.url, "") for note in report.notes) == [
        "shore: /feed has moved for good to /feed2",
        "shore: /old is gone for good",
    ]
    shore.take()
    ingest(source(shore, feeds=(f"{shore.url}/old",)), lake)
    assert shore.take() == []


def test_a_death_before_the_feed_is_recorded_loses_nothing(shore: Site, lake: Lake) -> None:
    for name in ("a", "b"):
        shore.article(f"/{name}", f"Storm closes harbour {name}")
    shore.feed("/feed", {"/a": "", "/b": ""})
    seen = []

    def dies(report: Report) -> None:
        seen.append(report.read)
        raise KeyboardInterrupt

    run = Run.begin("ingest")
    with pytest.raises(KeyboardInterrupt):
        journeys.ingest([source(shore)], lake, run, options=OPTIONS, wish=Wish(), workers=1, committed=dies)
    assert ingest(source(shore), lake).outcomes.get("new", 0) + seen[0] == 2
    assert query(lake, "SELECT count(*), count(DISTINCT article_id) FROM articles") == [(2, 2)]


def test_a_source_is_declared_once_until_it_changes(shore: Site, lake: Lake) -> None:
    shore.feed("/feed", {})
    for name in ("Shore Post", "Shore Post", "The Shore Post"):
        ingest(source(shore).model_copy(update={"name": name}), lake)
    declared = query(lake, "SELECT given->>'name' FROM captures WHERE kind = 'source' ORDER BY fetched_at")
    assert declared == [("Shore Post",), ("The Shore Post",)]


def test_a_run_that_fails_takes_its_crawl_with_it(shore: Site, lake: Lake) -> None:
    shore.article("/a", "Storm closes harbour")
    shore.feed("/feed", {"/a": ""})

    def fails(report: Report) -> None:
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more") as failure:
        journeys.ingest(
            [source(shore)],
            lake,
            Run.begin("ingest"),
            options=OPTIONS,
            wish=Wish(),
            workers=1,
            committed=fails,
        )
    assert failure.traceback  # which holds on to every frame of the run
    assert not [thread for thread in threading.enumerate() if thread.name == "crawl"]
