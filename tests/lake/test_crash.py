"""SIGKILL at random instants, then a rerun and a verify: nothing lost, nothing twice, no reader sees half a commit."""

from __future__ import annotations

from pathlib import Path

from tests.lake import crash
from tests.processes import alone


def test_twenty_kills(tmp_path: Path) -> None:
    """`make soak` has a thousand."""
    found = alone(crash.kills, tmp_path, 20, ("load", "publish", "maintain", "publish"))
    assert not found.wrong
    assert found.kills.total() == 20
    assert found.kills.keys() == {"load", "maintain", "publish"}
    assert found.reads >= 20


def test_death_at_every_step(tmp_path: Path) -> None:
    """Before each creation, commit, catalog and rename of a load; then a rerun and a verify."""
    found = alone(crash.deaths, tmp_path, "load")
    assert found["points"] >= 8
    assert not found["wrong"]
