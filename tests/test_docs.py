"""What docs, README and the demo's questions ask in SQL is answered; the watchlist in docs is one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from flows import journeys
from tasks.files import documents
from tasks.lake.store import Lake
from tasks.linking.watchlist import parse
from tasks.run import Run

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
QUESTIONS = sorted((ROOT / "sql" / "questions").glob("*.sql"))
REPORT = (
    "The ferry to Saltby will not sail before the ice is gone, the port authority of Marren said. "
    "“Nobody will be left on the island without bread or medicine,” said harbour master Ada Holm. "
    "Two icebreakers are on their way from the north and are expected on Friday morning at the latest."
)


def blocks(page: Path, language: str) -> list[str]:
    """The page's blocks of code in the language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S)


def examples() -> Iterator[object]:
    """Each statement, named by its file."""
    for page in PAGES:
        for block in blocks(page, "sql"):
            for statement in duckdb.extract_statements(block):
                yield pytest.param(
                    statement.query, id=f"{page.name}: {statement.query.split(chr(10))[0][:60]}"
                )
    for question in QUESTIONS:
        yield pytest.param(question.read_text(encoding="utf-8"), id=question.name)


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A lake of one report that two outlets carry."""
    folder = tmp_path_factory.mktemp("docs")
    with (folder / "in.jsonl").open("w", encoding="utf-8") as file:
        for hour, outlet in (("08", "shorepost"), ("10", "courier")):
            given = {
                "url": f"https://{outlet}.example/ferry",
                "title": "No ferry before the ice is gone",
                "text": REPORT,
                "published_at": f"2026-03-02T{hour}:00:00Z",
            }
            file.write(json.dumps(given) + "\n")
    lake = Lake(folder / "lake")
    journeys.load(documents([str(folder / "in.jsonl")]), lake, Run.begin("files"), workers=1)
    with duckdb.connect(str(lake.catalog), read_only=True) as con:
        yield con


@pytest.mark.parametrize("statement", list(examples()))
def test_an_example_is_answered(con: duckdb.DuckDBPyConnection, statement: str) -> None:
    asked = con.execute(statement)
    assert asked.description
    asked.fetchall()


def test_the_examples_lake_holds_what_they_ask_for(con: duckdb.DuckDBPyConnection) -> None:
    assert con.sql("SELECT delay_hours FROM reprints").fetchall() == [(2.0,)]
    assert con.sql("SELECT speaker, articles FROM utterances").fetchall() == [("Ada Holm", 2)]


def test_the_watchlist_of_the_docs_is_one() -> None:
    [written] = blocks(ROOT / "docs" / "linking.md", "toml")
    entries = parse(written, "docs/linking.md").entries
    assert [entry.name for entry in entries] == ["Halden Rovers", "ACT"]
