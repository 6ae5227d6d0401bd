"""Other engines read the tables as they are."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import duckdb
import polars as pl
import pyarrow.compute as pc
import pytest

from flows import journeys
from tasks.files import documents
from tasks.lake.schema import ARTICLES, TABLES, Table
from tasks.lake.store import Lake
from tasks.run import Run
from tests.bench.generate import write

ROWS = 6


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A lake of two commits."""
    folder = tmp_path_factory.mktemp("engines")
    lake = Lake(folder / "lake")
    for count in (2, ROWS):
        write(folder / "in", count, 1_500)
        journeys.load(documents([str(folder / "in")]), lake, Run.begin("files"), workers=1)
    return lake


@pytest.fixture(scope="module")
def titles(lake: Lake) -> list[str]:
    """What the catalog tells."""
    with duckdb.connect(str(lake.catalog), read_only=True) as con:
        return [title for (title,) in con.sql("SELECT title FROM article_versions ORDER BY ALL").fetchall()]


def test_the_catalog_tells_something_to_compare_with(titles: list[str]) -> None:
    assert len(set(titles)) == ROWS


def test_polars(lake: Lake, titles: list[str]) -> None:
    articles = pl.scan_delta(lake.at(ARTICLES))
    assert articles.select("title").sort("title").collect()["title"].to_list() == titles
    quotes = articles.filter(pl.col("word_count") > 0).select(pl.col("quotes").list.len().sum())
    with duckdb.connect(str(lake.catalog), read_only=True) as con:
        assert quotes.collect().rows() == con.sql("SELECT count(*) FROM quotes").fetchall()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.name))
def test_polars_reads_every_column(lake: Lake, table: Table) -> None:
    assert pl.scan_delta(lake.at(table)).collect().columns == table.schema.names


def test_deltalake(lake: Lake, titles: list[str]) -> None:
    dataset = lake.open(ARTICLES).to_pyarrow_dataset()
    found = dataset.to_table(columns=["title"], filter=pc.field("word_count") > 0)
    assert sorted(found["title"].to_pylist()) == titles
    assert dataset.schema.names == ARTICLES.schema.names


def test_bare_parquet(lake: Lake, titles: list[str]) -> None:
    rows = f"read_parquet('{lake.at(ARTICLES)}/*/*.parquet', hive_partitioning = true)"
    with duckdb.connect() as con:
        assert con.sql(f"SELECT title FROM {rows} ORDER BY ALL").fetchall() == [(t,) for t in titles]
        assert con.sql(f"SELECT month FROM {rows} WHERE month = '1999-01'").fetchall() == []


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """A Spark session, with Delta's jars where they are beside Spark's own or DELTA_JARS names them."""
    if not shutil.which("java"):
        pytest.skip("Spark needs Java, which is not installed here")
    pytest.importorskip("pyspark", reason="pyspark is not installed here (pip install pyspark)")
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    if jars := os.environ.get("DELTA_JARS"):
        builder = builder.config("spark.jars", jars)
    session = builder.getOrCreate()
    yield session
    session.stop()


def test_spark(spark: Any, lake: Lake, titles: list[str]) -> None:
    try:
        articles = spark.read.format("delta").load(lake.at(ARTICLES))
    except Exception as error:
        if "DATA_SOURCE_NOT_FOUND" not in str(error):
            raise
        pytest.skip("Delta's jars are not here: set DELTA_JARS to the paths of delta-spark and delta-storage")
    assert articles.columns == ARTICLES.schema.names
    rows = articles.where("word_count > 0").select("title").collect()
    assert sorted(row["title"] for row in rows) == titles


def test_spark_without_the_jars(spark: Any, lake: Lake, titles: list[str]) -> None:
    articles = spark.read.option("basePath", lake.at(ARTICLES)).parquet(*lake.open(ARTICLES).file_uris())
    assert sorted(articles.columns) == sorted(ARTICLES.schema.names)
    rows = articles.collect()
    assert sorted(row["title"] for row in rows) == titles
