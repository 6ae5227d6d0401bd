"""The stages of utterances and mentions on DuckDB: batches one after the other, as a lake takes them in."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tasks import link_mentions, link_utterances
from tasks.lake.schema import ARTICLES
from tasks.lake.schema_links import MENTIONS, UTTERANCES
from tasks.linking.utterances import LATEST
from tasks.linking.watchlist import Entry, Watchlist

DAY = datetime(2026, 11, 1, tzinfo=UTC)
ICE = "The ferry will not sail before the ice is gone from the whole of the outer bay."


def article(name: str, *quotes: tuple[str | None, str], day: int | None = 0, **more: Any) -> dict[str, Any]:
    """An article version with these (speaker, quotation), published on a day; 'scare' where a speaker is "-"."""
    return {
        "key": hash(name) % 1000,
        "article_id": name,
        "version": 1,
        "outlet": f"{name} Post",
        "language": "en",
        "published_at": None if day is None else DAY + timedelta(day),
        "ingested_at": DAY + timedelta(60),
        "batch": 1,
        "run_id": "r",
        "month": "2026-12",
        "text": "\n\n".join(quote for _, quote in quotes),
        "quotes": [
            {
                "text": quote,
                "speaker": speaker if speaker != "-" else None,
                "speaker_as_written": speaker,
                "kind": "scare" if speaker == "-" else "direct",
                "start": 0,
                "end": 1,
            }
            for speaker, quote in quotes
        ],
    } | more


def table(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=ARTICLES.schema)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        con.execute("CREATE SCHEMA base")
        con.register("empty", UTTERANCES.schema.empty_table())
        con.execute("CREATE TABLE base.utterances AS FROM empty")
        yield con


def take_in(con: duckdb.DuckDBPyConnection, *articles: dict[str, Any]) -> dict[str, list[str]]:
    """Add a batch to the lake; the utterance of each quotation by article."""
    rows = link_utterances.rows(con, table(*articles))
    assert rows.schema == UTTERANCES.schema
    con.register("rows", rows)
    con.execute("INSERT INTO base.utterances FROM rows")
    found: dict[str, list[str]] = {}
    for row in rows.sort_by("place").to_pylist():
        found.setdefault(row["article_id"], []).append(row["utterance_id"])
    return found


@pytest.mark.parametrize("many", [0, link_utterances.MANY])
def test_what_a_great_many_say_later_hides_nobody(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(link_utterances, "MANY", many)
    said = ("Sergei Holm", ICE)
    early = take_in(con, article("a", said, day=-10))
    take_in(con, *(article(f"b{n}", said, day=60, key=2000 + n) for n in range(2 * LATEST)))
    found = take_in(con, article("c", said, day=0), article("d", said, day=55))
    assert found["c"] == early["a"] != found["d"]


@pytest.mark.parametrize("many", [0, link_utterances.MANY])  # quotations of a lake that is not small
def test_articles_of_different_years_have_windows_of_their_own(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(link_utterances, "MANY", many)
    early = take_in(con, article("a", ("Sergei Holm", ICE), day=-900))
    late = take_in(con, article("b", ("Sergei Holm", ICE)))
    both = take_in(
        con, article("c", ("Sergei Holm", ICE), day=-899), article("d", ("Sergei Holm", ICE), day=1)
    )
    assert early["a"] == both["c"] != late["b"] == both["d"]


def test_an_utterance_keeps_its_id_over_batches(con: duckdb.DuckDBPyConnection) -> None:
    first = take_in(con, article("a", ("Sergei Holm", ICE), ("Ivo Lind", "I am not so sure of that at all.")))
    second = take_in(con, article("b", ("Sergey Holm", "will not sail before the ice is gone,"), day=2))
    third = take_in(
        con, article("c", ("Ivo Lind", ICE), day=3), article("d", ("Holm", f"{ICE} Ever."), day=4)
    )
    assert second["b"] == third["d"] == first["a"][:1]
    assert len({*first["a"], *third["c"]}) == 3


def test_one_batch_or_several_give_the_same(con: duckdb.DuckDBPyConnection) -> None:
    articles = [article(name, ("Ada Holm", ICE), ("Ada Holm", f"And {name}.")) for name in "abcd"]
    together = take_in(con, *articles)
    con.execute("DELETE FROM base.utterances")
    assert together == {k: v for each in articles for k, v in take_in(con, each).items()}
    assert len({of[0] for of in together.values()}) == 1


def test_a_stage_run_again_gives_the_same_rows(con: duckdb.DuckDBPyConnection) -> None:
    take_in(con, article("a", ("Ada Holm", ICE)))
    fresh = table(article("b", ("Ada Holm", ICE)), article("c", ("Ada Holm", ICE)))
    assert link_utterances.rows(con, fresh).equals(link_utterances.rows(con, fresh))


@pytest.mark.parametrize(
    ("day", "again", "is_same"), [(0, 30, True), (0, 31, False), (None, 900, True), (0, None, True)]
)
def test_the_window(
    con: duckdb.DuckDBPyConnection, day: int | None, again: int | None, is_same: bool
) -> None:
    first = take_in(con, article("a", ("Ada Holm", ICE), day=day))
    second = take_in(con, article("b", ("Ada Holm", ICE), day=again))
    assert (first["a"] == second["b"]) == is_same


def test_undated_articles_long_apart_are_not_compared(con: duckdb.DuckDBPyConnection) -> None:
    first = take_in(con, article("a", ("Ada Holm", ICE), day=None))
    later = take_in(con, article("b", ("Ada Holm", ICE), day=None, ingested_at=DAY + timedelta(91)))
    assert first["a"] != later["b"]


def test_another_version_says_the_same(con: duckdb.DuckDBPyConnection) -> None:
    first = take_in(con, article("a", ("Ada Holm", ICE), ("Ada Holm", "And that is all I know.")))
    second = take_in(
        con, article("a", ("Ada Holm", "Or so I was told, at least."), ("Ada Holm", ICE), version=2)
    )
    assert second["a"][1] == first["a"][0]
    assert second["a"][0] not in first["a"]


def test_what_is_no_speech_has_no_row(con: duckdb.DuckDBPyConnection) -> None:
    rows = link_utterances.rows(
        con, table(article("a", ("-", ICE), (None, "we will see"), (None, "so what")))
    )
    assert [(row["place"], row["quote"], row["speaker_id"]) for row in rows.to_pylist()] == [
        (1, "we will see", None)
    ]
    assert take_in(con, article("b"), article("c", ("-", ICE))) == {}


def test_mentions_have_the_columns_of_their_article(con: duckdb.DuckDBPyConnection) -> None:
    text = "President Ada Holm went to Norway. Holm left."
    fresh = table(article("a", ("Ada Holm", ICE), text=text, title="HRFC lose"), article("b"))
    rows = link_mentions.rows(con, fresh, Watchlist([Entry("HRFC")]))
    assert rows.schema == MENTIONS.schema
    found = [
        (row["article_id"], row["kind"], row["name"], row["mentions"], row["found_by"])
        for row in rows.to_pylist()
    ]
    assert found == [
        ("a", "person", "Ada Holm", 2, "quote"),
        ("a", "place", "Norway", 1, "gazetteer"),
        ("a", "watched", "HRFC", 1, "watchlist"),
    ]
    assert link_mentions.rows(con, fresh.slice(0, 0)).num_rows == 0


def test_a_speaker_is_the_person_mentioned(con: duckdb.DuckDBPyConnection) -> None:
    fresh = table(article("a", ("Sergei Holm", ICE)))
    (spoken,) = link_utterances.rows(con, fresh)["speaker_id"].to_pylist()
    other = table(article("b", text="Minister Sergey Holm came."))
    assert link_mentions.rows(con, other)["name_id"].to_pylist() == [spoken]
