"""How ``newslake explain`` shows an article on a terminal, or in a pipe: the same without colours."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tasks.article.page import HEADINGS
from tasks.explain_model import Date, Explained, Passage, Row, Said, State

WIDEST = 100  # columns; longer lines are hard to read
# Losers of a field that are shown unless everything is.
MOST = 4
_CHOSEN, _LOST, _AGREES = "✓", "✗", "="
# What becomes of a block can be told without colours too.
_MARKS: dict[State, str] = {"kept": "┃ ", "used": "▸ ", "dropped": "· "}
_STYLES: dict[State, str] = {"kept": "green", "used": "cyan", "dropped": "dim"}

Line = tuple[Text, Text, Text, Text]
_QUOTED = "yellow"


def show(explained: Explained, *, everything: bool = False) -> None:
    """Print it on standard output. ``everything``: with all candidates and dropped blocks, none folded."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without Unicode
    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    console.width = min(console.width, WIDEST)
    _header(console, explained)
    _fields(console, explained, everything)
    if explained.dates:
        _dates(console, explained.dates)
    if explained.quotes:
        _quotes(console, explained.quotes)
    _document(console, explained, everything)


def _header(console: Console, explained: Explained) -> None:
    console.print(Text(explained.title, "bold"))
    place = [part for part in (explained.outlet, explained.address) if part]
    console.print(Text(" · ".join(place), "cyan"))
    console.print(Text(explained.verdict, "green" if explained.is_article else "bold red"))
    origin = explained.origin
    how = f"{origin.how} Captured {origin.captured_at}." if origin.captured_at else origin.how
    console.print(Text(how, "dim"))


def _section(console: Console, name: str, told: str = "") -> None:
    console.print()
    console.print(Text.assemble((name.upper(), "bold"), (f"  {told}" if told else "", "dim")))


def _fields(console: Console, explained: Explained, everything: bool) -> None:
    _section(console, "Fields", "✓ the value and where it is from, = the same, ✗ what lost and why")
    table = _table()
    for row in explained.rows:
        for line in _field(row, len(row.lost) if everything else MOST):
            table.add_row(*line)
    console.print(table)


def _table() -> Table:
    """Name, mark, value, and what there is to say of it."""
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.add_column(max_width=13, overflow="fold")
    table.add_column(width=1)
    table.add_column(ratio=5, overflow="fold")
    table.add_column(ratio=4, overflow="fold")
    return table


def _field(row: Row, most: int) -> Iterator[Line]:
    name = Text(row.field, "bold cyan")
    if row.value is None:
        yield name, Text(), Text("unknown", "dim italic"), Text(row.why or "", "dim italic")
    else:
        yield name, Text(_CHOSEN, "green"), Text(row.value), Text(row.signal, "green")
    if row.same:
        yield _dim("", _AGREES, "the same", ", ".join(row.same))
    for other in row.lost[:most]:
        yield _dim("", _LOST, other.value, f"{other.signal}: {other.why}")
    if hidden := len(row.lost[most:]):
        yield _dim("", "", f"… {hidden:,} more (--all)", "")


def _dim(name: str, mark: str, value: str, told: str) -> Line:
    return Text(name, "dim"), Text(mark, "dim"), Text(value, "dim"), Text(told, "dim")


def _dates(console: Console, dates: tuple[Date, ...]) -> None:
    _section(console, "Dates", "every one that was seen, and why it is not the article's")
    table = _table()
    for date in dates:
        value = f"{date.value} “{date.text}”" if date.text else date.value
        told = date.signal if date.why is None else f"{date.signal}: {date.why}"
        if date.chosen:
            name, mark = Text(date.kind, "bold cyan"), Text(_CHOSEN, "green")
            table.add_row(name, mark, Text(value), Text(f"{told}, to the {date.precision}", "green"))
        else:
            table.add_row(*_dim(date.kind, _AGREES if date.why is None else _LOST, value, told))
    console.print(table)


def _quotes(console: Console, quotes: tuple[Said, ...]) -> None:
    _section(console, "Quotations")
    for quote in quotes:
        text = Text.assemble((f"“{quote.text}”", "italic" if quote.kind == "scare" else _QUOTED))
        console.print(_lines(console, f"{quote.number:>3} ", text, rest="    "))
        told = Text.assemble((quote.speaker or "nobody named", "bold" if quote.speaker else "dim"))
        if quote.as_written:
            told.append(f" as “{quote.as_written}”", "dim")
        told.append(f" · {', '.join(filter(None, (quote.verb, quote.kind)))}", "dim")
        console.print(_lines(console, "    ", told))


def _document(console: Console, explained: Explained, everything: bool) -> None:
    if not explained.runs:
        return
    counts = "   ".join(f"{_MARKS[state]}{explained.blocks(state):,} {state}" for state in _MARKS)
    _section(console, "Document", counts)
    before: State | None = None
    for run in explained.runs:
        if "kept" in (run.state, before):
            console.print()
        before = run.state
        if run.folded and not everything:
            told = Text(f"… {run.count:,} dropped: {run.summary}", "dim italic")
            console.print(_lines(console, _MARKS["dropped"], told))
            continue
        for number, passage in enumerate(run.passages):
            if number and run.state == "kept":
                console.print(Text(_MARKS["kept"], _STYLES["kept"]))
            console.print(_passage(console, passage))
        if hidden := run.count - len(run.passages):
            console.print(Text(f"{_MARKS['dropped']}… {hidden:,} more", "dim italic"))


def _passage(console: Console, passage: Passage) -> Text:
    style = _STYLES[passage.state]
    own = "dim" if passage.state == "dropped" else "bold" if passage.tag in HEADINGS else ""
    text = Text.assemble(*((part.text, _QUOTED if part.quote else own) for part in passage.parts))
    if passage.state != "kept":
        told = passage.why if passage.likely is None else f"{passage.why}, {passage.likely} %"
        text.append(f"  ← {told}", f"{style} italic")
    return _lines(console, _MARKS[passage.state], text, style)


def _lines(console: Console, mark: str, text: Text, style: str = "dim", rest: str | None = None) -> Text:
    """The text wrapped, the mark before each line, or before those after the first what ``rest`` is."""
    wrapped = text.wrap(console, console.width - len(mark), overflow="fold")
    marks = (mark, *([mark if rest is None else rest] * len(wrapped)))
    return Text("\n").join(
        Text.assemble((mark, style), line) for mark, line in zip(marks, wrapped, strict=False)
    )
