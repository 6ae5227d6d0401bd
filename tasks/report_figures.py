"""What the page of a period, or of a story, tells: asked of the lake for few columns first, then of its views.

Stories, texts, utterances and edits are chosen by the columns that tell which are the largest; the views then answer on
those alone, see ``tasks.lake.part``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import duckdb

from tasks.lake.part import part
from tasks.lake.reader import read_views
from tasks.lake.store import Lake, LakeError
from tasks.lake.views import statement
from tasks.status import Row, rows

# Days that a page is about where nothing else is said.
DAYS = 30


@dataclass(frozen=True, slots=True)
class Period:
    """What a period's page tells; each field but the first three has the rows of the look-up ``report_<field>``.

    ``since`` and ``until``: its first and its last day, both included (UTC).
    """

    lake: str
    since: date
    until: date
    totals: Row
    days: list[Row]
    stories: list[Row]
    pairs: list[Row]
    texts: list[Row]
    quotes: list[Row]
    edits: list[Row]
    sources: list[Row]


@dataclass(frozen=True, slots=True)
class Story:
    """What a story's page tells; ``story``: of the look-up report_stories, all else of ``report_story_<field>``."""

    lake: str
    story: Row
    days: list[Row]
    articles: list[Row]
    quotes: list[Row]
    names: list[Row]


def period(lake: Lake, since: datetime | None = None, until: datetime | None = None) -> Period:
    """What articles published from ``since`` to before ``until`` (UTC) tell.

    By default it ends with the day of the lake's newest article, whatever the clock says, and takes DAYS days. Raises
    LakeError where there is no lake, no article in it, or none in the period.
    """
    with _session(lake) as con:
        first, end = _bounds(con, lake, since, until)
        for name in ("period", "copied"):
            given = {"since": first, "until": end} if name == "period" else {}
            con.execute(
                f"CREATE TEMP TABLE {name} AS {statement(f'lookups/report_{name}.sql')}", given or None
            )
        (totals,) = rows(con, "report_totals")
        if not totals["articles"]:
            raise LakeError(
                f"{lake.uri}: no article was published from {first:%Y-%m-%d} to before {end:%Y-%m-%d %H:%M}"
            )
        stories = _ids(rows(con, "report_top_stories"), "story_id")
        texts, quotes = rows(con, "report_top_texts"), rows(con, "report_top_quotes")
        edits = _ids(rows(con, "report_top_edits"), "article_id")
        members = _ids(rows(con, "report_story_members", stories=stories), "article_id")
        carried = [each for row in (*texts, *quotes) for each in row["article_ids"]]
        with part(con, [*members, *carried], edited=set(edits)) as of:
            of.execute("SET TimeZone = 'UTC'")
            return Period(
                lake=lake.uri,
                since=first.date(),
                until=(end - timedelta(microseconds=1)).date(),
                totals=totals,
                days=rows(con, "report_days"),
                stories=rows(of, "report_stories", ids=stories),
                pairs=rows(con, "report_pairs"),
                texts=rows(of, "report_texts", ids=_ids(texts, "original_id")),
                quotes=rows(of, "report_quotes", ids=_ids(quotes, "utterance_id")),
                edits=rows(of, "report_edits", ids=edits),
                sources=rows(con, "report_sources", since=first.date(), until=end),
            )


def story(lake: Lake, beginning: str) -> Story:
    """What the story tells whose id is this, or begins so.

    Raises LakeError where no id does, or that of several.
    """
    with _session(lake) as con:
        found = _ids(rows(con, "report_story", story=beginning.lower()), "story_id")
        if len(found) != 1:
            none = f'is no story of {lake.uri}; newslake sql "SELECT story_id, title FROM stories" lists them'
            raise LakeError(
                f"{beginning} " + ("begins the ids of several stories: give more of it" if found else none)
            )
        members = _ids(rows(con, "report_story_members", stories=found), "article_id")
        with part(con, members) as of:
            of.execute("SET TimeZone = 'UTC'")
            told = rows(of, "report_stories", ids=found)
            if not told:
                raise LakeError(f"{beginning} became a part of another story, which holds its articles now")
            return Story(
                lake=lake.uri,
                story=told[0],
                days=rows(of, "report_story_days", story=found[0]),
                articles=rows(of, "report_story_articles", story=found[0]),
                quotes=rows(
                    of,
                    "report_quotes",
                    ids=_ids(rows(of, "report_story_quotes", story=found[0]), "utterance_id"),
                ),
                names=rows(of, "report_story_names", story=found[0]),
            )


@contextmanager
def _session(lake: Lake) -> Iterator[duckdb.DuckDBPyConnection]:
    with read_views(lake) as con:
        con.execute("SET TimeZone = 'UTC'")
        yield con


def _bounds(
    con: duckdb.DuckDBPyConnection, lake: Lake, since: datetime | None, until: datetime | None
) -> tuple[datetime, datetime]:
    """From when to before when; whole days where nothing else is said."""
    if until is None:
        newest: datetime | None = rows(con, "report_newest")[0]["newest"]
        if newest is None:
            raise LakeError(f"{lake.uri} holds no article")
        until = newest.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    end = until.replace(tzinfo=UTC)
    return (since or end - timedelta(days=DAYS)).replace(tzinfo=UTC), end


def _ids(found: Iterable[Row], column: str) -> list[str]:
    return [row[column] for row in found]
