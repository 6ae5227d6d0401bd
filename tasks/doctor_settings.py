"""Checks of the settings: known, private, complete, and of the sources' files."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from tasks import alerts as channels_of
from tasks.finding import Finding
from tasks.lake.store import LakeError
from tasks.settings import Settings, SettingsError
from tasks.settings_keys import is_secret
from tasks.settings_keys import variables as variables_of
from tasks.web.source_error import SourceError
from tasks.web.source_files import read_all


def wrong(error: SettingsError | ValidationError) -> list[Finding]:
    """The settings cannot be used at all."""
    advice = "docs/settings.md says what each setting may be"
    if isinstance(error, SettingsError):
        return [Finding("settings", "fail", str(error), advice)]
    return [
        Finding(
            "settings",
            "fail",
            f"{'.'.join(map(str, each['loc']))}: {each['msg'].removeprefix('Value error, ')}",
            advice,
        )
        for each in error.errors()
    ]


def variables(unknown: Sequence[str]) -> Finding:
    """Whether each ``NEWSLAKE_*`` variable means something."""
    if not unknown:
        return Finding("variables", "ok", "every NEWSLAKE_ variable is a setting")
    known = [variable for name in Settings.model_fields for variable in variables_of(name)]
    near = [
        close[0] for name in unknown if (close := difflib.get_close_matches(name, known, n=1, cutoff=0.8))
    ]
    advice = f"did you mean {', '.join(near)}?" if near else "docs/settings.md lists them all"
    return Finding("variables", "warn", f"no such setting: {', '.join(unknown)}", advice)


def readers(settings: Settings) -> Finding:
    """Whether strangers can read the secrets in a file of settings."""
    secrets = {name for name in Settings.model_fields if is_secret(name)}
    names = secrets | {variable for name in secrets for variable in variables_of(name)}
    written = re.compile(rf"^\s*(export\s+)?({'|'.join(names)})\s*=", re.M | re.I)
    files = [path for path in (settings.config, Path(".env")) if path.is_file()]
    holding = [path for path in files if written.search(path.read_text(encoding="utf-8", errors="replace"))]
    if loose := [str(path) for path in holding if path.stat().st_mode & 0o007]:
        text = f"anyone on this machine can read the secrets in {', '.join(loose)}"
        return Finding("secrets", "fail", text, f"chmod 600 {' '.join(loose)}")
    told = ", ".join(map(str, holding))
    return Finding("secrets", "ok", f"{told}: strangers cannot read it" if told else "none in a file")


def contact(settings: Settings) -> Finding:
    """Whether hosts can find out who asks."""
    if not settings.contact:
        text = "hosts cannot tell who asks, and some refuse"
        return Finding("contact", "warn", text, "set contact to a web or mail address of yours")
    if not re.fullmatch(r"https?://[^/]+\.[^/]+.*|(mailto:)?[^@]+@[^@]+\.[^@]+", settings.contact):
        text = f"{settings.contact} is neither a web nor a mail address"
        return Finding("contact", "warn", text, "write https://… or name@host.example")
    return Finding("contact", "ok", settings.contact)


def sources(settings: Settings) -> Finding:
    """Whether the sources' files can be used."""
    try:
        found = read_all(settings.sources)
    except SourceError as error:
        more = f", and {len(error.problems) - 1:,} more" if len(error.problems) > 1 else ""
        return Finding(
            "sources", "fail", f"{error.problems[0]}{more}", "every run fails until they are mended"
        )
    enabled = sum(source.enabled for source in found)
    if not enabled:
        text = f"{settings.sources}: no source is enabled"
        return Finding("sources", "warn", text, "newslake sources add URL writes one")
    return Finding("sources", "ok", f"{settings.sources}: {enabled:,} enabled, {len(found) - enabled:,} not")


def alerts(settings: Settings) -> Finding:
    """Whether anybody is told when something goes wrong."""
    try:
        ways = channels_of.channels(settings)
    except LakeError as error:
        return Finding("alerts", "fail", str(error), "docs/alerts.md says what mail needs")
    if not ways:
        text = "nobody is told when something goes wrong"
        return Finding("alerts", "warn", text, "set webhook_url, or smtp_host and mail_to: docs/alerts.md")
    text = f"by {' and '.join(way.name for way in ways)}"
    return Finding("alerts", "ok", f"{text}; newslake watch --test tries")


def conflicts(settings: Settings) -> Iterator[Finding]:
    """Settings that do not go together; nothing where all do."""
    remote = settings.lake.startswith("s3:")
    if remote and not (settings.aws_access_key_id and settings.aws_secret_access_key):
        text = f"{settings.lake} without aws_access_key_id and aws_secret_access_key"
        yield Finding("conflicts", "warn", text, "set both, unless the machine itself has a role there")
    if settings.local and not remote:
        text = f"local is set, but {settings.lake} is a folder, and keeps all within"
        yield Finding("conflicts", "warn", text, "take out local")
    if settings.smtp_user and not settings.smtp_password:
        yield Finding("conflicts", "fail", "smtp_user without smtp_password", "set both, or neither")
    if settings.workers and settings.workers > 64:
        text = f"workers = {settings.workers}: each takes 200 MB and a core"
        yield Finding("conflicts", "warn", text, "leave workers out: one a core is the default")
