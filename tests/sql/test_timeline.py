"""The macro timeline, over a published lake."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tasks.lake.commit import commit
from tasks.lake.schema import ARTICLES
from tasks.lake.schema_links import ALL, LINKS, UTTERANCES
from tasks.lake.store import Lake
from tasks.publish import publish

STAMP = {"month": "2026-03", "batch": 1, "version": 1}


def article(name: int, day: int, outlet: str) -> dict[str, Any]:
    at = datetime(2026, 3, day, 23, tzinfo=UTC)
    return {
        "article_id": f"a{name}",
        "key": name,
        "outlet": outlet,
        "published_at": at,
        "title": f"Title {name}",
    }


def link(name: int, **values: Any) -> dict[str, Any]:
    return {"article_id": f"a{name}", "key": name, "kind": "story", **values}


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    rows = {
        ARTICLES.name: [
            article(1, 1, "Post"),
            article(2, 1, "Courier"),
            article(3, 1, "Post"),
            article(4, 3, "Herald"),
            article(5, 9, "Herald"),
        ],
        LINKS.name: [
            *(link(name, story_id="ferry") for name in range(1, 5)),
            link(5, story_id="strike"),
            link(2, kind="reprint", original_id="a1"),
            link(4, kind="reprint", original_id="a1"),
        ],
        UTTERANCES.name: [
            {"article_id": "a1", "key": 1, "utterance_id": "u1"},
            {"article_id": "a2", "key": 2, "utterance_id": "u1"},
            {"article_id": "a4", "key": 4, "utterance_id": "u1"},
            {"article_id": "a4", "key": 4, "utterance_id": "u2"},
            {"article_id": "a5", "key": 5, "utterance_id": "u3"},
        ],
    }
    lake = Lake(tmp_path_factory.mktemp("lake"))
    for table in ALL:
        given = pa.Table.from_pylist([STAMP | row for row in rows.get(table.name, [])], schema=table.schema)
        commit(lake.open(table), table, given, 1)
    publish(lake)
    return duckdb.connect(str(lake.catalog), read_only=True)


def test_a_day_tells_articles_outlets_new_quotes_and_the_largest_reprint(
    con: duckdb.DuckDBPyConnection,
) -> None:
    found = con.sql(
        "SELECT day, articles, outlets, new_quotes, largest_reprint FROM timeline('ferry')"
    ).fetchall()
    assert found == [(date(2026, 3, 1), 3, 2, 1, 2), (date(2026, 3, 3), 1, 1, 1, 1)]


def test_what_a_story_lacks_is_nought(con: duckdb.DuckDBPyConnection) -> None:
    assert con.sql("FROM timeline('strike')").fetchall() == [(date(2026, 3, 9), 1, 1, 1, 0)]
    assert con.sql("FROM timeline('unheard of')").fetchall() == []
