"""The views of ``sql/`` and the macros of ``sql/macros/``, one a file and named as it; headers say what they give."""

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


def statements(folder: str = "") -> dict[str, str]:
    """Name → text of each file in a folder under ``sql/``, sorted."""
    files = (file for file in resources.files("sql").joinpath(folder).iterdir() if file.name.endswith(".sql"))
    return {file.name[:-4]: file.read_text(encoding="utf-8") for file in sorted(files, key=lambda f: f.name)}


def views() -> list[View]:
    """Every view in ``sql/``, each after those that it reads from."""
    found = {name: view(name, sql) for name, sql in statements().items()}
    return [
        found[name]
        for name in TopologicalSorter({n: set(_reads(v, found)) for n, v in found.items()}).static_order()
    ]


def _reads(of: View, known: dict[str, View]) -> Iterator[str]:
    for name in re.findall(r"\b(?:FROM|JOIN)\s+(\w+)\b(?!\.)", of.select):
        if name in known:
            yield name


@dataclass(frozen=True, slots=True)
class Macro:
    """One macro: the statement that creates it, and what it gives.

    ``columns``: descriptions of the columns that no table declares; a macro with a grain gives a table.
    """

    name: str
    create: str
    purpose: str
    grain: str | None
    columns: dict[str, str]


def macros() -> list[Macro]:
    """Every macro in ``sql/macros/``, each after those that it uses."""
    texts = statements("macros")
    uses = {
        name: {other for other in texts if other != name and re.search(rf"\b{other}\(", text)}
        for name, text in texts.items()
    }
    return [_macro(name, texts[name]) for name in TopologicalSorter(uses).static_order()]


def _macro(name: str, sql: str) -> Macro:
    grain = re.search(r"^-- grain: (.+)$", sql, re.M)
    columns = re.findall(r"^-- column (\w+): (.+)$", sql, re.M)
    header = re.match(r"(?:--.*\n)+", sql)
    lines = re.findall(r"^-- (?!grain:|column )(.+)$", header[0] if header else "", re.M)
    if not lines:
        raise ValueError(f"sql/macros/{name}.sql: the header does not say what it is for")
    return Macro(
        name, sql, " ".join(lines), _sentence(grain[1]) if grain else None,
        {column: _sentence(text) for column, text in columns},
    )  # fmt: skip
