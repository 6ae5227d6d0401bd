"""``newslake relink``: what linking finds, made anew for the whole lake."""

from __future__ import annotations

import sys

from flows.console import FAILED, TAKEN, failures
from tasks import link
from tasks.publish import publish
from tasks.settings import configured


def relink(lake: str | None) -> int:
    """Forget what linking found, find it anew, and show it to readers once it is whole."""
    with failures():
        settings = configured(lake=lake)
        place, watched = settings.place, settings.watched
        place.require()
        link.forget_all(place)
        link.catch_up(place, watched, lambda done, last: _say(f"linked batches 1 to {done:,} of {last:,}"))
        publish(place)
        _say("linked")
        return TAKEN
    return FAILED


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
