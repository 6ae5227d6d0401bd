"""Assertions over the lake's tables: each file of ``sql/checks`` is one, and returns no row where it holds.

Its header says ``-- grain:``, ``-- check: fail`` or ``warn``, ``-- means:`` in one line what a row means, and
``-- when: run`` where it is cheap enough to follow each run, over the batches after ``$since`` alone; ``-- when:
verify`` where it is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deltalake import DeltaTable

from tasks.lake.catalog import connect
from tasks.lake.views import statements

_HEADER = re.compile(r"^-- (grain|check|means|when): (.+)$", re.M)


@dataclass(frozen=True, slots=True)
class Check:
    """One assertion. ``fails``: whether a row of it is a failure, or only worth a warning."""

    name: str
    fails: bool
    each_run: bool
    means: str
    select: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A check that returned rows: how many, and the first of them."""

    check: Check
    rows: int
    example: Mapping[str, Any]

    def __str__(self) -> str:
        """In one line."""
        first = ", ".join(f"{name} {value}" for name, value in self.example.items())
        return f"check {self.check.name}: {self.check.means}: {self.rows:,}, such as {first}"


def check(name: str, sql: str) -> Check:
    """The check that the text of ``sql/checks/<name>.sql`` declares. Raises ValueError for an odd header."""
    header = dict(_HEADER.findall(sql))
    if header.keys() != {"grain", "check", "means", "when"}:
        raise ValueError(f"sql/checks/{name}.sql: the header needs grain, check, means and when")
    if header["check"] not in {"fail", "warn"} or header["when"] not in {"run", "verify"}:
        raise ValueError(f"sql/checks/{name}.sql: check is fail or warn, when is run or verify")
    return Check(name, header["check"] == "fail", header["when"] == "run", header["means"], sql)


def checks() -> list[Check]:
    """Every check in ``sql/checks``, by name."""
    return [check(name, sql) for name, sql in statements("checks").items()]


def broken(state: Mapping[str, DeltaTable], *, since: int = 0, each_run: bool = False) -> list[Broken]:
    """The checks that do not hold for the lake's ``state``; with ``each_run`` the cheap ones, over batches after
    ``since``. Raises duckdb.Error where a file cannot be read."""
    found: list[Broken] = []
    with connect(state) as con:
        for each in checks():
            if each_run and not each.each_run:
                continue
            given = {"since": since} if "$since" in each.select else None
            rows = con.execute(each.select, given)
            names = [name for name, *_ in rows.description or []]
            if first := rows.fetchone():
                count = 1
                while more := rows.fetchmany(1_000):
                    count += len(more)
                found.append(Broken(each, count, dict(zip(names, first, strict=True))))
    return found
