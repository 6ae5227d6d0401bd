"""When an article was published and modified: every date seen is judged, one is chosen, none is invented.

The rules, in the order in which they are applied. A candidate is a date with the signal that states it; whoever
gathers the candidates gives them in order of trust.

1.  *Out of range.* A date after the capture (with a day's slack, since its zone may not be known) or before 1990 is
    refused: "future", "before_1990".
2.  *Trust.* The first candidate that nothing speaks against is chosen: a record, JSON-LD, meta tags, microdata, a
    labelled date in the article's head, an unlabelled one there, the URL, dates elsewhere, a feed. Those behind it
    are the "weaker_signal".
3.  *Rewritten.* What only machines read is often rewritten when a page is moved or built anew; what a reader sees, or
    the URL, is not. Where the page's head or its URL shows an earlier day than JSON-LD or a meta tag states, the one
    that is shown is chosen, and the others are "rewritten". A later day that is shown is a modification's.
4.  *Zones.* An instant agrees with a day if it falls on that day somewhere on earth; an instant without an offset
    agrees with its own day alone. Where a UTC instant's day differs from the day that the page shows, and the offset
    of the page's other dates, or of its country, reconciles the two, the instant is given in that offset.
5.  *Generated.* An instant in the minutes before the capture is the page's own making, if another date is earlier.
6.  *Finer.* A date of the same day that says more (a time, or the same instant with the offset of the place) is
    preferred to one that says less.
7.  *Published after modified.* Such a date is a second publication; an earlier candidate is preferred to it.

8.  *Updated only.* A page that neither states nor shows when it was published, and shows one day of an update at its
    headline, is dated by that day: it is the only date that its readers have. Its signal is "modified".

But for the last rule, published and modified are judged apart, and neither stands in for the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from tasks.article.date_conflicts import best
from tasks.article.date_lines import from_lines
from tasks.article.date_outcome import Dates, out_of_range, precision_of, why
from tasks.article.model import DateCandidate
from tasks.article.reasons import Reason

__all__ = ["Dates", "chosen", "from_lines", "out_of_range", "precision_of"]

_KINDS: Final = ("published", "modified")
_AT_HEADLINE: Final = "text:label"  # the signal of a date that readers see there with its label


def chosen(
    candidates: Sequence[DateCandidate], captured_at: datetime | None, reason: Reason = "not_stated"
) -> Dates:
    """Choose among candidates given in order of trust, by the rules above.

    ``reason``: why there is none, where that is known. The candidates are given back in the same order, each with
    the reason why it was not chosen; behind them the update that is taken for the publication, where one is.
    """
    judged = [replace(c, rejected=c.rejected or out_of_range(c.value, captured_at)) for c in candidates]
    taken: dict[str, DateCandidate] = {}
    for kind in _KINDS:
        numbers = [i for i, c in enumerate(judged) if c.kind == kind and c.rejected is None]
        if not numbers:
            continue
        verdict = best([judged[i] for i in numbers], judged, captured_at)
        for number, rejected in zip(numbers, verdict, strict=True):
            judged[number] = replace(judged[number], rejected=rejected)
        winner = numbers[verdict.index(None)]
        taken[kind] = judged[winner]
    if reason == "not_stated" and "published" not in taken:
        reason = why(judged, False, "", None, "modified" in taken)
        if reason == "only_modified" and (shown := _updated(judged)):
            judged.append(shown)
            taken["published"] = shown
    return Dates(taken.get("published"), taken.get("modified"), tuple(judged), reason)


def _updated(judged: Sequence[DateCandidate]) -> DateCandidate | None:
    """The update that is shown at the headline, as the publication; None where none is, or updates of several days."""
    shown = [
        c
        for c in judged
        if c.kind == "modified" and c.signal == _AT_HEADLINE and c.rejected in {None, "weaker_signal"}
    ]
    if len({c.value[:10] for c in shown}) != 1:
        return None
    return replace(shown[0], kind="published", signal="modified", rejected=None)
