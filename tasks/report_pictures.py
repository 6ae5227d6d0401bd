"""The report's pictures as SVG, drawn beforehand by Vega-Lite: the page needs no script, and prints as it looks.

Their colours are the page's own (CSS variables), so that they follow it from light to dark. Each picture is drawn for a
wide and for a narrow page, since letters that shrink with a picture cannot be read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from tasks.chart import articles_per_day_spec
from tasks.status import Row

# Points of a page's two widths, and outlets that a matrix has room for.
_WIDTHS: Final = {"wide": (940, 14), "narrow": (320, 8)}
_FONT = 13
_INK, _SOFT, _LINE, _MARK = "var(--ink)", "var(--soft)", "var(--line)", "var(--s0)"
_CONFIG: Final = {
    "aria": False,
    "view": {"stroke": None},
    "axis": {
        "labelColor": _SOFT,
        "labelFontSize": _FONT,
        "titleColor": _SOFT,
        "titleFontSize": _FONT,
        "titleFontWeight": "normal",
        "gridColor": _LINE,
        "ticks": False,
        "domainColor": _LINE,
        "labelPadding": 6,
    },
    "legend": {"labelColor": _INK, "labelFontSize": _FONT, "symbolType": "square"},
    "text": {"fontSize": _FONT},
}


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture for both widths. ``label``: what it shows, for those who do not see it."""

    label: str
    wide: str
    narrow: str


def articles_per_day(days: Sequence[Row], since: date, until: date) -> Picture | None:
    """Articles a day from ``since`` to ``until`` by outlet; ``days``: of the look-up report_days."""
    if not days:
        return None
    found = [{"day": row["day"], "source_id": row["outlet"], "new": row["articles"]} for row in days]
    return _bars("Articles a day, stacked by outlet", found, since, until)


def story_days(days: Sequence[Row]) -> Picture | None:
    """A story's articles a day; ``days``: of the look-up report_story_days. None for a single day."""
    if len(days) < 2:
        return None
    found = [{"day": row["day"], "source_id": "articles", "new": row["articles"]} for row in days]
    return _bars("The story's articles a day", found, days[0]["day"], days[-1]["day"])


def who_copies_whom(pairs: Sequence[Row]) -> Picture | None:
    """Outlets that copied by outlets that they copied from; ``pairs``: of the look-up report_pairs.

    A matrix, since a net of arrows can be read for a handful of outlets only, and not on a telephone.
    """
    if not pairs:
        return None
    label = "Copies by outlet, in rows, and by the outlet that they were copied from, in columns"
    return _drawn(label, lambda width, most: _matrix(pairs, width, most))


def _bars(label: str, found: list[dict[str, Any]], since: date, until: date) -> Picture:
    def spec(width: int, _: int) -> dict[str, Any]:
        narrow = width < 500
        made = articles_per_day_spec(found, since, until) | {
            "width": width - 45,
            "height": 170 if narrow else 240,
        }
        colour = made["encoding"]["color"]
        one = len(colour["scale"]["domain"]) == 1
        colour["scale"]["range"] = [
            "var(--others)" if series == "others" else f"var(--s{place})"
            for place, series in enumerate(colour["scale"]["domain"])
        ]
        colour["legend"] = (
            None if one else colour["legend"] | {"columns": 2 if narrow else 7, "labelLimit": 125}
        )
        made["encoding"]["x"]["axis"]["tickCount"] = 4 if narrow else 8
        return made

    return _drawn(label, spec)


def _matrix(pairs: Sequence[Row], width: int, most: int) -> dict[str, Any]:
    shown = [row for row in pairs if row["place"] <= most and row["original_place"] <= most]
    narrow = width < 500
    step = 25 if narrow else 44
    rows, columns = (
        {"field": field, "type": "nominal", "sort": {"field": place, "op": "min"}}
        for field, place in (("outlet", "place"), ("original_outlet", "original_place"))
    )
    axis = {"labelLimit": 112 if narrow else 220, "domain": False, "labelColor": _INK}
    values = [
        {name: row[name] for name in ("outlet", "original_outlet", "copies", "place", "original_place")}
        for row in shown
    ]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": {"step": step},
        "height": {"step": 27 if narrow else 32},
        "background": None,
        "data": {"values": values},
        "encoding": {
            "y": rows | {"axis": axis | {"title": "copied by" if not narrow else None}},
            "x": columns
            | {
                "axis": axis
                | {"title": "copied from", "orient": "top", "labelAngle": -60 if not narrow else -75}
            },
        },
        "layer": [
            {
                "mark": {"type": "rect", "cornerRadius": 3, "color": _MARK},
                "encoding": {
                    "opacity": {
                        "field": "copies",
                        "type": "quantitative",
                        "scale": {"type": "sqrt", "zero": True, "range": [0.06, 0.55]},
                        "legend": None,
                    }
                },
            },
            {
                "mark": {"type": "text", "color": _INK, "fontSize": 11 if narrow else _FONT},
                "encoding": {"text": {"field": "copies", "type": "quantitative", "format": ",d"}},
            },
        ],
    }


def _drawn(label: str, spec: Any) -> Picture:
    return Picture(label, **{name: _svg(spec(*room)) for name, room in _WIDTHS.items()})


def _svg(spec: dict[str, Any]) -> str:
    import vl_convert  # it brings a JavaScript engine, and takes a second and 90 MB for its first picture

    svg: str = vl_convert.vegalite_to_svg(spec | {"config": _CONFIG})
    # What says nothing to those who look is half of it: roles of groups, and more than a tenth of a pixel.
    svg = re.sub(r' (?:role|aria-roledescription|aria-hidden|pointer-events)="[^"]*"', "", svg)
    return re.sub(r"\d+\.\d{2,}", lambda number: f"{float(number[0]):.1f}", svg)
