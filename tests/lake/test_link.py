"""Linking on a lake: what is found does not depend on deaths, batches' pieces, or how often it is done."""

from __future__ import annotations

import os
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from flows import journeys
from flows.cli import main
from tasks import link
from tasks.files import documents
from tasks.lake.files import forget, live
from tasks.lake.schema import ARTICLES
from tasks.lake.schema_links import LINKED, LINKS, MENTIONS
from tasks.lake.store import Lake, committed
from tasks.publish import publish
from tasks.run import Run
from tasks.verify import verify
from tests.bench.generate import write
from tests.processes import alone

# A paragraph a line, as crawled texts have it.
WIRE = """Ferry to Marren cancelled after pump fails
By Ada Holm, 12 March 2026
{}
{}
{}
""".format(
    "The evening ferry from Saltby to Marren was cancelled on Thursday after a pump failed in the engine room, the "
    "company said in a statement that it read out at the quay.",
    "“We will not let a ship leave the harbour with a pump that we do not trust,” Harbour Master Ingrid Solvang told "
    "reporters.",
    "Passengers were taken to the island by bus and by a fishing boat, which needed three journeys for the forty "
    "people who were waiting in heavy rain and a wind that rose towards midnight. The company expects the ship back on "
    "Saturday.",
)
FOUND = ("reprints", "stories", "story_articles", "utterances", "mentions")


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Two runs: six texts and a report; then two texts, and the same report with a line of its own."""
    made = Lake(tmp_path / "lake")
    for number, more in enumerate(("", "\nThe mayor asked for a second ship.\n")):
        folder = tmp_path / str(number)
        write(folder, 6 - 4 * number, 900)
        (folder / "wire.txt").write_text(WIRE + more, encoding="utf-8")
        load(folder, made)
    return made


def load(folder: Path, lake: Lake) -> None:
    journeys.load(documents([str(folder)]), lake, Run.begin("files"), workers=1, rows=3)


def found(lake: Lake) -> dict[str, list[str]]:
    with duckdb.connect(str(lake.catalog), read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        return {view: sorted(map(str, con.sql(f"FROM {view}").fetchall())) for view in FOUND}


@pytest.fixture
def linked(lake: Lake) -> Lake:
    """The same lake, linked in one piece and not in two runs' pieces, of which stories know the one before alone."""
    link.forget_all(lake)
    again(lake)
    return lake


def again(lake: Lake) -> None:
    """Link what is not linked, and show it."""
    link.catch_up(lake)
    publish(lake)


def dying(place: Path, before: int) -> None:
    """Link all, but die before the commit so numbered."""
    commit, commits = link.commit, iter(range(1, 100))

    def deadly(*arguments: Any) -> None:
        if next(commits) == before:
            os._exit(9)
        commit(*arguments)

    link.commit = deadly
    link.catch_up(Lake(place))


def test_a_run_links_its_articles(lake: Lake) -> None:
    seen = found(lake)
    assert len(seen["reprints"]) == 1
    (said,) = [row for row in seen["utterances"] if "a pump that we do not trust" in row]
    assert "Ingrid Solvang" in said
    assert len(seen["story_articles"]) == 8
    last = committed(lake.open(ARTICLES))
    assert {committed(delta) for delta in lake.linked().values()} == {last}
    assert verify(lake).whole


def test_a_death_between_its_commits_is_made_good(linked: Lake) -> None:
    seen = found(linked)
    for before in (1, 2, len(LINKED)):
        link.forget_all(linked)
        with pytest.raises(BrokenProcessPool):
            alone(dying, linked.local, before)
        again(linked)
        assert found(linked) == seen
        assert verify(linked).whole


def test_relink_finds_the_same(linked: Lake, tmp_path: Path) -> None:
    seen = found(linked)
    assert not link.catch_up(linked)
    done = CliRunner().invoke(main, ["relink", "--lake", str(linked.local)])
    assert done.exit_code == 0 and done.stderr.endswith("linked\n")
    assert found(linked) == seen
    assert CliRunner().invoke(main, ["relink", "--lake", str(tmp_path / "none")]).exit_code == 3


@pytest.mark.parametrize("table", [LINKS, MENTIONS], ids=lambda table: str(table.name))
def test_a_table_that_was_deleted_is_made_anew(linked: Lake, table: Any) -> None:
    seen = found(linked)
    forget(linked, table)
    again(linked)
    assert found(linked) == seen


def test_a_damaged_file_is_told_and_what_was_found_is_made_anew(linked: Lake) -> None:
    seen = found(linked)
    (hurt,) = live(linked.open(LINKS))
    Path(linked.local, "links", hurt.path).write_bytes(b"PAR1 and no more")
    assert "fail" in {finding.level for finding in verify(linked).findings}
    done = verify(linked, repair=True)
    assert done.whole and "newslake relink" in str(done.findings)
    again(linked)
    assert found(linked) == seen


def test_the_watchlist_is_a_file_of_the_settings(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "watch.toml"
    monkeypatch.setenv("NEWSLAKE_WATCHLIST", str(file))
    relink = ["relink", "--lake", str(lake.local)]
    missing = CliRunner().invoke(main, relink)
    assert (missing.exit_code, missing.stderr.count("\n")) == (3, 1)
    file.write_text(
        '[[entry]]\nname = "The harbour master"\naliases = ["Ingrid Solvang"]\n', encoding="utf-8"
    )
    assert CliRunner().invoke(main, relink).exit_code == 0
    with duckdb.connect(str(lake.catalog), read_only=True) as con:
        assert len(con.sql("FROM watched").fetchall()) == 2
    file.write_text("[[entry]]\nname = 3\n", encoding="utf-8")
    wrong = CliRunner().invoke(main, relink)
    assert (wrong.exit_code, wrong.stderr.count("\n")) == (3, 1) and str(file) in wrong.stderr
