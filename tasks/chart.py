"""Pictures as SVG: drawn by Vega-Lite, without a network, in colours that can be read on light and on dark pages."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

OTHERS: Final = "others"
# Okabe and Ito's, which those who are colour-blind can tell apart too; grey is for the rest.
_COLOURS: Final = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")
_GREY, _TEXT, _LINE = "#9a9aa2", "#85858f", "#85858f44"


def articles_per_day(rows: Sequence[Mapping[str, Any]], since: date, until: date) -> str:
    """New articles a day from ``since`` to ``until``, both included, stacked by source, as SVG.

    ``rows``: of the look-up articles_per_day.
    """
    import vl_convert  # it brings a JavaScript engine, and takes a second and 90 MB for its first picture

    svg: str = vl_convert.vegalite_to_svg(articles_per_day_spec(rows, since, until))
    # Each run's is kept in Prefect's database: a tenth of a pixel is fine enough.
    return re.sub(r"\d+\.\d{2,}", lambda number: f"{float(number[0]):.1f}", svg)


def articles_per_day_spec(rows: Sequence[Mapping[str, Any]], since: date, until: date) -> dict[str, Any]:
    """The picture as a Vega-Lite specification: bars by day (UTC), the source that brought most at the bottom."""
    total: dict[str, int] = {}
    values = []
    for row in rows:
        source = row["source_id"] or OTHERS
        total[source] = total.get(source, 0) + row["new"]
        values.append({"day": row["day"].isoformat(), "source": source, "new": row["new"]})
    order = sorted(total, key=lambda source: (source == OTHERS, -total[source], source))
    colours = [_GREY if source == OTHERS else _COLOURS[n % len(_COLOURS)] for n, source in enumerate(order)]
    place = {source: n for n, source in enumerate(order)}
    days = {"scale": {"domain": [since.isoformat(), (until + timedelta(days=1)).isoformat()]}}
    axis = {"grid": False, "title": None, "format": "%-d %b", "tickCount": 8, "labelFlush": True}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": 680,
        "height": 220,
        "background": None,
        "data": {"values": [value | {"place": place[value["source"]]} for value in values]},
        "mark": {"type": "bar", "width": {"band": 0.85}},
        "encoding": {
            "x": days | {"field": "day", "type": "temporal", "timeUnit": "utcyearmonthdate", "axis": axis},
            "y": {
                "field": "new",
                "type": "quantitative",
                "axis": {"title": None, "tickCount": 4, "tickMinStep": 1, "format": ",d", "domain": False},
            },
            "color": {
                "field": "source",
                "type": "nominal",
                "scale": {"domain": order, "range": colours},
                "legend": {"title": None, "orient": "top", "columns": 4, "labelLimit": 160},
            },
            "order": {"field": "place"},
        },
        "config": {
            "aria": False,  # 100 bytes a bar
            "view": {"stroke": None},
            "axis": {
                "labelColor": _TEXT,
                "labelFontSize": 12,
                "gridColor": _LINE,
                "ticks": False,
                "domainColor": _LINE,
                "labelPadding": 6,
            },
            "legend": {"labelColor": _TEXT, "labelFontSize": 12, "symbolType": "square"},
        },
    }


def data_url(svg: str) -> str:
    """The picture as an address that holds it, for pages that may ask nobody else for it."""
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
