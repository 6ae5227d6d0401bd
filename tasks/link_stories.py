"""Stage stories: which story each new article belongs to, and what that changes in the stories that there are.

Nothing here depends on the order in which articles stand in a batch, and the same articles next to the same lake give
the same rows. An article that has its story keeps it when it gets a new version.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, pairwise
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tasks.article.identity import key
from tasks.lake.postings import words_of
from tasks.lake.schema import SHARED, Table
from tasks.lake.schema_links import LINKS, SIGNATURES, STORIES
from tasks.lake.views import statement
from tasks.linking.stories import NEWEST, SILENCE, Articles, Clusterer, Story
from tasks.linking.story_candidates import before, sharing
from tasks.linking.story_terms import Features, features, opening
from tasks.linking.story_told import Told, taken_up, told
from tasks.linking.story_vectors import HEADS, Frequencies, Vector, frequencies, unpacked

# Articles of a language, the newest, from which it is known how frequent terms are.
SAMPLE = 5_000
# Days for which that is remembered, and after which nothing takes up an ended story any more.
LATELY, HORIZON = 30, 730
_DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Found:
    """What a batch adds: rows of LINKS and STORIES; and of SIGNATURES, of each row of the batch in its order, what is
    of stories (article_id, version, terms, heads, vector)."""

    signatures: pa.Table
    links: pa.Table
    stories: pa.Table


def rows(con: duckdb.DuckDBPyConnection, fresh: pa.Table) -> Found:
    """Put new articles, of the schema ARTICLES, to stories; ``con`` has the tables without them as ``base.<table>``."""
    vectors = _vectors(con, fresh)
    signatures = _signatures(fresh, vectors)
    if not fresh.num_rows:
        return Found(signatures, LINKS.schema.empty_table(), STORIES.schema.empty_table())
    lake = _Lake(con, fresh, signatures["heads"].combine_chunks())
    new = _new(fresh, lake.story_of)
    clusterer, names = _clustered(lake, fresh, new, vectors)
    for row in range(clusterer.first, len(clusterer.articles.ids)):
        clusterer.add(row)
    stamp = _stamp(fresh)
    moves = _moves(clusterer, lake, {fresh["article_id"][place].as_py(): place for place in new}, fresh)
    links = _table(LINKS, moves, stamp)
    return Found(signatures, links, _table(STORIES, _stories(con, clusterer, moves, names), stamp))


def _vectors(con: duckdb.DuckDBPyConnection, fresh: pa.Table) -> list[Vector]:
    """The vector of each row, weighed next to the articles that came lately and, in order of time, before it."""
    if not fresh.num_rows:
        return []
    since = pc.min(fresh["ingested_at"]).as_py() - LATELY * _DAY
    of: dict[str, Frequencies] = {}
    asked = con.sql(statement("lookups/story_sample.sql"), params={"taken": since, "rows": SAMPLE})
    sample = asked.to_arrow_table()
    for language in sample["language"].unique().to_pylist():
        chosen = sample.filter(
            pc.equal(sample["language"], language) if language else sample["language"].is_null()
        )
        numbers, _, _ = _unpacked(chosen["vector"])
        frequencies(of, language).count(numbers, chosen.num_rows)
    languages, titles, texts = (fresh[name].to_pylist() for name in ("language", "title", "text"))
    found: dict[int, Vector] = {}
    order = _in_order(fresh)
    read = features_of([opening(titles[place], texts[place]) for place in order])
    for place, terms in zip(order, read, strict=True):
        found[place] = frequencies(of, languages[place]).vector(terms)
    return [found[place] for place in range(fresh.num_rows)]


def features_of(openings: Sequence[str]) -> Iterator[Features]:
    """The features of texts, each an ``opening``."""
    words, texts = words_of(pa.array(openings, pa.string()))
    return features(words.to_pylist(), texts)


def _in_order(fresh: pa.Table) -> list[int]:
    """The rows in order of publication; of arrival, where that is unknown."""
    times = pc.coalesce(fresh["published_at"], fresh["ingested_at"]).to_pylist()
    ties = zip(times, fresh["key"].to_pylist(), fresh["version"].to_pylist(), strict=True)
    return [place for _, place in sorted(zip(ties, range(fresh.num_rows), strict=True))]


def _new(fresh: pa.Table, story_of: Mapping[str, str]) -> list[int]:
    """The rows of articles that have no story yet, their first version, in order of time."""
    ids = fresh["article_id"].to_pylist()
    first: dict[str, int] = {}
    for place in _in_order(fresh):
        if ids[place] not in story_of:
            first.setdefault(ids[place], place)
    return list(first.values())


def _signatures(fresh: pa.Table, vectors: list[Vector]) -> pa.Table:
    columns = {
        "terms": [vector.terms for vector in vectors],
        "heads": [vector.numbers[: len(vector.terms)] for vector in vectors],
        "vector": [vector.packed() for vector in vectors],
    }
    kept = {name: fresh[name] for name in ("article_id", "version")}
    return pa.table(
        kept | {name: pa.array(v, SIGNATURES.schema.field(name).type) for name, v in columns.items()}
    )


class _Lake:
    """What the lake knows of stories that the batch may be about."""

    def __init__(self, con: duckdb.DuckDBPyConnection, fresh: pa.Table, heads: pa.ListArray) -> None:
        published, taken = fresh["published_at"], pc.min(fresh["ingested_at"]).as_py()
        bounds = pc.min_max(published).as_py()
        window = {
            "since": (bounds["min"] or taken) - SILENCE * _DAY,
            "until": (bounds["max"] or taken) + SILENCE * _DAY,
            "taken": taken - SILENCE * _DAY,
            "undated": published.null_count > 0,
        }
        found = con.sql(statement("lookups/story_heads.sql"), params=window).to_arrow_table()
        near = pa.chunked_array([_sharing(found, heads), fresh["key"].combine_chunks()])
        members = _of(con, "story_members", near)
        self.story_of: dict[str, str] = dict(
            zip(*(members[name].to_pylist() for name in ("article_id", "story_id")), strict=True)
        )
        self.version_of: dict[str, int] = dict(
            zip(*(members[name].to_pylist() for name in ("article_id", "version")), strict=True)
        )
        self.articles = _in_order_of_time(_of(con, "story_vectors", members["key"], window))


def _sharing(rows: pa.Table, wanted: pa.ListArray) -> pa.Array:
    """The keys of rows (key, heads, at) that share heads with one of the lists ``wanted``."""
    lists = rows["heads"].combine_chunks()
    some = sharing(lists.values.to_numpy(), lists.offsets.to_numpy(), wanted.flatten().to_numpy())
    likely = rows.take(pa.array(some)).sort_by([("at", "ascending"), ("key", "ascending")])
    both = pa.concat_arrays([*likely["heads"].chunks, wanted])
    of = np.repeat(np.arange(len(both)), pc.list_value_length(both).to_numpy())
    found = before(both.flatten().to_numpy(), of, likely.num_rows, len(both))
    places = np.unique(np.concatenate([np.zeros(0, np.int64), *found]))
    return likely["key"].combine_chunks().take(pa.array(places[places < likely.num_rows]))


def _in_order_of_time(versions: pa.Table) -> pa.Table:
    """The newest version of each article; sorted here, where only what is sorted by has to move."""
    order = pc.sort_indices(versions, [("version", "ascending")]).to_pylist()
    ids = versions["article_id"].to_pylist()
    newest = pa.array(sorted({ids[row]: row for row in order}.values()), pa.int64())
    times = pa.table(
        {"at": pc.coalesce(versions["published_at"], versions["ingested_at"]), "key": versions["key"]}
    ).take(newest)
    order = pc.sort_indices(times, [("at", "ascending"), ("key", "ascending")])
    return versions.take(newest.take(order))


def _of(
    con: duckdb.DuckDBPyConnection, lookup: str, keys: pa.ChunkedArray, params: dict[str, Any] | None = None
) -> pa.Table:
    con.register("wanted", pa.table({"key": keys.unique()}))
    return con.sql(statement(f"lookups/{lookup}.sql"), params=params).to_arrow_table()


def _clustered(
    lake: _Lake, fresh: pa.Table, new: list[int], vectors: list[Vector]
) -> tuple[Clusterer, _Names]:
    """The stories as they stand, with the new articles behind them; and the terms that numbers stand for."""
    old, added = lake.articles, fresh.take(pa.array(new, pa.int64()))
    numbers, weights, ends = _unpacked(old["vector"])
    known = [(numbers[low:high], weights[low:high]) for low, high in pairwise(ends.tolist())]
    articles = Articles(
        old["article_id"].to_pylist() + added["article_id"].to_pylist(),
        known + [(vectors[place].numbers, vectors[place].weights) for place in new],
        *(np.concatenate([_days(old[name]), _days(added[name])]) for name in ("published_at", "ingested_at")),
    )
    lengths = np.diff(ends)
    named = np.repeat(ends[:-1] + pc.list_value_length(old["terms"]).to_numpy(), lengths)
    latest = [vectors[place] for place in new]
    names = _Names(
        np.concatenate(
            [numbers[np.arange(len(numbers)) < named], *(it.numbers[: len(it.terms)] for it in latest)]
        ),
        pa.concat_arrays(
            [
                *pc.list_flatten(old["terms"]).chunks,
                pa.array(list(chain.from_iterable(it.terms for it in latest)), pa.string()),
            ]
        ),
    )
    clusterer = Clusterer(articles, old.num_rows)
    stories: dict[str, Story] = {}
    for row, article_id in enumerate(articles.ids[: old.num_rows]):
        story_id = lake.story_of[article_id]
        clusterer.put(row, stories.setdefault(story_id, Story(story_id)))
    for story_id in lake.story_of.values():
        if story_id in stories:
            stories[story_id].others += 1
    for story in stories.values():
        story.others -= len(story.rows)
    return clusterer, names


class _Names:
    """The terms that numbers stand for, as the last article says that has them."""

    def __init__(self, numbers: NDArray[np.int32], terms: pa.StringArray) -> None:
        self._terms = terms
        self._places = numbers.astype(np.int64) << 32 | np.arange(len(numbers))
        self._places.sort()

    def __call__(self, numbers: NDArray[np.int32]) -> list[str]:
        """Those of numbers that are known."""
        if not len(self._places):
            return []
        last = self._places[np.searchsorted(self._places, numbers.astype(np.int64) + 1 << 32) - 1]
        known = last[last >> 32 == numbers] & 0xFFFFFFFF
        terms: list[str] = self._terms.take(pa.array(known)).to_pylist()
        return terms


def _unpacked(vectors: pa.ChunkedArray) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.int64]]:
    """The numbers and weights of stored vectors, one after the other, and where each begins and the last one ends."""
    column = pa.concat_arrays([pa.array([], pa.binary()), *vectors.chunks])
    _, ends, data = column.buffers()
    bounds = np.frombuffer(ends, np.int32, len(column) + 1).astype(np.int64)
    numbers, weights = unpacked(np.frombuffer(data, np.uint8)[bounds[0] : bounds[-1]], np.diff(bounds))
    return numbers, weights, (bounds - bounds[0]) // 6


def _days(times: pa.ChunkedArray) -> NDArray[np.float64]:
    """Days since 1970, NaN where unknown."""
    days: NDArray[np.float64] = pc.divide(times.cast(pa.int64()).cast(pa.float64()), 86_400e6).to_numpy()
    return days


def _time(days: float) -> datetime:
    return _EPOCH + days * _DAY


def _moves(
    clusterer: Clusterer, lake: _Lake, new: Mapping[str, int], fresh: pa.Table
) -> list[dict[str, Any]]:
    """Rows of LINKS: of each new article how it came to its story, and of each other one that has another story now.

    What happened to an article several times in the batch is one change, from where it was to where it is.
    """
    ids = clusterer.articles.ids
    now = {ids[row]: story.id for row, story in clusterer.story.items()}
    change = {ids[row]: how for row, how in clusterer.change.items()}
    for (
        article_id,
        story_id,
    ) in lake.story_of.items():  # those too old to be compared go where their story went
        if article_id not in now:
            now[article_id], change[article_id] = clusterer.went(story_id), "merged"
    versions = fresh["version"].to_pylist()
    starters = {ids[story.rows[0]] for story in clusterer.story.values() if not story.others}
    there, moves = set(lake.story_of.values()), []
    for article_id, story_id in now.items():
        before = lake.story_of.get(article_id)
        if before == story_id:
            continue
        how = change[article_id]
        if article_id in new:
            how = "started" if article_id in starters and story_id not in there else "joined"
        moves.append(
            {
                "key": key(article_id),
                "article_id": article_id,
                "version": versions[new[article_id]] if article_id in new else lake.version_of[article_id],
                "kind": "story",
                "story_id": story_id,
                "story_key": key(story_id),
                "change": how,
                "from_story_id": before,
            }
        )
    return moves


def _stories(
    con: duckdb.DuckDBPyConnection,
    clusterer: Clusterer,
    moves: list[dict[str, Any]],
    names: _Names,
) -> list[dict[str, Any]]:
    """Rows of STORIES: of each story that articles came to or left."""
    stories = {story.id: story for story in clusterer.story.values()}
    touched = sorted({move[name] for move in moves for name in ("story_id", "from_story_id")} - {None})
    said = {
        story_id: _told(clusterer, stories[story_id], names) for story_id in touched if story_id in stories
    }
    started = {move["story_id"] for move in moves if move["change"] == "started"}
    follows = _follows(con, said, started)
    described = []
    for story_id in touched:
        row: dict[str, Any] = {"story_id": story_id, "story_key": key(story_id)}
        if story_id not in said:
            described.append(row | {"merged_into": clusterer.merged.get(story_id)})
        elif stories[story_id].size > 1 or follows.get(story_id):
            it = said[story_id]
            article = clusterer.articles.ids[stories[story_id].rows[-NEWEST:][it.central]]
            described.append(
                row
                | {
                    "central_id": article,
                    "terms": it.vector.terms,
                    "heads": it.vector.numbers[: len(it.vector.terms)],
                    "vector": it.vector.packed(),
                    "last_at": _time(it.last),
                    "follows": follows.get(story_id),
                }
            )
    return described


def _told(clusterer: Clusterer, story: Story, names: _Names) -> Told:
    of, chosen = clusterer.articles, story.rows[-NEWEST:]
    times = np.where(np.isnan(of.published), of.taken, of.published)[chosen]
    return told([of.vectors[row] for row in chosen], times.tolist(), names)


def _follows(
    con: duckdb.DuckDBPyConnection, said: Mapping[str, Told], started: Iterable[str]
) -> dict[str, str | None]:
    """Story → the ended story it takes up: found for those just ``started``, as it was for the others."""
    new = {story_id: said[story_id] for story_id in started if story_id in said}
    keys = [pa.array([key(story_id) for story_id in said], pa.int64())]
    if new:
        bounds = {
            "since": _time(min(it.began for it in new.values()) - HORIZON),
            "until": _time(max(it.began for it in new.values()) - SILENCE),
        }
        ended = con.sql(statement("lookups/story_ended.sql"), params=bounds).to_arrow_table()
        heads = pa.array(
            [it.vector.numbers[: len(it.vector.terms)] for it in new.values()], pa.list_(pa.int32())
        )
        keys.append(_sharing(ended, heads))
    known = _of(con, "story_newest", pa.chunked_array(keys))
    ids = known["story_id"].to_pylist()
    before_it = dict(zip(ids, known["follows"].to_pylist(), strict=True))
    follows: dict[str, str | None] = {story_id: before_it.get(story_id) for story_id in said}
    numbers, weights, ends = _unpacked(known["vector"])
    described = [
        (last, story_id, (numbers[low:high], weights[low:high]))
        for last, story_id, (low, high) in zip(
            _days(known["last_at"]).tolist(), ids, pairwise(ends.tolist()), strict=True
        )
        if high > low and story_id not in said
    ]
    described += [
        (it.last, story_id, (it.vector.numbers, it.vector.weights)) for story_id, it in said.items()
    ]
    described.sort(key=lambda each: each[:2])
    rows = np.repeat(np.arange(len(described)), [len(vector[0][:HEADS]) for _, _, vector in described])
    flat = np.concatenate([np.zeros(0, np.int32), *(vector[0][:HEADS] for _, _, vector in described)])
    for (_, story_id, _), others in zip(described, before(flat, rows, 0, len(described)), strict=True):
        if it := new.get(story_id):
            ended = (described[row] for row in others.tolist())
            near = ((other, its) for last, other, its in ended if SILENCE < it.began - last <= HORIZON)
            follows[story_id] = taken_up(it, near)
    return follows


def _stamp(fresh: pa.Table) -> dict[str, Any]:
    """What the batch's last rows say of the run."""
    last = int(np.argmax(fresh["batch"].to_numpy()))
    return {column.name: fresh[column.name][last].as_py() for column in SHARED}


def _table(table: Table, found: list[dict[str, Any]], stamp: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist([row | stamp for row in found], schema=table.schema)
