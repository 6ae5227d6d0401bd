"""The keys of a source's file as Markdown, from the model that checks them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tasks.web.source import Source

_TYPES = {"string": "string", "integer": "whole number", "number": "number", "boolean": "true or false"}


def markdown() -> str:
    """A table: key, type, default (none for those that must be given, or are unset) and meaning."""
    schema = Source.model_json_schema()
    rows = _rows(schema, schema["$defs"], "")
    return "\n".join(["| key | type | default | |", "|---|---|---|---|", *rows]) + "\n"


def _rows(schema: dict[str, Any], parts: dict[str, Any], within: str) -> Iterator[str]:
    for name, key in schema["properties"].items():
        part = key.get("$ref") or key.get("items", {}).get("$ref")
        if part:
            yield from _rows(parts[part.rpartition("/")[2]], parts, f"{within}{name}.")
            continue
        default = "must be given" if name in schema.get("required", ()) else _default(key["default"])
        yield f"| `{within}{name}` | {_type(key)} | {default} | {key['description']} |"


def _type(key: dict[str, Any]) -> str:
    if "anyOf" in key:  # what may be left out
        key = next(kind for kind in key["anyOf"] if kind["type"] != "null")
    if key["type"] == "array":
        return "list of strings"
    return key.get("format") or _TYPES[key["type"]]


def _default(value: object) -> str:
    if value is None or value == []:
        return ""
    return f"`{str(value).lower()}`"
