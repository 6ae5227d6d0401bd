"""``newslake diff``: what an outlet changed in an article, on the terminal or as a page."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.text import Text

from flows.console import FAILED, TAKEN, deliver, failures
from tasks.diff import Edit, edit
from tasks.linking.edits import Part
from tasks.settings import configured

WIDEST = 100  # columns; longer lines are hard to read
_STYLES = {"same": "", "removed": "red strike", "added": "green underline"}
_MARKS = {"same": "  ", "changed": "~ ", "added": "+ ", "removed": "- ", "moved": "> "}


def diff(article: str, *, version: int | None, html: str | None, lake: str | None) -> int:
    """Show the edit, or write it as a page to the file ``html``, "-" being standard output."""
    with failures():
        found = edit(configured(lake=lake).place, article, version)
        if html is None:
            show(found)
        else:
            from tasks.diff_html import page

            deliver(page(found), html)
        return TAKEN
    return FAILED


def show(found: Edit) -> None:
    """Print it on standard output, in colours where that is a terminal that is not asked to have none."""
    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    console.width = min(console.width, WIDEST)
    # NO_COLOR leaves rich its underlines, which would not tell what is removed on every terminal.
    plain = not console.is_terminal or console.no_color
    console.print(_written(found.title, plain), style="bold")
    console.print(Text(found.place, "cyan"))
    console.print(Text(f"Version {found.version} of {found.versions}. {' '.join(found.facts)}", "dim"))
    for name, parts in found.fields:
        console.print(Text.assemble((f"{name}: ", "bold"), _written(parts, plain)))
    for paragraph in found.paragraphs:
        console.print()
        mark = _MARKS[paragraph.kind]
        lines = _written(paragraph.parts, plain).wrap(console, console.width - len(mark))
        for line in lines:
            console.print(Text.assemble((mark, "dim"), line))


def _written(parts: tuple[Part, ...], plain: bool) -> Text:
    if not plain:
        return Text.assemble(*((part.text, _STYLES[part.state]) for part in parts))
    marks = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
    return Text("".join(part.text.join(marks[part.state]) for part in parts))
