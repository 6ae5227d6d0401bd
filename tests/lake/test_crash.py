"""SIGKILL at random instants, then a rerun: nothing lost, nothing twice, and no reader sees half a commit."""

from pathlib import Path

from tests.lake.crash import kills


def test_ten_kills(tmp_path: Path) -> None:
    found = kills(tmp_path, count=10, texts=60, rows=10)
    assert not found["wrong"]
    assert found["kills"] >= 8, "the loads were over before they could be killed"
    assert found["reads"] >= 10
    assert len(set(found["states"])) >= 2, "no kill hit a half-loaded lake"
