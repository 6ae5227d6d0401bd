"""SIGKILL at random instants, then a rerun: nothing lost, nothing twice, and no reader sees half a commit."""

import itertools
import subprocess
import sys
from pathlib import Path

import duckdb

from flows import journeys
from tasks.files import documents
from tasks.lake.store import Lake
from tasks.run import Run
from tests.bench.generate import write
from tests.lake.crash import STATE, kills


def test_ten_kills(tmp_path: Path) -> None:
    found = kills(tmp_path, count=10, texts=40, rows=8)
    assert not found["wrong"]
    assert found["kills"] >= 8, "the loads were over before they could be killed"
    assert found["reads"] >= 10
    assert len(set(found["states"])) >= 2, "no kill hit a half-loaded lake"


def test_death_at_every_step(tmp_path: Path) -> None:
    """Before each creation, commit, catalog and rename of a load of two batches; then a rerun."""
    write(tmp_path / "in", 4, 600)
    for point in itertools.count(1):
        lake = tmp_path / f"lake{point}"
        died = subprocess.run(
            [
                sys.executable,
                "-m",
                "tests.lake.crash",
                "die",
                str(tmp_path / "in"),
                str(lake),
                "2",
                str(point),
            ]
        )
        if died.returncode == 0:
            break
        assert died.returncode == 9
        report = journeys.load(documents([str(tmp_path / "in")]), Lake(lake), Run.begin("files"), workers=1)
        assert set(report.outcomes) <= {"new", "unchanged"}
        with duckdb.connect(str(lake / "newslake.duckdb"), read_only=True) as con:
            assert con.sql(STATE).fetchall() == [(4, 4, 4, 0)], f"died at point {point}"
    assert point > 10
