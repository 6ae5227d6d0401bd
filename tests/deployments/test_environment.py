"""What Prefect is told where `newslake serve` does not tell it."""

from __future__ import annotations

from pathlib import Path

import pytest
from dotenv import dotenv_values

from tasks.serving.variables import variables
from tasks.settings import configured

FILE = Path(__file__).parents[2] / "deployments" / "prefect.env"
OF_THE_MACHINE = {"PREFECT_HOME", "PREFECT_API_URL"}


def test_it_is_what_serve_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.environ", {})
    told = variables(configured(), tmp_path)
    expected = {name: value for name, value in told.items() if name.startswith(("PREFECT_", "DO_NOT_"))}
    assert dict(dotenv_values(FILE)) == {
        name: value for name, value in expected.items() if name not in OF_THE_MACHINE
    }
