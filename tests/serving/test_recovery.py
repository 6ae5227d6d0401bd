"""Processes of runs are found by what their environment says, and those of other servers are left alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tasks.serving.recovery import kill_processes, processes


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells another process's environment")
def test_only_the_processes_of_this_home_are_killed(tmp_path: Path) -> None:
    def process(home: Path, **more: str) -> subprocess.Popen[bytes]:
        environment = os.environ | {"PREFECT_HOME": str(home)} | more
        return subprocess.Popen([sys.executable, "-c", "input()"], env=environment, stdin=subprocess.PIPE)

    run = process(tmp_path / "here", PREFECT__FLOW_RUN_ID="run-1")
    others = [process(tmp_path / "there", PREFECT__FLOW_RUN_ID="run-2"), process(tmp_path / "here")]
    try:
        assert list(processes(tmp_path / "here")) == [(run.pid, "run-1")]
        assert kill_processes(tmp_path / "here") == 1
        assert run.wait() < 0
        assert [other.poll() for other in others] == [None, None]
    finally:
        for started in (run, *others):
            started.kill()
            started.communicate()
