"""What stands in the way of a machine that is to run newslake unattended: every check, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from pydantic import ValidationError

from tasks import doctor_lake, doctor_machine, doctor_prefect, doctor_settings
from tasks.finding import Finding
from tasks.settings import Settings, SettingsError, unknown

Room = Literal["machine", "settings", "lake", "Prefect"]


@dataclass(frozen=True, slots=True)
class Examined:
    """The findings of one room, in the order of its checks."""

    room: Room
    findings: list[Finding]


def examine(settings: Callable[[], Settings]) -> list[Examined]:
    """Every check. ``settings``: makes them; where it cannot, that is a finding, and what needs them is left out.

    Changes nothing: what is written to try a folder or a store is deleted at once.
    """
    machine = Examined("machine", [doctor_machine.versions()])
    try:
        given = settings()
    except (SettingsError, ValidationError) as error:
        return [machine, Examined("settings", doctor_settings.wrong(error))]
    return [
        machine,
        Examined("settings", list(_settings(given))),
        Examined("lake", doctor_lake.examine(given.place)),
        Examined("Prefect", doctor_prefect.examine(given)),
    ]


def _settings(given: Settings) -> Iterable[Finding]:
    yield doctor_settings.variables(unknown())
    yield doctor_settings.readers(given)
    yield doctor_settings.contact(given)
    yield doctor_settings.sources(given)
    yield doctor_settings.alerts(given)
    yield from doctor_settings.conflicts(given)
