"""What finding reprints costs: ``python -m tests.bench.reprints_cost WINDOW [LAKE]``.

2,000 synthetic articles, of which one in five is a copy, against an empty lake, and one with WINDOW signatures of
random hashes within its days, and links of LAKE articles. Prints seconds of CPU.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tasks import link_reprints
from tasks.article.identity import digest, key
from tasks.lake.schema_links import LINKS, SIGNATURES
from tasks.linking.sketch import LOOKED_UP, SIZE
from tests.bench.vocabulary import texts

BATCH, PIECE = 2_000, 50_000
NOW = datetime(2026, 10, 1, tzinfo=UTC)


def filled(schema: pa.Schema, count: int, **columns: object) -> pa.Table:
    """A table of ``count`` rows, with NULL in the columns not given."""
    stamp = {"run_id": ["bench"] * count, "batch": [1] * count, "ingested_at": [NOW] * count}
    given = {**stamp, **columns}
    return pa.table(
        [pa.array(given[f.name], f.type) if f.name in given else pa.nulls(count, f.type) for f in schema], schema=schema
    )  # fmt: skip


def window(count: int, seed: int, days: tuple[float, float]) -> pa.Table:
    """``count`` signatures of random hashes, published in the days before NOW, in order."""
    rng = np.random.default_rng(seed)
    hashes = np.sort(rng.integers(-(2**31), -(2**31) + 2**30, (count, SIZE)).astype("<i4"), axis=1)
    published = NOW - timedelta(days=days[1]) + np.sort(rng.random(count)) * timedelta(days=days[1] - days[0])
    names = [digest(f"{seed}-{at}") for at in range(count)]
    return filled(
        SIGNATURES.schema, count, article_id=names, key=[key(name) for name in names], version=[1] * count,
        published_at=published.tolist(), shingle_count=[500] * count, outlet=["Outlet"] * count,
        shingles=[row[:LOOKED_UP].tobytes() for row in hashes], sketch=[row.tobytes() for row in hashes],
    )  # fmt: skip


def batch(seed: int) -> pa.Table:
    """A batch's articles: text and what SIGNATURES takes from articles."""
    own = texts(BATCH, seed).to_pylist()
    for at in range(0, BATCH, 5):
        own[at] = own[at + 1] + " Reporting by the Marren Courier"
    names = [digest(f"fresh-{seed}-{at}") for at in range(BATCH)]
    published = [NOW - timedelta(days=1) + timedelta(seconds=20 * at) for at in range(BATCH)]
    return filled(
        SIGNATURES.schema, BATCH, article_id=names, key=[key(name) for name in names], version=[1] * BATCH,
        published_at=published, published_precision=["second"] * BATCH, published_offset=[0] * BATCH,
    ).append_column("text", pa.array(own))  # fmt: skip


def seconds(step: Callable[[], object]) -> float:
    """CPU of the quickest of three."""
    took = []
    for _ in range(3):
        used = time.process_time()
        step()
        took.append(time.process_time() - used)
    return min(took)


def main(count: int, lake: int) -> None:
    """Print the figures."""
    fresh = batch(1)
    made = link_reprints.sketched(fresh)
    print(f"sketches of {BATCH}: {seconds(lambda: link_reprints.sketched(fresh)):.3f} s")
    given = fresh.drop_columns("text")
    for name in made.column_names:
        given = given.set_column(given.schema.get_field_index(name), given.schema.field(name), made[name])
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as con:
        con.execute("CREATE SCHEMA base")
        for table in (SIGNATURES, LINKS):
            con.register("empty", table.schema.empty_table())
            con.execute(f"CREATE TABLE base.{table.name} AS FROM empty")
        print(f"links, empty lake: {seconds(lambda: link_reprints.rows(con, given)):.3f} s")
        signatures, links = Path(folder, "signatures.parquet"), Path(folder, "links.parquet")
        with pq.ParquetWriter(signatures, SIGNATURES.schema, compression="zstd") as writer:
            for at in range(0, count, PIECE):
                days = (30 * (1 - (at + PIECE) / count), 30 * (1 - at / count))
                part = window(PIECE, at, days)
                if at + PIECE >= count:  # a tenth of the batch has its original in the window
                    part = pa.concat_tables([part, given.slice(0, BATCH // 10).set_column(
                        0, SIGNATURES.schema.field("key"), pa.array([key(digest(f"{n}")) for n in range(BATCH // 10)])
                    ).set_column(1, SIGNATURES.schema.field("article_id"), pa.array(
                        [digest(f"{n}") for n in range(BATCH // 10)]
                    ))])  # fmt: skip
                writer.write_table(part, row_group_size=10_000)
        with pq.ParquetWriter(links, LINKS.schema, compression="zstd") as writer:
            for at in range(0, lake, PIECE * 10):
                names = [digest(f"link-{at + n}") for n in range(PIECE * 10)]
                kinds = ["reprint" if n % 5 == 0 else "story" for n in range(len(names))]
                writer.write_table(
                    filled(
                        LINKS.schema, len(names), article_id=names, key=[key(n) for n in names], kind=kinds,
                        version=[1] * len(names),
                        original_id=[n if k == "reprint" else None for n, k in zip(names, kinds, strict=True)],
                    ), row_group_size=10_000,
                )  # fmt: skip
        for table, path in ((SIGNATURES, signatures), (LINKS, links)):
            con.execute(f"DROP TABLE base.{table.name}")
            con.execute(f"CREATE VIEW base.{table.name} AS FROM read_parquet('{path}')")
        print(f"links, {count} in the window: {seconds(lambda: link_reprints.rows(con, given)):.3f} s")
        print(f"rows: {link_reprints.rows(con, given).num_rows}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 500_000)
