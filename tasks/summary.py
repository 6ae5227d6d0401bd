"""What a run did, for the pages of a scheduler: Markdown, and rows of a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from tasks import chart
from tasks.lake.reader import read
from tasks.lake.store import Lake
from tasks.maintain import Upkeep
from tasks.reextract import Findings
from tasks.run import LEFT_OUT, Report
from tasks.status import Row, rows

# Days that the picture shows.
DAYS: Final = 30
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&!#])")
_LINES_TOLD: Final = 20


@dataclass(frozen=True, slots=True)
class Figures:
    """What the lake says of a run. ``sources``: rows of the look-up run_sources; ``per_day``: of articles_per_day, from
    ``since`` to ``until``."""

    sources: Sequence[Row]
    per_day: Sequence[Row]
    since: date
    until: date


def figures(lake: Lake, run_id: str | None, today: date) -> Figures:
    """Ask the lake; without a run_id for the days alone.

    Raises LakeError, OSError or duckdb.Error where it cannot be read.
    """
    since = today - timedelta(days=DAYS - 1)
    with read(lake) as con:
        con.execute("SET TimeZone = 'UTC'")
        return Figures(
            rows(con, "run_sources", run_id=run_id) if run_id else [],
            rows(con, "articles_per_day", since=since, until=today),
            since,
            today,
        )


def run_summary(
    report: Report,
    sources: Sequence[Mapping[str, Any]],
    lake: Lake,
    *,
    title: str,
    seconds: float,
    more: Sequence[str] = (),
) -> str:
    """A run in Markdown: its numbers, how to ask for its rows, and what a person should know of it.

    ``sources``: rows of the look-up run_sources. ``title``: the flow's name. ``more``: paragraphs.
    """
    counts = report.outcomes
    numbers = {
        "new articles": counts["new"],
        "new versions": counts["new_version"],
        "unchanged": counts["unchanged"],
        "left out": sum(counts[outcome] for outcome in LEFT_OUT),
        "refused": sum(report.refused.values()),
        "lists read": report.lists.total() - sum(report.failed_lists.values()),
        "lists failed": sum(report.failed_lists.values()),
    }
    parts = [
        f"## {plain(title)}: {counts['new']:,} new, {counts['new_version']:,} changed",
        f"Run `{report.run_id}`, {seconds:,.0f} s, {len(sources):,} sources.",
        table([numbers]),
        *listed("Checks that failed", report.failed_checks),
        *listed("To be seen to", report.notes),
        *listed("Refused", report.refusals, of=numbers["refused"] + numbers["lists failed"]),
        *more,
        f"[All runs' summaries](/artifacts/key/{title}-summary) · [sources](/artifacts/key/{title}-sources) · "
        f"[articles a day](/artifacts/key/{title}-articles-per-day)",
        "### Ask the lake",
        _questions(report.run_id, lake),
    ]
    return "\n\n".join(parts) + "\n"


def changes(found: Findings) -> list[str]:
    """What a re-extraction changed, by field."""
    fields = sorted(found.fields.items(), key=lambda item: -item[1].changed)
    if not fields:
        return []
    told = [
        {"field": name, "changed": each.changed, "gained": each.gained, "lost": each.lost}
        for name, each in fields
    ]
    return ["### What differs, by field", table(told)]


def picture(found: Figures) -> str:
    """New articles a day as Markdown with the picture in it."""
    drawn = chart.data_url(chart.articles_per_day(found.per_day, found.since, found.until))
    # An artifact of type image would print the picture's address, a page of it, below the picture.
    return f"### New articles a day, by source\n\n![New articles a day, by source]({drawn})\n"


def _questions(run_id: str, lake: Lake) -> str:
    """How this run's rows are asked for."""
    where = f"--lake {lake.uri}" if lake.remote else f"-readonly {lake.catalog}"
    command = "newslake sql" if lake.remote else "duckdb"
    return "\n".join(
        [
            "```sql",
            f"-- {command} {where}",
            f"SELECT * FROM captures WHERE run_id = '{run_id}';",
            f"SELECT * FROM article_versions WHERE run_id = '{run_id}';",
            f"SELECT outcome, error, url FROM captures WHERE run_id = '{run_id}' AND error IS NOT NULL;",
            f"SELECT * FROM runs WHERE run_id = '{run_id}';",
            "FROM concerns; FROM sources; FROM coverage; FROM gaps;",
            "```",
        ]
    )


def upkeep_rows(done: Upkeep) -> list[Row]:
    """The lake's tables before and after maintenance."""
    return [
        {
            "table": name,
            "files": after.files,
            "files before": done.before[name].files,
            "MiB": round(after.bytes / 2**20, 1),
            "MiB before": round(done.before[name].bytes / 2**20, 1),
            "rows": after.rows,
        }
        for name, after in done.after.items()
    ]


def fenced(title: str, run_id: str, lines: Sequence[str]) -> str:
    """Lines that are set as on a terminal, under a heading."""
    text = "\n".join(line.replace("```", "") for line in lines)
    return f"## {plain(title)}\n\nRun `{run_id}`\n\n```text\n{text}\n```\n"


def listed(title: str, lines: Sequence[str], *, of: int = 0) -> list[str]:
    """A heading and a list; nothing where there are no lines. ``of``: how many there are in all, where more."""
    if not lines:
        return []
    told = lines[:_LINES_TOLD]
    more = max(of, len(lines)) - len(told)
    items = [f"- {plain(line)}" for line in told] + ([f"- and {more:,} more"] if more > 0 else [])
    return [f"### {title}", "\n".join(items)]


def table(found: Sequence[Mapping[str, Any]]) -> str:
    """Rows as a Markdown table, numbers to the right; nothing where there are none."""
    if not found:
        return ""
    names = list(found[0])
    right = [all(isinstance(row[name], int | float | None) for row in found) for name in names]
    lines = [[plain(name) or " " for name in names], ["--:" if number else ":--" for number in right]]
    lines += [[_cell(row[name]) for name in names] for row in found]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.6g}"
    return f"{value:,}" if isinstance(value, int) else plain(str(value))


def plain(text: str) -> str:
    """Text of strangers as Markdown that shows it as it is: on one line, no link, picture or markup of theirs."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split())[:500])


def cells(found: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows for a table that takes JSON alone."""
    kept = (str, int, float, bool, type(None))
    return [
        {
            name.replace("_", " "): value if isinstance(value, kept) else str(value)
            for name, value in row.items()
        }
        for row in found
    ]
