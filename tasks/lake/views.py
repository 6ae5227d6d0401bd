"""The views of ``sql/``: each file is one view named as the file, its header saying what a row is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from importlib import resources


@dataclass(frozen=True, slots=True)
class View:
    """One view: its SELECT, its grain, and descriptions of the columns that no table declares."""

    name: str
    select: str
    grain: str
    columns: dict[str, str] = field(default_factory=dict)


def view(name: str, sql: str) -> View:
    """The view that the text of ``sql/<name>.sql`` declares.

    Raises ValueError where the header has no ``-- grain:`` line.
    """
    grain = re.search(r"^-- grain: (.+)$", sql, re.M)
    if not grain:
        raise ValueError(f"sql/{name}.sql: the header lacks its '-- grain:' line")
    columns = re.findall(r"^-- column (\w+): (.+)$", sql, re.M)
    return View(name, sql, _sentence(grain[1]), {column: _sentence(text) for column, text in columns})


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def statement(path: str) -> str:
    """The text of one file under ``sql/``."""
    return resources.files("sql").joinpath(path).read_text(encoding="utf-8")


def views() -> list[View]:
    """Every view in ``sql/``, each after those that it reads from."""
    names = sorted(f.name[:-4] for f in resources.files("sql").iterdir() if f.name.endswith(".sql"))
    found = {name: view(name, statement(f"{name}.sql")) for name in names}
    return [
        found[name]
        for name in TopologicalSorter({n: set(_reads(v, found)) for n, v in found.items()}).static_order()
    ]


def _reads(of: View, known: dict[str, View]) -> Iterator[str]:
    for name in re.findall(r"\b(?:FROM|JOIN)\s+(\w+)\b(?!\.)", of.select):
        if name in known:
            yield name
