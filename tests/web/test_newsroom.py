"""The demo newsroom serves what it says: tests of fetching can only be as good as it is."""

from __future__ import annotations

import gzip
import json
import re
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import httpx
import pytest
from lxml import etree, html

from tasks.article.extract import extract
from tasks.web.source import Source
from tests.newsroom import Room, newsroom
from tests.newsroom.articles import World
from tests.newsroom.outlets import OUTLETS

DAY = datetime(2026, 3, 15, tzinfo=UTC)
NAMESPACES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
}


@pytest.fixture(scope="module")
def running() -> Iterator[Room]:
    with newsroom(DAY) as room:
        yield room


@pytest.fixture
def room(running: Room) -> Room:
    running.reset()
    return running


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=5) as client:
        yield client


def entries(http: httpx.Client, room: Room, k: int) -> list[dict[str, str]]:
    """Link, id, title and date of a feed's items."""
    answer = http.get(room.url(k))
    if OUTLETS[k].form == "json":
        return [
            {"link": i["url"], "id": i["id"], "title": i["title"], "published": i["date_published"]}
            for i in answer.json()["items"]
        ]
    parsed = feedparser.parse(answer.content)
    assert not parsed.bozo
    return [dict(entry, link=entry.link) for entry in parsed.entries]


def locations(body: bytes) -> list[str]:
    found: list[str] = etree.fromstring(body).xpath("//s:loc/text()", namespaces=NAMESPACES)
    return found


@pytest.mark.parametrize("k", [outlet.k for outlet in OUTLETS if outlet.feed])
def test_feed_names_articles_that_are_there(room: Room, http: httpx.Client, k: int) -> None:
    outlet, items = OUTLETS[k], entries(http, room, k)
    assert len(items) == 10
    for item in items[:4]:
        answer = http.get(item["link"])
        if answer.status_code == 402:
            assert "paywall" in outlet.habits
            continue
        found = extract(answer.content, media="html", url=item["link"], charset=answer.charset_encoding)
        assert (found.title, found.language) == (item["title"], outlet.language)
        assert found.canonical_url
        assert urlsplit(found.canonical_url).hostname == outlet.host
        assert not re.search("utm_|/amp/|/m/", found.canonical_url)
        assert len(found.quotes) >= 3
        assert not re.search(r"seagull|cookie|newsletter|{|\[|\|", found.text)


def test_sitemaps_and_pages_name_articles(room: Room, http: httpx.Client) -> None:
    children = locations(http.get(room.url(8)).content)
    addresses = [url for child in children for url in locations(gzip.decompress(http.get(child).content))]
    assert len(addresses) == len(set(addresses)) == 12
    news = etree.fromstring(http.get(room.url(0, "/sitemap-news.xml")).content)
    titles = news.xpath("//news:title/text()", namespaces=NAMESPACES)
    assert 0 < len(titles) < 12
    links = html.fromstring(http.get(room.url(9)).content).xpath("//main//a/@href")
    assert len(links) == 12
    for url in (addresses[0], *locations(etree.tostring(news))[:1], room.url(9, links[0])):
        assert http.get(url).status_code == 200


def test_validators_hold_until_something_changes(room: Room, http: httpx.Client) -> None:
    for k in range(len(OUTLETS)):
        first = http.get(room.url(k))
        by_tag = http.get(room.url(k), headers={"If-None-Match": first.headers["etag"]})
        by_date = http.get(room.url(k), headers={"If-Modified-Since": first.headers["last-modified"]})
        assert (by_tag.status_code, by_tag.content, by_date.status_code) == (304, b"", 304)
        assert http.get(room.url(k), headers={"If-None-Match": '"other"'}).status_code == 200
    first = http.get(room.url(0))
    room.advance()
    both = {"If-None-Match": first.headers["etag"], "If-Modified-Since": first.headers["last-modified"]}
    later = http.get(room.url(0), headers=both)
    assert later.status_code == 200
    assert later.headers["last-modified"] != first.headers["last-modified"]


def test_new_articles_come_and_old_ones_are_edited(room: Room, http: httpx.Client) -> None:
    before = {item["id"]: item["link"] for item in entries(http, room, 7)}
    pages = {link: page for link in before.values() if (page := http.get(link)).status_code == 200}
    for edition in (1, 2, 3):
        assert room.advance() == edition
    after = {item["id"]: item["link"] for item in entries(http, room, 7)}
    assert len(after.keys() - before.keys()) == 3
    changed = {link for link, page in pages.items() if http.get(link).content != page.content}
    assert changed and len(changed) < len(pages)
    texts = [http.get(link).text for link in changed]
    assert any("Correction:" in text for text in texts)
    for text in texts:
        published, modified = re.findall(r'"date(?:Published|Modified)": "(.{19})', text)
        assert published < modified


def test_new_title_is_a_new_address_with_the_old_guid(room: Room, http: httpx.Client) -> None:
    before = {item["id"]: item["link"] for item in entries(http, room, 0)}
    room.advance()
    after = {item["id"]: item["link"] for item in entries(http, room, 0)}
    moved = [guid for guid in before.keys() & after.keys() if before[guid] != after[guid]]
    assert moved == ["ellery-ledger:6"]
    old = http.get(before[moved[0]])
    assert (old.status_code, old.headers["location"]) == (301, after[moved[0]].partition("?")[0])


def test_feeds_have_their_bad_habits(room: Room, http: httpx.Client) -> None:
    assert len({item["id"] for item in entries(http, room, 11)}) == 1
    assert any(item["published"] > "2026-04-10" for item in entries(http, room, 6))
    orders = [[item["id"] for item in entries(http, room, 4)]]
    room.advance()
    orders.append([item["id"] for item in entries(http, room, 4)])
    assert [guid for guid in orders[1] if guid in orders[0]] != [
        guid for guid in orders[0] if guid in orders[1]
    ]
    assert entries(http, room, 1)[0]["id"] == "urn:saltby-star:0"  # the oldest of all
    twin = http.get(room.url(0, "/feeds/all.xml"))
    assert twin.content == http.get(room.url(0)).content
    assert "encoding='windows-1251'" in http.get(room.url(5)).text.replace('"', "'")
    links = [item["link"] for item in entries(http, room, 10)]
    assert any("/amp/" in link for link in links) and any("/m/" in link for link in links)
    refused = [i for i in feedparser.parse(http.get(room.url(7)).content).entries
               if http.get(i.link).status_code == 402]  # fmt: skip
    assert refused and all(len(item.content[0].value) > 500 for item in refused)


def test_feeds_go_back_page_by_page(room: Room, http: httpx.Client) -> None:
    following = http.get(room.url(6)).json()["next_url"]
    page = http.get(following).json()
    assert len(page["items"]) == 2 and "next_url" not in page


def test_agency_stories_are_reprinted() -> None:
    world = World.opened(DAY)
    lasts = Counter(
        world.article(outlet, 3, 0).paragraphs[1]
        for outlet in OUTLETS
        if outlet.wire and outlet.language == "en"
    )
    assert list(lasts.values()) == [4]
    own = [world.article(outlet, 2, 0).paragraphs[1] for outlet in OUTLETS]
    assert len(set(own)) == len(own)
    assert world.articles(OUTLETS[0], 5) == World.opened(DAY).articles(OUTLETS[0], 5)


def test_log_tells_who_asked_when_and_how(room: Room, http: httpx.Client) -> None:
    before = time.monotonic()
    http.get(room.other(3), headers={"If-None-Match": '"x"', "User-Agent": "probe/1"})
    http.get(room.at("127.0.4.1", "/a/1?x=y"))
    http.get(room.faults()[-1][1])
    fast, slow, raw = room.log()
    assert before < fast.start and fast.end and fast.end < slow.start  # one clock for all processes
    assert (fast.host, fast.target, fast.status) == ("127.0.1.4", "/feed.xml", 200)
    assert (fast.headers["if-none-match"], fast.headers["user-agent"]) == ('"x"', "probe/1")
    assert slow.target == "/a/1?x=y" and slow.end and slow.end - slow.start > 0.4
    assert raw.port == room.port + 1 and raw.bytes > 1000
    room.reset()
    assert room.log() == []


def test_robots_forbid_what_lists_name(room: Room, http: httpx.Client) -> None:
    assert "Disallow: /members/" in http.get(room.url(9, "/robots.txt")).text
    assert 'href="/members/' in http.get(room.url(9)).text
    assert http.get(room.url(5, "/robots.txt")).status_code == 404
    assert "Crawl-delay: 0.05" in http.get(room.url(0, "/robots.txt")).text
    forbidden = [
        e.link for e in feedparser.parse(http.get(room.other(1, "/feed.xml?n=2&forbidden=3")).content).entries
    ]
    assert len([link for link in forbidden if "/private/" in link]) == 3


def test_sources_are_valid(room: Room, tmp_path: Path) -> None:
    for file in room.sources(tmp_path):
        source = Source.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
        assert source.id == file.stem and source.allow_private
        assert source.feeds or source.sitemaps or source.pages


def test_fault_feed_lists_every_fault_on_its_own_host(room: Room, http: httpx.Client) -> None:
    listed = [e.link for e in feedparser.parse(http.get(room.fault_feed(300)).content).entries]
    assert listed == [url for _, url in room.faults(300)]
    names = json.loads(http.get(room.at("127.0.0.1", "/__/state")).content)["faults"]
    assert len({urlsplit(url).hostname for url in listed}) == len(names) == len(set(names)) > 55


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("reset-mid-body", httpx.ReadError),
        ("close-at-once", httpx.RemoteProtocolError),
        ("length-too-long", httpx.RemoteProtocolError),
        ("chunk-broken", httpx.RemoteProtocolError),
        ("status-garbage", httpx.RemoteProtocolError),
        ("hang", httpx.ReadTimeout),
        ("gzip-invalid", httpx.DecodingError),
        ("drip", httpx.ReadTimeout),
    ],
)
def test_faults_break_a_plain_client(room: Room, name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        httpx.get(dict(room.faults())[name], timeout=0.3, trust_env=False)
