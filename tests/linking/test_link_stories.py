"""The stage stories over Parquet files: batch after batch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tasks.lake.schema_links import LINKS, SIGNATURES, STORIES
from tasks.link_stories import Found, rows
from tests.linking.lake import Files, article, fresh
from tests.linking.samples import EVENTS, report


class Linked:
    """A lake whose new articles are put to stories as they come."""

    def __init__(self, folder: Path) -> None:
        self.files = Files(folder, SIGNATURES, LINKS, STORIES)

    def found(self, batch: pa.Table) -> Found:
        with self.files.connect() as con:
            return rows(con, batch)

    def add(self, *articles: dict[str, Any]) -> Found:
        batch = fresh(*articles)
        found = self.found(batch)
        kept = [name for name in SIGNATURES.schema.names if name in batch.column_names]
        signatures = batch.select(kept)
        for name in ("terms", "heads", "vector"):
            signatures = signatures.append_column(name, found.signatures[name])
        empty = SIGNATURES.schema.empty_table()
        self.files.add(SIGNATURES, pa.concat_tables([empty, signatures], promote_options="default"))
        self.files.add(LINKS, found.links)
        self.files.add(STORIES, found.stories)
        return found

    def stories(self) -> dict[str, str]:
        """Headline → story, having checked that every change of story is written down."""
        with self.files.connect() as con:
            links = con.sql("FROM base.links ORDER BY batch").to_arrow_table().to_pylist()
        now: dict[str, str] = {}
        for link in links:
            assert link["from_story_id"] == now.get(link["article_id"])
            assert (link["from_story_id"] is None) == (link["change"] in ("started", "joined"))
            assert link["story_id"] != link["from_story_id"]
            now[link["article_id"]] = link["story_id"]
        return now


@pytest.fixture
def lake(tmp_path: Path) -> Linked:
    return Linked(tmp_path)


def reports(events: list[str], seeds: range, **of: Any) -> list[dict[str, Any]]:
    return [article(f"{event} {seed}", report(event, seed), **of) for seed in seeds for event in events]


def named(lake: Linked, articles: list[dict[str, Any]]) -> list[str]:
    stories = lake.stories()
    return [stories[each["article_id"]] for each in articles]


def test_batches_make_the_stories_that_one_batch_makes(lake: Linked, tmp_path: Path) -> None:
    every = reports(EVENTS, range(6))
    for batch, day in ((1, 0), (2, 3), (3, 9)):
        lake.add(
            *(
                a | {"batch": batch}
                for a in reports(EVENTS, range(2 * batch - 2, 2 * batch), day=day, came=day)
            )
        )
    stories = named(lake, every)
    assert len(set(stories)) == len(EVENTS)
    assert all(len(set(stories[place :: len(EVENTS)])) == 1 for place in range(len(EVENTS)))
    changes = [
        each["change"]
        for each in lake.found(fresh(*reports(["ferry"], range(7, 8), batch=4))).links.to_pylist()
    ]
    assert changes == ["joined"]


def test_the_same_batch_again_gives_the_same_rows_in_any_order(lake: Linked) -> None:
    lake.add(*reports(EVENTS, range(3)))
    batch = fresh(*reports(EVENTS, range(3, 6), day=2, came=2, batch=2))
    one, again = lake.found(batch), lake.found(batch)
    other = lake.found(batch.take(pa.array(range(batch.num_rows - 1, -1, -1))))
    assert one.links.equals(again.links) and one.stories.equals(again.stories)
    assert one.links.equals(other.links) and one.stories.equals(other.stories)


def test_a_new_version_keeps_its_story(lake: Linked) -> None:
    first = article("ferry", report("ferry", 1))
    lake.add(first)
    found = lake.add(article("ferry", report("strike", 1), version=2, batch=2))
    assert found.links.num_rows == found.stories.num_rows == 0
    assert found.signatures.num_rows == 1


def test_an_old_story_that_is_merged_takes_all_its_articles_along(lake: Linked) -> None:
    vase = "Aurelian Vase stolen in Port Ellory overnight"
    thief = "Inspector Tamsin Rowe seeks museum thieves for ransom"
    old = [article(f"vase {n}", vase, day=9 * n, came=9 * n) for n in range(3)]
    lake.add(*old)
    apart = article("thief", thief, day=18, came=18, batch=2)
    lake.add(apart)
    assert len(set(named(lake, [*old, apart]))) == 2
    bridges = [article(f"both {n}", f"{vase}: {thief}", day=19, came=19, batch=3) for n in range(2)]
    found = lake.add(*bridges)
    assert set(named(lake, [*old, apart, *bridges])) == set(named(lake, old[:1]))
    merged = [row for row in found.links.to_pylist() if row["change"] == "merged"]
    assert [row["article_id"] for row in merged] == [apart["article_id"]]
    assert [row["merged_into"] for row in found.stories.to_pylist() if row["merged_into"]] == named(
        lake, old[:1]
    )


def test_a_split_is_written_down(lake: Linked) -> None:
    both = [article(f"both {n}", f"{report('ferry', n)} {report('strike', n)}") for n in range(2)]
    lake.add(*both)
    for batch in range(2, 7):
        lake.add(*reports(["ferry", "strike"], range(batch, batch + 1), day=batch, came=batch, batch=batch))
    stories = named(lake, reports(["ferry"], range(2, 7)) + reports(["strike"], range(2, 7)))
    assert len(set(stories[:5])) == len(set(stories[5:])) == 1 and stories[0] != stories[5]
    with lake.files.connect() as con:
        assert con.sql("SELECT count(*) FROM base.links WHERE change = 'split'").fetchall()[0][0] > 0


def test_a_story_taken_up_after_silence_follows_the_one_before(lake: Linked) -> None:
    before = reports(["ferry", "strike"], range(3))
    lake.add(*before)
    later = [a | {"batch": 2} for a in reports(["ferry", "museum"], range(5, 7), day=200, came=200)]
    found = lake.add(*later)
    follows = {row["story_id"]: row["follows"] for row in found.stories.to_pylist()}
    ferry, museum = named(lake, later)[:2]
    assert follows == {ferry: named(lake, before)[0], museum: None}
    more = lake.add(*reports(["ferry"], range(8, 9), day=201, came=201, batch=3))
    assert more.stories["follows"].to_pylist() == [named(lake, before)[0]]  # as it was


def test_a_story_and_the_one_that_follows_it_may_come_in_one_batch(lake: Linked) -> None:
    found = lake.add(*reports(["ferry"], range(3)), *reports(["ferry"], range(5, 8), day=300))
    assert sorted(row["follows"] is None for row in found.stories.to_pylist()) == [False, True]


def test_a_story_is_described_from_its_second_article_on(lake: Linked) -> None:
    assert lake.add(article("one", report("ferry", 1))).stories.num_rows == 0
    (row,) = lake.add(article("two", report("ferry", 2), day=1, came=1, batch=2)).stories.to_pylist()
    assert row["central_id"] in lake.stories() and len(row["terms"]) == len(row["heads"]) == 16
    assert row["last_at"] == article("two", "", day=1)["published_at"] and row["run_id"] == "run 2"


def test_nothing_comes_of_nothing(lake: Linked) -> None:
    found = lake.found(fresh())
    assert found.links.num_rows == found.stories.num_rows == found.signatures.num_rows == 0
