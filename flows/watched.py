"""``newslake watch``: alerts, and the incidents that last."""

from __future__ import annotations

import sys
from pathlib import Path

from flows.console import FAILED, REFUSED, TAKEN, failures
from tasks.alerts import channels
from tasks.lake.store import LakeError
from tasks.settings import configured
from tasks.watch import sample, watch


def watch_command(*, lake: str | None, sources: Path | None, try_out: bool) -> int:
    """Watch once, or try the channels; 0 where all alerts were delivered, 1 where some were not."""
    with failures():
        settings = configured(lake=lake, sources=sources)
        ways = channels(settings)
        if try_out:
            if not ways:
                raise LakeError("no channel: set webhook_url, or smtp_host and mail_to")
            done = sample(ways, settings.place.uri)
            print(*done.sent, *done.failed, sep="\n")
            return REFUSED if done.failed else TAKEN
        if not ways:
            _say("note: nobody is told: set webhook_url, or smtp_host and mail_to")
        done = watch(settings, told=_say)
        for incident in done.lasting:
            print(f"{incident.severity}: {incident.text}")
            print(f"    since {incident.since:%Y-%m-%d %H:%M} UTC; {incident.advice}")
        print("nothing needs a person" if not done.lasting else f"incidents  {len(done.lasting):,}")
        return REFUSED if done.failed else TAKEN
    return FAILED


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
