"""One article is one, whatever became of its address, its guid or its title; two articles stay two."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest

from tasks import append, capture, dedupe
from tasks.article.identity import article_id
from tasks.extract import extract_rows
from tasks.files import Outcome
from tasks.lake.catalog import connect
from tasks.lake.commit import commit
from tasks.lake.schema import ARTICLES, CAPTURES
from tasks.lake.store import Conflict, Lake
from tasks.run import Report, Run
from tasks.web.model import Redirect, Visit

SITE = "https://shorepost.example"
FERRY = (
    "The evening ferry from Saltby to Marren was cancelled on Monday after a pump failed in the engine room, the "
    "company said in a statement that was handed to the passengers who were waiting at the quay.",
    "Passengers were taken to the island by bus and by a fishing boat, which needed three journeys for the forty "
    "people who were waiting in heavy rain and a wind that rose towards midnight.",
)
EDITED = (*FERRY, "On Tuesday it sailed again, an hour late and with half of its lights.")
MUSEUM = (
    "A painter from Tarn Hollow has given her collection of four hundred drawings to the county museum, which will "
    "show some of them from June in its new wing behind the old customs house.",
    "The director, who had asked for two of the drawings only, said that he learned of the gift from a letter, and "
    "that the cellar would have to be cleared for them before the summer.",
)


COUNCIL = (
    "The council of Saltby has decided, by nine votes to eight, to sell the old fire station to a cooperative of "
    "bakers that wants to open a mill, a school and a shop in it before the end of next year.",
    "Its opponents said that the price was a third of what a builder had offered, and that they would ask a court "
    "whether the mayor, whose brother bakes, should have been allowed to vote on it at all.",
)


def page(title: str, paragraphs: tuple[str, ...], canonical: str | None, published: str | None) -> bytes:
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    link += f'<meta property="article:published_time" content="{published}">' if published else ""
    head = f"<head>{link}<title>{title}</title></head>"
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html>{head}<body><article><h1>{title}</h1>{body}</article></body></html>".encode()


def visit(
    path: str,
    title: str,
    paragraphs: tuple[str, ...],
    canonical: str | None = None,
    published: str | None = None,
    **more: Any,
) -> Visit:
    url = path if path.startswith("http") else SITE + path
    body = page(title, paragraphs, canonical, published)
    return Visit(
        location=url,
        url=url,
        body=body,
        media="html",
        size=len(body),
        **{
            "source_id": "shorepost",
            "final_url": url,
            "captured_at": datetime(2026, 3, 2, tzinfo=UTC),
            **more,
        },
    )


def ferry(path: str, title: str = "Evening ferry to Marren cancelled", **more: Any) -> Visit:
    return visit(path, title, FERRY, **more)


def museum(path: str, title: str = "Museum receives four hundred drawings", **more: Any) -> Visit:
    return visit(path, title, MUSEUM, **more)


def take(lake: Lake, *visits: Visit) -> Report:
    """One batch, the way that the journey goes, but unpublished."""
    batch = dedupe.skip_known(lake, next(capture.batches(visits, Run.begin("run"))))
    read = batch.filter(pc.equal(batch["outcome"], "read"))
    return append.append(lake, batch, extract_rows(read))


def query(lake: Lake, sql: str) -> list[tuple[Any, ...]]:
    with connect(lake.state()) as con:
        return con.sql(sql).fetchall()


def versions(lake: Lake) -> list[int]:
    """Number of versions of each article, in ascending order."""
    return [n for (n,) in query(lake, "SELECT count(*) FROM base.articles GROUP BY article_id ORDER BY 1")]


def captures(lake: Lake, columns: str) -> list[tuple[Any, ...]]:
    return query(lake, f"SELECT {columns} FROM base.captures ORDER BY ingested_at, location")


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


# Two visits of one article, and what else it was: in one batch and in two, the same.
SAME = {
    "tracking": (ferry("/news/ferry"), ferry("/news/ferry?utm_source=rss#top")),
    "scheme and host": (ferry("/news/ferry"), ferry("http://SHOREPOST.example:80/news/ferry")),
    "canonical": (ferry("/news/ferry"), ferry("/mobile/ferry", canonical=f"{SITE}/news/ferry")),
    "redirect": (
        ferry("/news/ferry"),
        ferry(
            "/news/ferry",
            final_url=f"{SITE}/region/saltby",
            redirects=(Redirect(301, f"{SITE}/region/saltby"),),
        ),
    ),
    "canonical changed": (
        ferry("/news/ferry", canonical=f"{SITE}/news/ferry"),
        ferry("/news/ferry", canonical=f"{SITE}/region/ferry-to-marren-cancelled"),
    ),
    "asked for by its canonical": (
        ferry("/region/ferry", canonical=f"{SITE}/news/ferry"),
        visit("/short", "Ferry sails", EDITED, canonical=f"{SITE}/region/ferry"),
    ),
    "asked for where it answers": (
        ferry("/region/ferry", canonical=f"{SITE}/news/ferry"),
        visit("/short", "Ferry sails", EDITED, canonical=f"{SITE}/f", final_url=f"{SITE}/region/ferry"),
    ),
    "guid": (
        ferry("/ferry", guid="tag:1"),
        ferry("/ferry-cancelled", "Ferry cancelled: pump blamed", guid="tag:1"),
    ),
    "guid and title": (
        ferry("/a", "Ferry to Marren cancelled", guid="tag:2", published="2026-03-01"),
        museum("/b", "Ferry to Marren cancelled", guid="tag:2", published="2026-03-01"),
    ),
    "moved": (ferry("/news/ferry"), ferry("/archive/ferry")),
}


OTHER = {
    "addresses": (ferry("/news/ferry"), museum("/news/museum")),
    "a guid used again": (ferry("/a", guid="1"), museum("/b", guid="1")),
    "another source's guid": (
        ferry("/a", guid="1"),
        ferry("/b", "Ferry: pump", guid="1", source_id="courier"),
    ),
    "a front page as canonical": (
        ferry("/news/ferry", canonical=f"{SITE}/"),
        museum("/news/museum", canonical=f"{SITE}/"),
    ),
    "one canonical for all": (
        ferry("/news/ferry", canonical=f"{SITE}/template"),
        museum("/news/museum", canonical=f"{SITE}/template"),
    ),
    "a canonical without what tells them apart": (
        ferry("/article.php?id=5", canonical=f"{SITE}/article.php"),
        museum("/article.php?id=6", canonical=f"{SITE}/article.php"),
    ),
    "another publisher's reprint": (ferry("/news/ferry"), ferry("https://courier.example/ferry")),
    "a reprint that declares its original": (
        ferry("/news/ferry"),
        ferry("https://courier.example/ferry", canonical=f"{SITE}/news/ferry", source_id="courier"),
    ),
    "an address used again": (
        ferry("/today", canonical=f"{SITE}/news/ferry-to-marren-cancelled"),
        museum("/today", canonical=f"{SITE}/news/museum-receives-many-drawings"),
    ),
    "a boilerplate text": (visit("/a", "Paywall", (FERRY[0],)), visit("/b", "Paywall", (FERRY[0],))),
    "a title and a guid for every day": (
        ferry("/a", "The day on the coast", guid="day", published="2026-03-01"),
        museum("/b", "The day on the coast", guid="day", published="2026-03-02"),
    ),
    "the same words on another day": (
        ferry("/a", published="2026-03-01"),
        ferry("/b", published="2026-03-02"),
    ),
}


def at(name: str, visit: Visit) -> Visit:
    """The visit at sites and sources of its own, so that many cases share a lake and none another's articles."""
    tag = name.replace(" ", "-").replace("'", "")

    def own(text: str) -> str:
        return re.sub(r"(?i)\b(shorepost|courier)\.", rf"{tag}-\1.", text)

    return dataclasses.replace(
        visit,
        location=own(visit.location),
        url=own(visit.url or ""),
        final_url=own(visit.final_url or ""),
        body=own((visit.body or b"").decode()).encode(),
        source_id=f"{tag} {visit.source_id}",
    )


@pytest.mark.parametrize("batches", [1, 2])
def test_one_article_is_one_and_two_are_two(lake: Lake, batches: int) -> None:
    # An address is asked for once in a run.
    cases = {n: p for n, p in (SAME | OTHER).items() if batches == 2 or p[0].location != p[1].location}
    firsts, seconds = ([at(name, pair[number]) for name, pair in cases.items()] for number in (0, 1))
    if batches == 1:
        take(lake, *firsts, *seconds)
    else:
        take(lake, *firsts)
        take(lake, *seconds)
    rows = captures(lake, "article_id, location, source_id")
    articles = {
        name: len({row[0] for row in rows if row[2] in {at(name, visit).source_id for visit in pair}})
        for name, pair in cases.items()
    }
    assert articles == {name: 1 if name in SAME else 2 for name in cases}
    assert {row[0] for row in rows} == {row[0] for row in query(lake, "SELECT article_id FROM base.articles")}
    for identity, address in query(
        lake, "SELECT article_id, canonical_url FROM base.articles WHERE version = 1"
    ):
        assert identity == article_id(address, b"")


def test_a_page_whose_canonical_is_a_lie_goes_by_its_address(lake: Lake) -> None:
    for _ in range(2):  # found again as what they are
        take(lake, *OTHER["one canonical for all"])
    assert query(lake, "SELECT canonical_url FROM base.articles ORDER BY ALL") == [
        (f"{SITE}/news/museum",),
        (f"{SITE}/template",),
    ]
    edited = visit(
        "/news/museum", "Museum receives five hundred drawings", MUSEUM, canonical=f"{SITE}/template"
    )
    assert take(lake, edited).outcomes == {"new_version": 1}


def test_a_life(lake: Lake) -> None:
    """Published, edited under a new title, moved, listed again by a feed that has lost its memory."""
    assert take(lake, ferry("/ferry", guid="g1")).outcomes == {"new": 1}
    edited = ferry("/ferry", "Ferry to Marren: company blames pump", guid="g1")
    assert take(lake, edited).outcomes == {"new_version": 1}
    moved = ferry("/region/pump", "Ferry to Marren: company blames pump", guid="g1")
    assert take(lake, moved).outcomes == {"unchanged": 1}
    assert take(lake, ferry("/ferry", guid="other")).outcomes == {"unchanged": 1}
    later = visit("/region/pump", "Ferry to Marren sails again", (*FERRY, "It sailed at noon."), guid="g1")
    assert take(lake, later).outcomes == {"new_version": 1}
    assert versions(lake) == [3]
    assert len(set(captures(lake, "article_id"))) == 1


def test_a_redirect_to_the_front_page_is_no_article(lake: Lake) -> None:
    front = f"{SITE}/"
    gone = museum("/news/ferry", "Front page", final_url=front, canonical=front)
    assert take(lake, ferry("/news/ferry"), museum(front)).outcomes == {"new": 2}
    assert take(lake, gone).outcomes == {"no_article": 1}
    assert versions(lake) == [1, 1]


def test_the_same_bytes_are_not_extracted_again_whatever_the_feed_says_now(lake: Lake) -> None:
    take(lake, ferry("/ferry", given={"entry": {"updated": "2026-03-01T10:00:00Z"}}))
    again = next(
        capture.batches(
            [ferry("/ferry", given={"entry": {"updated": "2026-03-01T11:00:00Z"}})], Run.begin("run")
        )
    )
    known = dedupe.skip_known(lake, again)
    assert known["outcome"].to_pylist() == ["unchanged"]
    assert known["article_id"].to_pylist() == [article_id(f"{SITE}/ferry", b"")]
    of_feed = ferry("/ferry", body_from="feed", given={"entry": {"title": "Other"}})
    assert dedupe.skip_known(lake, next(capture.batches([of_feed], Run.begin("run"))))[
        "outcome"
    ].to_pylist() == ["read"]


def test_what_the_server_calls_unchanged_has_its_article(lake: Lake) -> None:
    take(lake, ferry("/short", canonical=f"{SITE}/ferry"))
    told = Visit(
        location=f"{SITE}/short", url=f"{SITE}/short", source_id="shorepost", outcome=Outcome.UNCHANGED
    )
    take(lake, told)
    assert captures(lake, "article_id") == [(article_id(f"{SITE}/ferry", b""),)] * 2


def test_lists_pass_through(lake: Lake) -> None:
    rows = [
        Visit(location=SITE + "/feed", url=SITE + "/feed", source_id="shorepost", kind="feed", outcome=Outcome.LISTED,
              body=b"<rss/>", listed=2, known=0, etag='"1"', failures=0, next_poll_at=datetime(2026, 3, 3, tzinfo=UTC)),
        Visit(location=SITE + "/robots.txt", url=SITE + "/robots.txt", source_id="shorepost", kind="robots",
              outcome=Outcome.NOT_FOUND, status=404, redirects=(Redirect(302, SITE + "/r"),)),
        Visit(location=SITE + "/robots.txt", url=SITE + "/robots.txt", source_id="courier", kind="robots",
              outcome=Outcome.NOT_FOUND, status=404),
    ]  # fmt: skip
    take(lake, *rows)
    found = captures(lake, "source_id, kind, outcome, body IS NOT NULL, etag, listed, redirects, article_id")
    assert sorted(found, key=str) == [
        ("courier", "robots", "not_found", False, None, None, [], None),
        ("shorepost", "feed", "listed", True, '"1"', 2, [], None),
        ("shorepost", "robots", "not_found", False, None, None, [{"status": 302, "url": SITE + "/r"}], None),
    ]
    assert len({id for (id,) in captures(lake, "capture_id")}) == 3


# Every rule at once: an edit of what the lake holds, a guid, a move, a lie, and two addresses of a new article.
BEFORE = (
    ferry("/a", guid="g1"),
    museum("/m", source_id="museums"),
    visit("/t0", "Fire station sold to bakers", COUNCIL, canonical=f"{SITE}/template"),
)
CROWD = (
    ferry("/b", "Ferry cancelled: pump blamed", guid="g1"),
    museum("/archive/m", source_id="museums"),
    visit("/t1", "Prize for keeper", FERRY[:1] + MUSEUM[:1], canonical=f"{SITE}/template"),
    visit("/new", "A third thing happened here", (FERRY[1], MUSEUM[1]), source_id="third", guid="n"),
    visit("/newer", "A third thing happened there", (FERRY[1], MUSEUM[1]), source_id="third", guid="n"),
)


def test_death_between_the_commits_changes_no_identity(tmp_path: Path) -> None:
    whole, dead = Lake(tmp_path / "whole"), Lake(tmp_path / "dead")
    run = Run.begin("run")
    for lake in (whole, dead):
        take(lake, *BEFORE)
    batch = next(capture.batches(CROWD, run))
    assert append.append(whole, batch, extract_rows(batch)).outcomes == {
        "new_version": 2,
        "unchanged": 1,
        "new": 2,
    }
    settled, _ = dedupe.settle(dead, dead.state(), batch, extract_rows(batch))
    commit(dead.open(CAPTURES), CAPTURES, append.stamped(settled, 2, datetime.now(UTC)), 2)
    append.recover(dead)
    # … and whoever does not know that it has died commits once more.
    assert append.append(dead, batch, extract_rows(batch)).outcomes == {
        "new_version": 2,
        "unchanged": 1,
        "new": 2,
    }
    rows = []
    for lake in (whole, dead):
        rows.append(
            query(
                lake,
                "SELECT article_id, version, key, canonical_url, title FROM base.articles ORDER BY ALL",
            )
        )
        assert len(captures(lake, "capture_id")) == len(BEFORE) + len(CROWD)
    assert rows[0] == rows[1]
    assert len(rows[0]) == len(BEFORE) + 4


def test_what_was_decided_stays_whatever_became_of_the_article(lake: Lake) -> None:
    """Its page is wholly rewritten within the batch: nothing but the record tells that the first was one with it."""
    take(lake, ferry("/a", guid="g1"))
    visits = [visit("/b", "Ferry cancelled: pump blamed", FERRY[:1], guid="g1"), museum("/a")]
    batch = next(capture.batches(visits, Run.begin("run")))
    for _ in range(2):
        assert append.append(lake, batch, extract_rows(batch)).outcomes == {"new_version": 2}
        assert versions(lake) == [3]


def test_conflicts_change_no_identity(lake: Lake) -> None:
    """The loser of a race settles again, against what the winner has committed."""
    take(lake, *BEFORE)
    batch = next(capture.batches(CROWD, Run.begin("run")))
    articles = extract_rows(batch)
    stale = lake.state()
    take(lake, *CROWD)
    with pytest.raises(Conflict):
        commit(stale["articles"], ARTICLES, ARTICLES.schema.empty_table(), 99)
    assert append.append(lake, batch, articles).outcomes == {"unchanged": 5}


def test_a_slow_crawl_is_stored_as_it_goes() -> None:
    run = Run.begin("run")
    visits = [ferry(f"/{n}") for n in range(3)]
    assert [b.num_rows for b in capture.batches(visits, run, seconds=0)] == [1, 1, 1]
    assert [b.num_rows for b in capture.batches(visits, run, seconds=60)] == [3]
