"""The views of ``sql/`` and the macros of ``sql/macros/``, one a file and named as it; headers say what they give."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
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
    return [each for each in definitions() if isinstance(each, View)]


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
    return [each for each in definitions() if isinstance(each, Macro)]


def definitions() -> list[View | Macro]:
    """Every view and macro, each after those that it uses."""
    of_views, of_macros = statements(), statements("macros")
    texts = of_views | of_macros
    uses = {
        name: set(_uses(text, of_views.keys() - {name}, of_macros.keys() - {name}))
        for name, text in texts.items()
    }
    return [
        view(name, texts[name]) if name in of_views else _macro(name, texts[name])
        for name in TopologicalSorter(uses).static_order()
    ]


def _uses(text: str, of_views: Set[str], of_macros: Set[str]) -> Iterator[str]:
    for name in re.findall(r"\b(?:FROM|JOIN)\s+(\w+)\b(?![.(])", text):
        if name in of_views:
            yield name
    for name in re.findall(r"\b(\w+)\(", text):
        if name in of_macros:
            yield name


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
