"""Rows of a lake by the million: articles that were extracted once, under new identities and dates.

What a lake's speed depends on is as in a real one: identities and hashes are random, dates rise, a few hundred outlets
and some thousand speakers are unequally frequent, three articles of a hundred have a second version. The texts repeat.
"""

from __future__ import annotations

from datetime import datetime

import duckdb
import pyarrow as pa

from tasks import capture
from tasks.extract import extract_rows
from tasks.files import Document
from tasks.lake.schema import ARTICLES, CAPTURES
from tasks.run import Run
from tests.bench.generate import article

OUTLETS, SPEAKERS = 400, 5_000
EDITED = 33  # every which article is the second version of another
LATER = 33_000 - 1  # so many articles later
SLIM = 300  # characters of a slim text

_NUMBERS = f"""
CREATE OR REPLACE TEMP TABLE numbered AS
SELECT
    *, number % $templates AS template, 1 + (mine <> number)::INTEGER AS version,
    md5('article' || mine) AS article_id, md5('capture' || number) AS capture_id,
    md5('content' || number) AS content_hash,
    -- unequally frequent: the square of an even spread
    floor({OUTLETS} * power(hash(mine) % 1000000 / 1e6, 2))::INTEGER AS outlet,
    to_timestamp($start + $seconds * (number - $first) / $count) AS stamp
FROM (
    SELECT number, number - CASE WHEN number % {EDITED} = 0 AND number > {LATER} THEN {LATER} ELSE 0 END AS mine
    FROM range($first, $first + $count) AS numbers(number)
)
"""
_ARTICLES = """
SELECT article.* REPLACE (
    numbered.article_id AS article_id, numbered.version AS version, numbered.capture_id AS capture_id,
    CASE numbered.version WHEN 2 THEN $batch + floor((mine - $first) / $count)::BIGINT END AS previous_batch,
    numbered.content_hash AS content_hash, {article_id} AS key, {content_hash} AS content_key,
    'outlet' || numbered.outlet AS source_id, 'The Outlet ' || numbered.outlet AS outlet,
    'https://outlet' || numbered.outlet || '.example/news/' || mine AS url,
    'https://outlet' || numbered.outlet || '.example/news/' || mine AS canonical_url,
    article.title || ' ' || mine AS title, stamp AS published_at, $run AS run_id,
    list_transform(article.quotes[:$quotes], lambda quotation, place: struct_update(
        quotation, speaker := 'Speaker ' || floor({speakers} * power(hash(mine, place) % 1000000 / 1e6, 2))::INTEGER
    )) AS quotes,
    article.text[:$size] AS text
)
FROM numbered JOIN articles AS article USING (template)
ORDER BY number
"""
_CAPTURES = """
SELECT capture.* REPLACE (
    numbered.capture_id AS capture_id, numbered.article_id AS article_id, {capture_id} AS key,
    'outlet' || numbered.outlet AS source_id,
    'https://outlet' || numbered.outlet || '.example/news/' || mine AS url,
    'https://outlet' || numbered.outlet || '.example/news/' || mine AS location, {article_id} AS url_key,
    md5('body' || number) AS body_hash, {content_hash} AS body_key, stamp + INTERVAL 5 MINUTE AS fetched_at,
    CASE numbered.version WHEN 1 THEN 'new' ELSE 'new_version' END AS outcome, 'article' AS kind,
    CASE WHEN $size >= 1000 THEN capture.body END AS body, $run AS run_id, stamp AS run_started_at
)
FROM numbered JOIN captures AS capture USING (template)
ORDER BY number
"""


def _key(column: str) -> str:
    """The first 8 bytes of a digest as a signed number, in SQL."""
    return f"(('0x' || {column}[1:16])::UBIGINT::HUGEINT - (({column}[1] >= '8')::HUGEINT << 64))::BIGINT"


_KEYS = {column: _key(f"numbered.{column}") for column in ("article_id", "capture_id", "content_hash")}


class Rows:
    """Rows by their numbers; the same number gives the same row. ``size``: characters of a text."""

    def __init__(self, size: int = 4_000, templates: int = 400) -> None:
        self.size, self.templates = size, templates
        whole = max(size, 1_200)
        texts = [
            Document(location=f"{number}.txt", body=article(number, whole).encode(), media="text")
            for number in range(templates)
        ]
        (captures,) = capture.batches(texts, Run.begin("files"))
        self.con = duckdb.connect()
        self.con.execute("SET TimeZone = 'UTC'")
        for name, rows in (("captures", captures), ("articles", extract_rows(captures))):
            numbers = pa.array(range(templates), pa.int64())
            self.con.register("given", rows.append_column("template", numbers))
            self.con.execute(f"CREATE TABLE {name} AS FROM given")

    def take(
        self, first: int, count: int, start: datetime, seconds: float, batch: int = 0
    ) -> tuple[pa.Table, pa.Table]:
        """Captures and articles of the schemas CAPTURES and ARTICLES, published over ``seconds`` from ``start`` on.

        ``batch``: number that they are to be committed with, those before being of ``count`` rows each too.
        """
        chosen = {
            "first": first, "count": count, "start": start.timestamp(), "seconds": seconds, "templates": self.templates,
        }  # fmt: skip
        self.con.execute(_NUMBERS, chosen)
        shown = {
            "run": f"{start:%Y%m%dT%H%M%S}-bench",
            "size": self.size,
            "quotes": 2 if self.size <= SLIM else 99,
        }
        shown |= {"batch": batch, "first": first, "count": count}
        articles = self.con.sql(_ARTICLES.format(speakers=SPEAKERS, **_KEYS), params=shown).to_arrow_table()
        for name in ("quotes", "batch", "first", "count"):
            del shown[name]
        captures = self.con.sql(_CAPTURES.format(**_KEYS), params=shown).to_arrow_table()
        return tuple(
            rows.select(table.schema.names).cast(table.schema)
            for rows, table in ((captures, CAPTURES), (articles, ARTICLES))
        )
