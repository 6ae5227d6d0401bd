"""A child process: started again when it ends, stopped when it is told, gone when its parent is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tasks.serving.child import MOST_ENDS, Child

PATIENCE = 60


def until(found: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not found():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def child(code: str, told: list[str]) -> Child:
    return Child("worker", [sys.executable, "-c", code], os.environ, told.append)


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


def test_a_child_that_ends_is_started_again_later_and_later() -> None:
    told: list[str] = []
    one = child("raise SystemExit(3)", told)
    one.start()
    until(one.look_after)
    assert told == ["worker ended with exit code 3; starting it again in 1 s"]
    assert not one.look_after()  # told once
    until(lambda: (one.start_when_due(), one.look_after())[1])
    assert told[1:] == ["worker ended with exit code 3; starting it again in 2 s"]


def test_a_child_that_never_keeps_running_is_hopeless() -> None:
    one = Child("worker", [sys.executable, "-c", "1"], os.environ, lambda line: None, delay=0.001)
    for _ in range(MOST_ENDS):
        assert not one.hopeless
        one.start_when_due()
        until(lambda: (one.start_when_due(), one.look_after())[1])
    assert one.hopeless


def test_a_child_that_was_killed_is_told_as_such() -> None:
    told: list[str] = []
    one = child("import time; time.sleep(600)", told)
    one.start()
    assert one.running and one.pid
    assert not one.look_after()
    os.kill(one.pid, signal.SIGKILL)
    until(one.look_after)
    assert told[0].startswith("worker was killed by SIGKILL; ")


@pytest.mark.parametrize("deaf", [False, True])
def test_a_child_is_stopped_and_killed_where_it_does_not_heed(deaf: bool, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    ignore = "signal.signal(signal.SIGTERM, signal.SIG_IGN); " if deaf else ""
    one = child(f"import signal, time; {ignore}open({str(ready)!r}, 'w'); time.sleep(600)", [])
    one.start()
    until(ready.exists)
    one.ask_to_stop()
    one.stop(0.2 if deaf else PATIENCE)
    assert not one.running


@pytest.mark.skipif(sys.platform != "linux", reason="other systems cannot tie a child to its parent")
def test_a_child_dies_with_its_parent() -> None:
    code = (
        "import os, sys, time; from tasks.serving.child import Child\n"
        "one = Child('c', [sys.executable, '-c', 'import time; time.sleep(600)'], os.environ, print)\n"
        "one.start(); print(one.pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        assert alive(pid)
        parent.kill()
    until(lambda: not alive(pid))
