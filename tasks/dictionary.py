"""The data dictionary as Markdown, made from the schema and the views of an empty lake."""

from __future__ import annotations

import tempfile

import duckdb

from tasks.lake import catalog
from tasks.lake.schema import ARTICLES
from tasks.lake.store import Lake
from tasks.lake.views import macros, views
from tasks.publish import publish
from tasks.run import OUTCOMES


def markdown() -> str:
    """Every view with its grain, columns, types and descriptions."""
    parts = [
        "# Data dictionary\n",
        "Made by `newslake dictionary docs/dictionary.md` from `tasks/lake/schema.py`, `tasks/lake/schema_links.py` "
        "and the headers of `sql/`; do not edit.\n",
    ]
    with tempfile.TemporaryDirectory() as folder:
        lake = Lake(folder)
        publish(lake)
        with duckdb.connect(str(lake.catalog), read_only=True) as con:
            for view in sorted(views(), key=lambda v: v.name):
                parts += [f"## {view.name}\n", f"{view.grain}\n"]
                parts += ["| column | type | |", "|---|---|---|"]
                types = dict(zip((rel := con.view(view.name)).columns, map(str, rel.types), strict=True))
                for column, description in catalog.described(con, view).items():
                    parts.append(f"| {column} | `{types[column]}` | {description} |")
                parts.append("")
            for macro in macros():
                if macro.grain:
                    relation = con.sql(f"FROM {macro.name}('')")
                    parts += [f"## {macro.name}('…')\n", f"{macro.grain} {macro.purpose}\n"]
                    parts += ["| column | type | |", "|---|---|---|"]
                    for column, kind in zip(relation.columns, relation.types, strict=True):
                        told = macro.columns.get(column) or ARTICLES.descriptions[column]
                        parts.append(f"| {column} | `{kind}` | {told} |")
                    parts.append("")
    parts += ["## Outcomes\n", "The closed list of `captures.outcome`.\n", "| outcome | |", "|---|---|"]
    parts += [f"| {name} | {meaning} |" for name, meaning in OUTCOMES.items()]
    return "\n".join(parts) + "\n"
