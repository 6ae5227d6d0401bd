"""What linking finds in the demo's newsroom is what was written there; its edits are in test_cli_diff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime

import duckdb
import pytest
from click.testing import CliRunner

from flows.cli import main
from tests.newsroom.archive import archive
from tests.newsroom.articles import Article, World
from tests.newsroom.outlets import OUTLETS
from tests.newsroom.prose import storyline

WORLD = World.opened(datetime(2026, 11, 22, tzinfo=UTC))
EDITIONS = (0, 3)
SENTENCE = (
    "Somebody rowed ninety kilos of bronze past my window, and I intend to find out whose arms are sore,"
)


def address(article: Article) -> str:
    return f"http://{article.outlet.id}.example{article.path}"


def articles() -> Iterator[tuple[Article, int]]:
    """Each article as it reads in each edition that it is in."""
    for edition in EDITIONS:
        for outlet in OUTLETS:
            yield from ((article, edition) for article in WORLD.articles(outlet, edition))


def captures(edition: int) -> Iterator[tuple[Article, str, datetime]]:
    """What an archive of an edition holds: article, address, time."""
    for article, each in articles():
        if each == edition:
            yield article, address(article), WORLD.time(edition)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("demo")
    for edition in EDITIONS:
        file = folder / f"{edition}.warc"
        archive(file, captures(edition))
        done = CliRunner().invoke(
            main, ["load", str(file), "--lake", str(folder / "lake"), "--workers", "1", "--direct"]
        )
        assert done.exit_code == 0, done.output
    with duckdb.connect(str(folder / "lake" / "newslake.duckdb"), read_only=True) as con:
        yield con


def told(name: str) -> set[str]:
    """The addresses of the storyline's articles, of which a key of it begins so."""
    found = set()
    for article, _ in articles():
        who = "wire" if article.agency and article.language == "en" else article.outlet.id
        key = f"{who}/{article.number}"
        if key in storyline() and key.startswith(name):
            found.add(address(article))
    return found


def test_each_agency_report_is_one_text_however_outlets_cut_and_headed_it(
    lake: duckdb.DuckDBPyConnection,
) -> None:
    written: dict[object, set[str]] = defaultdict(set)
    for article, _ in articles():
        wire = (article.language, article.number) if article.agency else article.guid
        written[wire].add(address(article))
    found: dict[str, set[str]] = defaultdict(set)
    for original, copy in lake.sql(
        "SELECT original.url, copy.url FROM reprints JOIN articles AS copy USING (article_id) "
        "JOIN articles AS original ON original.article_id = original_id"
    ).fetchall():
        found[original] |= {original, copy}
    # A headline that took the address with it left a second article of the same text.
    assert sorted(map(sorted, found.values())) == sorted(
        sorted(urls) for urls in written.values() if len(urls) > 1
    )
    assert any(len(urls) == 4 for urls in written.values())


def test_one_matter_in_four_outlets_words_is_one_story(lake: duckdb.DuckDBPyConnection) -> None:
    stories = lake.sql(
        "SELECT list(canonical_url), count(DISTINCT outlet), count(DISTINCT published_at::DATE) FROM story_articles "
        "WHERE story_id IN (SELECT story_id FROM story_articles WHERE title ILIKE '%gannet%') GROUP BY story_id"
    ).fetchall()
    ((urls, outlets, days),) = stories
    assert set(urls) == told("") and len(urls) == 8
    assert (outlets, days) == (4, 3)


def test_one_sentence_is_one_utterance_in_three_articles(lake: duckdb.DuckDBPyConnection) -> None:
    ((quote, speaker, urls),) = lake.sql(
        "SELECT quote, speaker, list(url ORDER BY url) FROM utterances "
        "JOIN articles ON list_contains(article_ids, articles.article_id) "
        "WHERE quote LIKE 'Somebody rowed%' GROUP BY ALL"
    ).fetchall()
    assert quote.rstrip(",") == SENTENCE.rstrip(",") and speaker == "Signe Farholt"
    assert set(urls) == told("norhaven-post/5") | told("saltby-star/5") | told("marren-daily/8")
