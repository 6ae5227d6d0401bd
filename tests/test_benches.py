"""Benches and soaks run rarely: what they are made of must not go away meanwhile."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
RARE = [*sorted((TESTS / "bench").glob("*.py")), TESTS / "flows" / "soak.py", TESTS / "lake" / "crash.py"]
NAMES = [".".join(file.relative_to(TESTS.parent).with_suffix("").parts) for file in RARE]


@pytest.mark.parametrize("name", [name for name in NAMES if not name.endswith("__init__")])
def test_it_finds_what_it_is_made_of(name: str) -> None:
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as missing:
        if (missing.name or "").split(".")[0] in ("flows", "tasks", "tests"):
            raise
        pytest.skip(f"{missing.name} is not installed: one of the peers that are measured beside")
