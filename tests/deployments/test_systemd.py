"""The systemd units: what systemd itself says of them, and whether they start commands that exist."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "deployments" / "systemd"
INSTANCES = {
    "newslake.service": "newslake.service",
    "newslake-server.service": "newslake-server.service",
    "newslake-worker@.service": "newslake-worker@1.service",
    "newslake-alert@.service": "newslake-alert@newslake.service",
}
BIN = "/opt/newslake/.venv/bin/"
EXPOSURE = 15  # tenths: systemd's own score, of which 50 is medium and 100 the worst
needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze here")


def test_each_unit_is_looked_at() -> None:
    assert {path.name for path in UNITS.glob("*.service")} == set(INSTANCES)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """The root of a machine on which the units are installed as docs/server.md says, with commands that are empty."""
    shutil.copytree(UNITS, tmp_path / "etc/systemd/system", symlinks=True)
    for name in ("newslake", "prefect"):
        command = tmp_path / BIN[1:] / name
        command.parent.mkdir(parents=True, exist_ok=True)
        command.touch(0o755)
    return tmp_path


def analyze(machine: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", f"--root={machine}", *arguments], capture_output=True, text=True
    )


@needs_systemd
@pytest.mark.parametrize("unit", INSTANCES.values())
def test_systemd_finds_no_fault(machine: Path, unit: str) -> None:
    done = analyze(machine, "verify", "--man=no", "--recursive-errors=no", unit)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@needs_systemd
def test_a_fault_would_be_found(machine: Path) -> None:
    unit = machine / "etc/systemd/system/newslake.service"
    unit.write_text(unit.read_text(encoding="utf-8") + "WantedBye=multi-user.target\n", encoding="utf-8")
    assert "WantedBye" in analyze(machine, "verify", "--man=no", "--recursive-errors=no", unit.name).stderr


@needs_systemd
@pytest.mark.parametrize("unit", INSTANCES.values())
def test_little_is_exposed(machine: Path, unit: str) -> None:
    done = analyze(machine, "security", "--offline=true", f"--threshold={EXPOSURE}", unit)
    assert done.returncode == 0, done.stdout[-200:] + done.stderr


@pytest.mark.parametrize("unit", INSTANCES)
def test_a_unit_starts_a_command_that_exists(unit: str) -> None:
    started = re.findall(r"^ExecStart=(.+)$", (UNITS / unit).read_text(encoding="utf-8"), re.M)
    (command,) = [shlex.split(line) for line in started]
    assert command[0].startswith(BIN)
    module = {"newslake": "flows.cli", "prefect": "prefect"}[command[0].removeprefix(BIN)]
    subcommand = [word for word in command[1:3] if re.fullmatch("[a-z]+", word)]
    options = [word for word in command if word.startswith("--")]
    shown = subprocess.run(
        [sys.executable, "-m", module, *subcommand, "--help"], cwd=ROOT, capture_output=True, text=True
    )
    assert shown.returncode == 0, shown.stderr
    assert all(option in shown.stdout for option in options)
