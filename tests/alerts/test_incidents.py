"""When an incident begins, lasts, is over, and is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tasks.concerns import Concern
from tasks.incidents import Incident, load, save, updated
from tasks.lake.store import Lake, LakeError

QUIET = timedelta(minutes=120)
DISK = Concern("disk", "disk_low", "1 GiB free", "make room")
FERRY = Concern("source:ferry", "silent", "ferry: nothing new", "look")


def at(minutes: float) -> datetime:
    return datetime(2026, 11, 22, tzinfo=UTC) + timedelta(minutes=minutes)


class Watcher:
    """Watches at given minutes, over a channel that takes everything."""

    def __init__(self) -> None:
        self.incidents: list[Incident] = []

    def see(self, minutes: float, *concerns: Concern, unknown: set[str] | None = None) -> list[str]:
        """What the channel is told."""
        self.incidents = updated(
            self.incidents, concerns, unknown=unknown or (), channels=["w"], quiet=QUIET, now=at(minutes)
        )
        due = [incident for incident in self.incidents if incident.is_due("w", at(minutes))]
        for incident in due:
            incident.told["w"] = incident.phase
        return [f"{incident.key} {incident.phase}" for incident in due]


def test_one_alert_an_incident_and_one_when_it_is_over() -> None:
    watcher = Watcher()
    assert watcher.see(0, DISK) == ["disk open"]
    assert watcher.see(60, DISK, FERRY) == ["source:ferry open"]
    assert watcher.see(120, FERRY) == ["disk over"]
    assert watcher.see(180) == ["source:ferry over"]
    assert watcher.see(300) == []
    assert watcher.incidents == []


def test_another_text_or_kind_is_the_same_incident() -> None:
    watcher = Watcher()
    watcher.see(0, FERRY)
    assert watcher.see(60, Concern(FERRY.key, "failing", "ferry: failures", "mend")) == []
    assert [(i.kind, i.text, i.since) for i in watcher.incidents] == [("failing", "ferry: failures", at(0))]


def test_what_flaps_is_not_told_again() -> None:
    watcher = Watcher()
    watcher.see(0, DISK)
    assert watcher.see(15) == ["disk over"]
    assert [watcher.see(minute, *there) for minute, there in ((30, [DISK]), (45, []), (60, [DISK]))] == [
        []
    ] * 3
    assert watcher.see(134, DISK) == []
    assert watcher.see(135, DISK) == ["disk open"]  # 120 minutes after it was over, and it still lasts
    assert watcher.see(150) == ["disk over"]


def test_what_nobody_could_look_for_is_not_over() -> None:
    watcher = Watcher()
    watcher.see(0, DISK, FERRY)
    assert watcher.see(60, unknown={"disk_low"}) == ["source:ferry over"]
    assert watcher.see(120) == ["disk over"]


def test_what_a_channel_missed_is_told_when_it_is_over_too() -> None:
    (incident,) = updated([], [DISK], quiet=QUIET, now=at(0))
    (incident,) = updated([incident], [], channels=["w"], quiet=QUIET, now=at(60))
    assert updated([incident], [], channels=["w"], quiet=QUIET, now=at(9_999)) == [incident]
    assert incident.is_due("w", at(60))
    assert incident.phase == "over"


def test_incidents_are_kept_between_watches(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    assert load(lake) == []
    kept = updated([], [DISK, FERRY], quiet=QUIET, now=at(0))
    kept[0].told["w"] = "open"
    save(lake, kept)
    assert load(lake) == kept
    assert load(lake)[0].id == kept[0].id != kept[1].id
    (tmp_path / ".incidents.json").write_text("[{}]")
    with pytest.raises(LakeError, match=r"incidents\.json: damaged"):
        load(lake)
