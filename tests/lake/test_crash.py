"""SIGKILL at random instants, then a rerun and a verify: nothing lost, nothing twice, no reader sees half a commit."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any


def alone(call: str) -> Any:
    """What a function of tests.lake.crash returns in a process of its own: a fork of this one would freeze."""
    script = f"import json; from pathlib import Path; from tests.lake import crash; print(json.dumps(crash.{call}))"
    done = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def test_twenty_kills(tmp_path: Path) -> None:
    found = alone(f"kills(Path({str(tmp_path)!r}), 20, ('load', 'publish', 'maintain', 'publish')).__dict__")
    assert not found["wrong"]
    assert sum(found["kills"].values()) == 20
    assert found["kills"].keys() == {"load", "maintain", "publish"}
    assert found["reads"] >= 20


def test_death_at_every_step(tmp_path: Path) -> None:
    """Before each creation, commit, catalog and rename of a load; then a rerun and a verify."""
    found = alone(f"deaths(Path({str(tmp_path)!r}), 'load')")
    assert found["points"] >= 8
    assert not found["wrong"]
