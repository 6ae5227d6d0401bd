"""The stage on a real lake of Parquet files, batch by batch."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tasks import link_reprints
from tasks.article.identity import digest, key
from tasks.lake.schema_links import LINKS, SIGNATURES, Table
from tests.linking.test_copies import NOTICE, OWN, WIRE

START = datetime(2026, 10, 1, 6, tzinfo=UTC)
TABLES: tuple[Table, ...] = (SIGNATURES, LINKS)


class Lake:
    """Both tables as Parquet files, one a batch."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.batch = folder, 0
        for table in TABLES:
            pq.write_table(table.schema.empty_table(), folder / f"{table.name}-0.parquet")

    def link(self, *articles: Mapping[str, object]) -> set[tuple[str, str, str]]:
        """Link a batch; what was found, as (name, kind, name of the original)."""
        self.batch += 1
        fresh = signatures(self.batch, *articles)
        found = link_reprints.rows(self.connect(), fresh)
        assert found.schema == LINKS.schema
        assert found == link_reprints.rows(self.connect(), fresh)  # and again the same
        for table, rows in zip(TABLES, (fresh, found), strict=True):
            pq.write_table(rows, self.folder / f"{table.name}-{self.batch}.parquet")
        names = {digest(name): name for name in NAMES}
        return {(names[r["article_id"]], r["kind"], names[r["original_id"]]) for r in found.to_pylist()}

    def connect(self) -> duckdb.DuckDBPyConnection:
        con = duckdb.connect()
        con.execute("CREATE SCHEMA base")
        for table in TABLES:
            files = self.folder / f"{table.name}-*.parquet"
            con.execute(f"CREATE VIEW base.{table.name} AS FROM read_parquet('{files}')")
        return con


NAMES = ["wire", "copy", "copy2", "own", "late", "far", "part", *(f"n{at}" for at in range(200))]


def article(
    name: str, text: str, days: float | None = 0, version: int = 1, **fields: object
) -> dict[str, object]:
    published = None if days is None else START + timedelta(days=days)
    return {
        "article_id": digest(name),
        "key": key(digest(name)),
        "version": version,
        "text": text,
        "published_at": published,
        "published_offset": 0,
        "published_precision": "second",
        **fields,
    }


def signatures(batch: int, *articles: Mapping[str, object]) -> pa.Table:
    made = link_reprints.sketched(
        pa.table({"text": pa.array([str(a["text"]) for a in articles], pa.string())})
    )
    stamp = {
        "run_id": "run",
        "batch": batch,
        "ingested_at": START + timedelta(days=1, minutes=batch),
        "month": "2026-10",
    }
    sketches = made.to_pylist()
    return pa.Table.from_pylist(
        [{**stamp, **a, **sketch} for a, sketch in zip(articles, sketches, strict=True)],
        schema=SIGNATURES.schema,
    )


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path)


def test_a_copy_in_a_later_batch(lake: Lake) -> None:
    assert lake.link(article("wire", WIRE), article("own", OWN)) == set()
    assert lake.link(article("copy", WIRE + NOTICE, 1)) == {("copy", "reprint", "wire")}
    half = " ".join(WIRE.split()[: len(WIRE.split()) // 3])
    assert lake.link(article("part", half, 2)) == {("part", "excerpt", "wire")}


def test_copies_in_one_batch(lake: Lake) -> None:
    found = lake.link(article("copy2", WIRE, 2), article("copy", WIRE, 1), article("wire", WIRE))
    assert found == {("copy", "reprint", "wire"), ("copy2", "reprint", "wire")}


def test_the_original_comes_last(lake: Lake) -> None:
    lake.link(article("copy", WIRE, 1))
    assert lake.link(article("copy2", WIRE, 2)) == {("copy2", "reprint", "copy")}
    assert lake.link(article("wire", WIRE, 0)) == {("copy", "reprint", "wire")}
    assert lake.link(article("late", WIRE, 3)) == {("late", "reprint", "wire")}


def test_beyond_the_window(lake: Lake) -> None:
    lake.link(article("wire", WIRE))
    assert lake.link(article("far", WIRE, 31)) == set()
    # what lies between brings them together
    assert lake.link(article("late", WIRE, 29)) == {("late", "reprint", "wire"), ("far", "reprint", "late")}


def test_undated_articles_are_compared_with_what_came_in_lately(lake: Lake) -> None:
    lake.link(article("wire", WIRE, -400))
    assert lake.link(article("copy", WIRE, None)) == {("copy", "reprint", "wire")}
    assert lake.link(article("late", WIRE, 3)) == {("late", "reprint", "copy")}


def test_the_newest_version_counts(lake: Lake) -> None:
    lake.link(article("wire", WIRE))
    lake.link(article("copy", WIRE, 1))
    assert lake.link(article("copy", OWN, 1, version=2)) == set()
    assert lake.link(article("own", OWN, 2)) == {("own", "reprint", "copy")}
    assert lake.link(article("n1", WIRE, 3), article("n1", OWN, 3, version=2)) == {("n1", "reprint", "copy")}


def test_a_head_that_becomes_a_copy_takes_its_copies_along(lake: Lake) -> None:
    lake.link(article("copy", WIRE, 5), article("copy2", WIRE + NOTICE, 6))
    lake.link(article("wire", WIRE, 0))
    assert lake.link(article("late", WIRE + NOTICE, 7)) == {("late", "reprint", "wire")}


def test_a_text_that_everybody_carries_is_found_and_a_notice_that_all_share_is_not(lake: Lake) -> None:
    rng = np.random.default_rng(1)
    texts = [" ".join(f"w{n}" for n in rng.integers(0, 10**6, 120)) + NOTICE for _ in range(100)]
    assert lake.link(*(article(f"n{at}", text) for at, text in enumerate(texts))) == set()
    carried = [article(f"n{at}", WIRE, at / 100) for at in range(100, 200)]
    assert len(lake.link(*carried)) == 99
    assert lake.link(article("late", WIRE, 10)) == {("late", "reprint", "n100")}
    assert lake.link(article("copy", texts[99], 10)) == {("copy", "reprint", "n99")}


def test_other_scripts(lake: Lake) -> None:
    chinese = (
        "港区渡轮罢工居民等待消息公司拒绝谈判部长要求双方回到会议桌前医院得到救援船只"
        "市场摊位关闭面包师分送面包老领航员回忆海峡结冰的冬天"
    )
    arabic = (
        "قال وزير النقل إن العبارات ستعود إلى العمل يوم الجمعة بعد مفاوضات استمرت حتى الفجر بين النقابة والشركة "
        "وأضاف أن المستشفى في الجزيرة وعد بقارب للطوارئ وأن تسعة آلاف راكب سيضطرون إلى القيادة حول الخليج لمدة ساعتين"
    )
    lake.link(article("wire", chinese), article("own", arabic))
    changed = arabic.replace("الجمعة", "الخميس")
    found = lake.link(article("copy", chinese[:45], 1), article("copy2", changed, 1))
    assert found == {("copy", "reprint", "wire"), ("copy2", "reprint", "own")}


def test_case_accents_and_punctuation_play_no_part(lake: Lake) -> None:
    lake.link(article("wire", WIRE))
    shouted = WIRE.upper().replace('"', "»").replace("COMPANY", "CÓMPANY").replace(",", " –")
    assert lake.link(article("copy", shouted, 1)) == {("copy", "reprint", "wire")}


def test_nothing_new(lake: Lake) -> None:
    assert lake.link() == set()
    assert lake.link(article("own", "Too short."), article("wire", "")) == set()
