"""``newslake doctor``: what stands in the way, and what to do about it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.console import FAILED, REFUSED, TAKEN, failures
from tasks.doctor import Examined, examine
from tasks.settings import configured

_MARKS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red")}


def doctor(*, lake: str | None, sources: Path | None, as_json: bool) -> int:
    """Examine, and show it; 0 where no check failed, 1 where one did."""
    with failures():
        found = examine(lambda: configured(lake=lake, sources=sources))
        every = [(each.room, finding) for each in found for finding in each.findings]
        if as_json:
            print(json.dumps([{"room": room} | asdict(f) for room, f in every], indent=2, ensure_ascii=False))
        else:
            show(found)
        return REFUSED if any(finding.level == "fail" for _, finding in every) else TAKEN
    return FAILED


def show(found: Sequence[Examined]) -> None:
    """A line a check, and under it, where it is not ok, what to do."""
    console = Console(highlight=False)
    for each in found:
        console.print(Text(each.room, style="bold"))
        table = Table.grid(padding=(0, 1))
        table.add_column(width=3, justify="right")
        table.add_column(width=12, no_wrap=True)
        table.add_column(overflow="fold")
        for finding in each.findings:
            mark, colour = _MARKS[finding.level]
            text = Text(finding.text)
            if finding.advice:
                text.append(f"\n→ {finding.advice}", style=colour)
            table.add_row(Text(mark, style=f"bold {colour}"), finding.check, text)
        console.print(table)
    levels = [finding.level for each in found for finding in each.findings]
    failed, warned = levels.count("fail"), levels.count("warn")
    console.print(
        f"{len(levels)} checks: "
        + (f"{failed} failed, {warned} to look at" if failed or warned else "all is well")
    )
