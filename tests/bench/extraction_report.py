"""The page of figures: docs/benchmarks.md."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bench.extraction import Result

Measured = Mapping[str, tuple[int, Mapping[str, "Result"]]]

REFERENCE = "trafilatura"  # its defaults; rates are given as multiples of its
YARDSTICK = "words"
INTRODUCTION = """\
# Benchmarks

<!-- Written by `make bench`; change tests/bench/extraction_report.py instead. -->

Extraction beside its peers, on public sets of news pages and on the text of such pages. Quality is the sets' own
measure. Rates are **ratios**, and each only says something beside the others of its table: all extractors ran in the
same run, on the same core, in turns page by page, and CPU time was measured, not the clock's. What a machine does in
a second differs by a factor of ten; how much faster one of two programs is on the same pages differs little between
machines, and that is what is given here. It is not independent of the pages: short ones favour whoever starts fast.

Each extractor saw each page once, since some keep what they have seen. Imports are not counted. newslake's rate is that
of everything `newslake extract` does (body, title, authors, agency, dateline, dates with all their candidates,
language, quotations with their speakers) unless its name says less; a peer's is that of what it is asked for in that
table.

"""
AGAIN = """\
## Measure again

```sh
make bench BENCH=../shared/bench    # folder of the evaluation sets, with their score.py
.venv/bin/python -m tests.bench.extraction html_body --limit 50    # one set, a part of it, and no page written
make soak                           # 100,000 damaged and hostile documents: no crash, none slow, memory flat
```

The peers' versions are locked in requirements-peers.txt and installed in `.venv/peers`, apart from newslake's own
environment. The pages belong to their publishers: none is in this repository.
"""

SECTIONS = (  # heading, sets, figures, and the extractor whose rate is 1
    (
        """\
## Bodies of pages

Precision, recall and F1 of word 4-grams. Ratio: pages a second of CPU, trafilatura with its defaults = 1.

""",
        ("html_body", "html_news"),
        ("P", "R", "F1"),
        REFERENCE,
    ),
    (
        """\
## Title, authors, date

Share of titles that are exact, F1 of authors, share of days that are right. Ratio: trafilatura with metadata = 1.

""",
        ("html_news", "html_meta"),
        ("title_exact", "author_F1", "date_accuracy"),
        REFERENCE + " with metadata",
    ),
    (
        """\
## Dates

Precision among the days given, and share of all pages whose day is right; pages whose day the set does not know are
left out. Ratio: trafilatura with metadata = 1.

""",
        ("html_date",),
        ("precision", "accuracy"),
        REFERENCE + " with metadata",
    ),
    (
        r"""## Bodies of texts

The whole page as text, a block a line. Ratio: texts a second of CPU, finding the words of the same texts
(`re.findall(r"\w+", text)`) = 1.

""",
        ("text", "text_news"),
        ("P", "R", "F1"),
        YARDSTICK,
    ),
)


def write(file: Path, measured: Measured, versions: Mapping[str, str]) -> None:
    """Write the page. ``measured``: number of documents and results by extractor, for each set."""
    parts = [INTRODUCTION]
    parts.append("Versions: " + ", ".join(f"{name} {version}" for name, version in versions.items()))
    parts.append(f"; Python {platform.python_version()}.\n\n")
    for text, names, figures, reference in SECTIONS:
        tables = [_table(name, *measured[name], figures, reference) for name in names if name in measured]
        parts += [text, *tables] if tables else []
    file.write_text("".join(parts) + AGAIN, encoding="utf-8")


def _table(
    name: str, count: int, results: Mapping[str, Result], figures: tuple[str, ...], reference: str
) -> str:
    """Those extractors of a set that have any of these figures, the best first."""
    told = {
        extractor: found for extractor, found in results.items() if any(f in found.scores for f in figures)
    }
    best = sorted(told, key=lambda extractor: told[extractor].scores.get(figures[-1], 0.0), reverse=True)
    lines = [
        _row((f"{name}, {count} documents", *figures, "ratio")),
        _row(("---", *("--:" for _ in figures), "--:")),
    ]
    for extractor in best:
        scores = told[extractor].scores
        shown = [f"{scores[figure]:.3f}" if figure in scores else "" for figure in figures]
        ratio = results[reference].seconds / told[extractor].seconds
        strong = "**" if extractor.startswith("newslake") else ""
        lines.append(
            _row((strong + extractor + strong, *shown, f"{ratio:.2g}" if ratio < 10 else f"{ratio:.0f}"))
        )
    return "\n".join(lines) + "\n\n"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
