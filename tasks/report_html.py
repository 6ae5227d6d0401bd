"""The report of a period or of a story as one web page that holds all it needs: no script, nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from importlib import resources
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from tasks.explain_text import visible, web_address
from tasks.linking.edits import Part, words
from tasks.report_figures import Period, Story
from tasks.report_pictures import articles_per_day, story_days, who_copies_whom

_FILES = resources.files("tasks").joinpath("report_page")
# Sources whose days are shown.
SOURCES = 40


def page(found: Period | Story) -> str:
    """The page as HTML, to be written as UTF-8. The same figures give the same page."""
    return _of_period(found) if isinstance(found, Period) else _of_story(found)


def _of_period(found: Period) -> str:
    days = [found.since + timedelta(days=n) for n in range((found.until - found.since).days + 1)]
    return _rendered(
        "period",
        _safe(asdict(found)),
        days=days,
        place={day: n for n, day in enumerate(days)},
        per_day=articles_per_day(_safe(found.days), found.since, found.until),
        matrix=who_copies_whom(_safe(found.pairs)),
        most=SOURCES,
    )


def _of_story(found: Story) -> str:
    return _rendered("story", _safe(asdict(found)), per_day=story_days(found.days))


def _rendered(name: str, found: Mapping[str, Any], **more: Any) -> str:
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(_read),
    )
    environment.filters |= {"day": _day, "moment": _moment, "hours": _hours, "number": "{:,}".format}
    style = _read("style.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return environment.get_template(f"{name}.html.j2").render(
        found, **more, style=Markup(style), policy=policy, picture=Markup, changed=_changed
    )


def _read(name: str) -> str:
    return _FILES.joinpath(name).read_text(encoding="utf-8")


def _safe(value: Any, name: str = "") -> Any:
    """Rows with text of which nothing steers a reader's page; an ``url`` that is no address of the web is None."""
    if isinstance(value, str):
        return web_address(value) if name == "url" else visible(value)
    if isinstance(value, dict):
        return {key: _safe(each, key) for key, each in value.items()}
    return [_safe(each) for each in value] if isinstance(value, list) else value


def _changed(before: str | None, after: str | None) -> tuple[Part, ...]:
    return words(before or "", after or "")


def _day(value: date | None) -> str:
    return f"{value:%-d %b %Y}" if value else "unknown"


def _moment(value: date | None) -> str:
    return f"{value:%-d %b %Y %H:%M}" if value else "unknown"


def _hours(value: float | None) -> str:
    """A span of hours in words: "2 days", "3.5 h", "20 min"."""
    if value is None:
        return ""
    if abs(value) >= 48:
        return f"{value / 24:,.0f} days"
    return f"{value:.1f} h" if abs(value) >= 1 else f"{value * 60:.0f} min"
