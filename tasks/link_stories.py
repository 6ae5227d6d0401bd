"""Stage stories: which story each new article belongs to, and what that changes in the stories that there are.

Nothing here depends on the order in which articles stand in a batch, and the same articles next to the same lake give
the same rows. An article that has its story keeps it when it gets a new version.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
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
from tasks.link_stories_known import Known, known, rows_of, seen, sharing_heads, stored
from tasks.linking.stories import NEWEST, SILENCE, Articles, Clusterer, Story
from tasks.linking.story_candidates import before
from tasks.linking.story_terms import Features, features, opening
from tasks.linking.story_told import Told, taken_up, told
from tasks.linking.story_vectors import HEADS, UNKNOWN, Frequencies, Vector, Vectors, frequencies

# Articles of a language, the newest, from which it is known how frequent terms are; and of all of them, at most.
SAMPLE, ALL = 5_000, 100_000
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
    order = _in_order(fresh)
    lake = known(con, fresh, order, signatures["heads"].combine_chunks())
    new = _new(fresh, order, lake.story_of)
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
    bounds = {"taken": since, "rows": SAMPLE, "all": ALL}
    sample = con.sql(statement("lookups/story_sample.sql"), params=bounds).to_arrow_table()
    languages, titles, texts = (fresh[name].to_pylist() for name in ("language", "title", "text"))
    read = list(features_of([opening(*each) for each in zip(titles, texts, strict=True)]))
    own: dict[str, list[NDArray[np.int32]]] = {}
    for language, terms in zip(languages, read, strict=True):
        own.setdefault(language or UNKNOWN, []).append(terms.numbers)
    for language, numbers in own.items():
        chosen = sample.filter(pc.equal(pc.fill_null(sample["language"], UNKNOWN), language))
        counted = stored(chosen["vector"]).numbers
        frequencies(of, language).count(counted, chosen.num_rows, np.unique(np.concatenate(numbers)))
    found = {place: frequencies(of, languages[place]).vector(read[place]) for place in _in_order(fresh)}
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


def _new(fresh: pa.Table, order: Sequence[int], story_of: Mapping[str, str]) -> list[int]:
    """The rows of articles that have no story yet, their first version, in order of time."""
    ids = fresh["article_id"].to_pylist()
    first: dict[str, int] = {}
    for place in order:
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


def _clustered(
    lake: Known, fresh: pa.Table, new: list[int], vectors: list[Vector]
) -> tuple[Clusterer, _Names]:
    """The stories as they stand, with the new articles behind them; and the terms that numbers stand for."""
    old, added = lake.articles, fresh.take(pa.array(new, pa.int64()))
    vectors_of = stored(old["vector"])
    latest = [vectors[place] for place in new]
    articles = Articles(
        old["article_id"].to_pylist() + added["article_id"].to_pylist(),
        vectors_of.followed_by(Vectors.of([(it.numbers, it.weights) for it in latest])),
        *(np.concatenate([_days(old[name]), _days(added[name])]) for name in ("published_at", "ingested_at")),
    )
    named = np.repeat(
        vectors_of.ends[:-1] + pc.list_value_length(old["terms"]).to_numpy(), np.diff(vectors_of.ends)
    )
    numbers = vectors_of.numbers[np.arange(len(named)) < named]
    names = _Names(
        np.concatenate([numbers, *(it.numbers[: len(it.terms)] for it in latest)]),
        pa.concat_arrays(
            [
                *pc.list_flatten(old["terms"]).chunks,
                pa.array(list(chain.from_iterable(it.terms for it in latest)), pa.string()),
            ]
        ),
    )
    clusterer = Clusterer(articles, old.num_rows, lake.candidates_of(new, fresh["key"].to_numpy()))
    stories: dict[str, Story] = {}
    for row, article_id in enumerate(articles.ids[: old.num_rows]):
        story_id = lake.story_of[article_id]
        if story_id not in stories:
            stories[story_id] = Story(story_id)
        clusterer.put(row, stories[story_id])
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


def _days(times: pa.ChunkedArray) -> NDArray[np.float64]:
    """Days since 1970, NaN where unknown."""
    days: NDArray[np.float64] = pc.divide(times.cast(pa.int64()).cast(pa.float64()), 86_400e6).to_numpy()
    return days


def _time(days: float) -> datetime:
    return _EPOCH + days * _DAY


def _moves(
    clusterer: Clusterer, lake: Known, new: Mapping[str, int], fresh: pa.Table
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
    published = of.published[chosen]
    times = np.where(np.isnan(published), of.taken[chosen], published)
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
        keys.append(seen(*sharing_heads(ended, heads)))
    described = rows_of(con, "story_newest", pa.chunked_array(keys))
    ids = described["story_id"].to_pylist()
    before_it = dict(zip(ids, described["follows"].to_pylist(), strict=True))
    follows: dict[str, str | None] = {story_id: before_it.get(story_id) for story_id in said}
    ids += said
    last = np.concatenate([_days(described["last_at"]), [it.last for it in said.values()]])
    own = Vectors.of([(it.vector.numbers, it.vector.weights) for it in said.values()])
    vectors = stored(described["vector"]).followed_by(own)
    # What is described anew is not what it was; what went into another story has no terms any more.
    there = [row for row in range(described.num_rows) if len(vectors[row][0]) and ids[row] not in said]
    order = sorted([*there, *range(described.num_rows, len(ids))], key=lambda row: (last[row], ids[row]))
    heads_of = [vectors[row][0][:HEADS] for row in order]
    rows = np.repeat(np.arange(len(order)), [len(numbers) for numbers in heads_of])
    flat = np.concatenate([np.zeros(0, np.int32), *heads_of])
    asked = np.array([ids[row] in new for row in order], np.bool_)
    for place, others in zip(np.flatnonzero(asked).tolist(), before(flat, rows, asked), strict=True):
        story_id = ids[order[place]]
        it = new[story_id]
        silent = [
            row for row in (order[other] for other in others) if SILENCE < it.began - last[row] <= HORIZON
        ]
        near = Vectors.of([vectors[row] for row in silent])
        follows[story_id] = taken_up(it, [ids[row] for row in silent], near)
    return follows


def _stamp(fresh: pa.Table) -> dict[str, Any]:
    """What the batch's last rows say of the run."""
    last = int(np.argmax(fresh["batch"].to_numpy()))
    return {column.name: fresh[column.name][last].as_py() for column in SHARED}


def _table(table: Table, found: list[dict[str, Any]], stamp: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist([row | stamp for row in found], schema=table.schema)
