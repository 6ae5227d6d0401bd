"""``newslake verify``: whether the lake is whole, in a table, and a line for each finding."""

from __future__ import annotations

import sys

from flows.console import FAILED, REFUSED, TAKEN, failures, server
from tasks.settings import configured
from tasks.verify import Verified, verify
from tasks.web.source_files import quirks


def verify_command(*, lake: str | None, repair: bool, prefect: bool | None) -> int:
    """Verify, directly or as a flow; 0 where the lake is whole, 1 where something is wrong with it."""
    with failures():
        settings = configured(lake=lake)
        if prefect or (prefect is None and settings.prefect_api_url):
            from flows.verify import verify as flow

            with server():
                done = flow(settings.lake, repair, settings.sources)
        else:
            done = verify(
                settings.place,
                repair=repair,
                quirks=quirks(settings.sources) if repair else {},
                told=lambda line: print(line, file=sys.stderr, flush=True),
            )
        show(done)
        return TAKEN if done.whole else REFUSED
    return FAILED


def show(done: Verified) -> None:
    """Print what was read and what was found."""
    from rich.console import Console
    from rich.table import Table

    console = Console(soft_wrap=True, highlight=False)
    table = Table("table", box=None, pad_edge=False)
    for title in ("files", "MiB", "rows", "damaged"):
        table.add_column(title, justify="right")
    for name, held in done.tables.items():
        table.add_row(
            name, f"{held.files:,}", f"{held.bytes / 2**20:,.1f}", f"{held.rows:,}", f"{held.damaged:,}"
        )
    console.print(table)
    for finding in done.findings:
        console.print(f"{finding.level}: {finding.text}", markup=False)
    console.print("the lake is whole" if done.whole else "the lake is not whole")
