"""Checks of the machine: the versions of what newslake rests on."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from importlib import metadata

from packaging.requirements import Requirement

from tasks.finding import Finding

_SHOWN = ("prefect", "duckdb", "deltalake", "pyarrow")


def installed(name: str) -> str | None:
    """The version of a distribution; None where there is none."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def versions(
    required: Sequence[str] | None = None, found: Callable[[str], str | None] = installed
) -> Finding:
    """Whether each requirement is installed in a version that is known to work."""
    wrong: list[str] = []
    for requirement in map(
        Requirement, metadata.requires("newslake") or () if required is None else required
    ):
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        have = found(requirement.name)
        if have is None or not requirement.specifier.contains(have, prereleases=True):
            wrong.append(f"{requirement.name} {have or 'missing'}, needed {requirement.specifier}")
    if wrong:
        advice = "install the locked versions: pip install --require-hashes -r requirements.txt"
        return Finding("versions", "fail", "; ".join(wrong), advice)
    names = [f"{name} {found(name)}" for name in _SHOWN if found(name)]
    return Finding("versions", "ok", ", ".join([f"Python {platform.python_version()}", *names]))
