"""``newslake report``: the news of a period, or one story, as a page."""

from __future__ import annotations

from datetime import datetime

from flows.console import FAILED, TAKEN, deliver, failures
from tasks.report_figures import period
from tasks.report_figures import story as told
from tasks.settings import configured


def report(
    *, lake: str | None, since: datetime | None, until: datetime | None, story: str | None, out: str
) -> int:
    """Write the page to the file ``out``, "-" being standard output."""
    with failures():
        place = configured(lake=lake).place
        found = told(place, story) if story is not None else period(place, since, until)
        from tasks.report_html import page

        deliver(page(found), out)
        return TAKEN
    return FAILED
