"""What ``newslake sources`` prints of sources, their lists and articles, on standard output."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tasks.files.streams import one_line
from tasks.web.source import Source

if TYPE_CHECKING:
    from tasks.check_source import Answer, Checked, Sample
    from tasks.find_lists import Candidate
    from tasks.lake.store import Lake

COLUMNS = (
    "id", "name", "enabled", "health", "lists", "last success", "new, 7 days", "next poll", "error",
)  # fmt: skip
_NUMBERS = {"lists", "new, 7 days"}
_PLURAL = {"entry": "entries", "sitemap": "sitemaps"}


def show_found(candidates: Sequence[Candidate]) -> None:
    """A line for each list that was found: taken, or left out and why. Guesses in vain share one."""
    from tasks.find_lists import GUESSED

    vain = [c for c in candidates if c.how == GUESSED and not (c.answer and c.answer.listing)]
    if vain:
        print(f"no list   at {', '.join(urlsplit(c.url).path for c in vain)}")
    for candidate in candidates:
        if candidate in vain:
            continue
        what = f"{candidate.kind} {one_line(candidate.url, 500)}"
        if candidate.left_out:
            print(f"left out  {what}: {one_line(candidate.left_out, 500)}")
        elif candidate.answer:
            print(f"found     {what} ({_form(candidate.answer)}, {candidate.how})")


def show_check(source: Source, lists: Sequence[Checked]) -> None:
    """A paragraph for a source: a line for each list, and one for each article that was tried."""
    print(f"{source.id}: {source.name}")
    for checked in lists:
        answer = checked.answer
        what = f"  {checked.kind} {one_line(checked.url, 500)}"
        if answer.listing is None:
            print(f"{what}\n    {answer.outcome}: {one_line(answer.error)}")
            continue
        newest = f"newest {_time(checked.newest)}" if checked.newest else "undated"
        print(f"{what}\n    {_form(answer)}, HTTP {answer.response.status}, {newest}")
        for sample in checked.samples:
            print(f"    {sample.outcome:<12}  {_article(sample)}")


def _form(answer: Answer) -> str:
    if answer.listing is None:
        return str(answer.outcome)
    entries, sitemaps = len(answer.listing.entries), len(answer.listing.children)
    count, thing = (entries, "entry") if entries or not sitemaps else (sitemaps, "sitemap")
    return f"{answer.listing.form}, {count:,} {thing if count == 1 else _PLURAL[thing]}"


def _article(sample: Sample) -> str:
    if sample.row is None:
        return one_line(sample.error or sample.url, 500)
    row = sample.row
    parts = [
        row["title"] or sample.url,
        f"{_time(row['published_at'])} from {row['published_from']}" if row["published_at"] else "undated",
        ", ".join(row["authors"] or ()) or "nobody named",
        f"{row['word_count']:,} words",
    ]
    return one_line(" | ".join(parts), 500)


def show_list(sources: Sequence[Source], lake: Lake) -> None:
    """The sources as a table on a terminal, otherwise as tab-separated lines with a header."""
    known = _in_lake(lake)
    terminal = sys.stdout.isatty()
    rows = [_row(source, known.get(source.id, {}), _away if terminal else _time) for source in sources]
    if terminal:
        _show_table(rows)
    else:
        for line in (COLUMNS, *rows):
            print(*line, sep="\t")


def _show_table(rows: Sequence[tuple[str, ...]]) -> None:
    """Health tells what is disabled, errors, being long, stand below, and only names are wrapped."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    columns = [c for c in zip(COLUMNS, *rows, strict=True) if c[0] not in {"enabled", "error"}]
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for column, *_ in columns:
        if column == "name":
            table.add_column(column, min_width=8)
        else:
            table.add_column(column, no_wrap=True, justify="right" if column in _NUMBERS else "left")
    for row in list(zip(*columns, strict=True))[1:]:
        table.add_row(*map(Text, row))
    Console().print(table)
    for source_id, *_, error in rows:
        if error:
            print(f"{source_id}: {error}")


def _row(source: Source, known: Mapping[str, Any], told: Callable[[datetime], str]) -> tuple[str, ...]:
    last, due = known.get("last_success"), known.get("next_poll")
    return (
        source.id,
        source.name,
        "yes" if source.enabled else "no",
        known.get("health", "never") if source.enabled else "disabled",
        str(len(source.feeds) + len(source.sitemaps) + len(source.pages)),
        told(last) if last else "never",
        str(known.get("articles_7d") or 0),
        told(due) if due else "",
        one_line(known.get("error") or ""),
    )


def _in_lake(lake: Lake) -> dict[str, dict[str, Any]]:
    """Rows of the lake's view ``sources`` by source_id; none where there is no lake, or an older one."""
    from tasks.lake.reader import read

    if not lake.exists():
        return {}
    with read(lake) as con:
        con.execute("SET TimeZone = 'UTC'")
        if not con.execute("FROM duckdb_views() WHERE view_name = 'sources'").fetchall():
            return {}
        cursor = con.execute(
            "SELECT source_id, last_success, articles_7d, next_poll, health, error FROM sources"
        )
        names = [name for name, *_ in cursor.description or []]
        return {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}


def _time(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M}"


def _away(time: datetime) -> str:
    """How far a time is from now, in its largest unit."""
    away = time - datetime.now(UTC)
    for unit, size in (("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("min", timedelta(minutes=1))):
        if count := abs(away) // size:
            return f"in {count} {unit}" if away > timedelta() else f"{count} {unit} ago"
    return "now"
