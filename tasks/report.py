"""The daily report in Markdown: what came, what did not, and what needs a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tasks.concerns import Concern
from tasks.status import Status
from tasks.summary import Figures, listed, picture, plain, table

_MOST = 50


def markdown(status: Status, found: Figures) -> str:
    """How a lake does, for people who read it once a day. ``found``: for the picture."""
    new, changed, refused = (
        sum(row[name] for row in status.sources) for name in ("new", "new_versions", "refused")
    )
    disk = f"{status.disk.free / 2**30:,.1f} GiB" if status.disk else ""
    versions = status.tables.get("articles")
    parts = [
        f"## Since {status.since:%-d %B %Y}: {new:,} new articles, {changed:,} changed",
        *_concerns(status.concerns),
        table(
            [
                {
                    "article versions": versions.rows if versions else 0,
                    "lake, MiB": round(status.bytes / 2**20, 1),
                    "files": sum(size.files for size in status.tables.values()),
                    "disk free": disk,
                    "refused": refused,
                    "gaps": len(status.gaps),
                }
            ]
        ),
        picture(found) if found.per_day else "",
        *_section("Sources", [_source(row) for row in status.sources if row["enabled"] is not False]),
        *_section(
            "Gaps", [{"source": g["source_id"], "day": g["day"], "what": g["detail"]} for g in status.gaps]
        ),
        *listed("Checks that do not hold", [str(each) for each in status.broken]),
        *_section("Last runs", [_run(row) for row in status.runs]),
        f"Read at {status.at:%Y-%m-%d %H:%M} UTC from `{status.lake}`.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _concerns(concerns: Sequence[Concern]) -> list[str]:
    if not concerns:
        return ["Nothing needs a person."]
    lines = [f"- **{each.severity}**: {plain(each.text)}  \n  → {plain(each.advice)}" for each in concerns]
    return ["### Needs a person", "\n".join(lines)]


def _section(title: str, rows: Sequence[dict[str, Any]]) -> list[str]:
    """A heading and a table; nothing where there are no rows."""
    if not rows:
        return []
    more = len(rows) - _MOST
    return [f"### {title}", table(rows[:_MOST]), *([f"And {more:,} more."] if more > 0 else [])]


def _source(row: dict[str, Any]) -> dict[str, Any]:
    """``expected``: a day, as the source's file asks for."""
    return {
        "source": row["name"] or row["source_id"],
        "health": row["health"],
        "new": row["new"],
        "expected a day": row["expected"],
        "changed": row["new_versions"],
        "unchanged": row["unchanged"],
        "refused": row["refused"],
    }


def _run(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "run": row["run_id"],
        "seconds": round((row["finished_at"] - row["started_at"]).total_seconds()),
        **{name.replace("_", " "): row[name] for name in ("new", "new_versions", "refused", "lists_failed")},
    }
