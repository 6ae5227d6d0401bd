"""Log lines that people and machines read: an event, then key=value pairs (logfmt)."""

from __future__ import annotations

import json
import time
from collections import Counter

from tasks.run import LEFT_OUT, Report


def line(event: str, **pairs: object) -> str:
    """``event key=value …``; a value with blanks, quotes or ``=`` in it is quoted as in JSON, None is left out."""
    said = " ".join(f"{name}={_value(value)}" for name, value in pairs.items() if value is not None)
    return f"{event} {said}" if said else event


def _value(value: object) -> str:
    text = f"{value:.1f}" if isinstance(value, float) else str(value)
    plain = text and text.isprintable() and not set(text) & set(' "=')
    return text if plain else json.dumps(text, ensure_ascii=False)


class Lines:
    """The lines of one run: its beginning, each batch, what a person should know, its end."""

    def __init__(self, run_id: str) -> None:
        """The run, and its first batch, begin now."""
        self._run_id = run_id
        self._batches = 0
        self._began = self._last = time.monotonic()
        self._before: Counter[str] = Counter()

    def begin(self, **pairs: object) -> str:
        """The run begins."""
        return line("begin", run=self._run_id, **pairs)

    def batch(self, total: Report) -> str:
        """A batch was committed; ``total`` counts the run so far. ``seconds``: since the batch before."""
        counts = _counts(total)
        now = time.monotonic()
        self._batches += 1
        said = {name: count - self._before[name] for name, count in counts.items()}
        text = line("batch", run=self._run_id, batch=self._batches, **said, seconds=now - self._last)
        self._before, self._last = counts, now
        return text

    def told(self, report: Report) -> list[str]:
        """What a person should know of the run: checks that failed, notes, the first refusals."""
        of = {"check_failed": report.failed_checks, "note": report.notes, "refused": report.refusals}
        return [line(event, run=self._run_id, text=text) for event, texts in of.items() for text in texts]

    def end(self, report: Report) -> str:
        """The run is over. ``seconds``: since it began."""
        now = time.monotonic()
        return line(
            "end", run=self._run_id, batches=self._batches, **_counts(report), seconds=now - self._began
        )


def _counts(report: Report) -> Counter[str]:
    """Documents by how they ended, and lists, of a run so far."""
    outcomes = report.outcomes
    return Counter(
        new=outcomes["new"],
        new_versions=outcomes["new_version"],
        unchanged=outcomes["unchanged"],
        left_out=sum(outcomes[outcome] for outcome in LEFT_OUT),
        refused=sum(report.refused.values()),
        lists=report.lists.total(),
        lists_failed=sum(report.failed_lists.values()),
    )
