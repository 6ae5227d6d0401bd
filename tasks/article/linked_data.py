"""The objects of a page's JSON-LD, as broken as it comes."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

_MOST_SCRIPTS: Final = 30
_MOST_OBJECTS: Final = 2_000
_LONGEST: Final = 2_000_000  # characters of one script
_WITHIN: Final = ("@graph", "mainEntity", "mainEntityOfPage")
_WRAPPED: Final = re.compile(r"\A\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*.{0,40}?\*/)\s*", re.DOTALL)
_WRAPPING: Final = re.compile(
    r"(?:-->|//\s{0,9}\]\]>|\]\]>|;)\Z"
)  # of a script without white space at its end
_TRAILING_COMMA: Final = re.compile(r",(\s{0,200}[}\]])")


def linked_data(scripts: Iterable[str]) -> list[Mapping[str, Any]]:
    """Give the objects of JSON-LD scripts in document order, graphs opened; a script that is no JSON is passed over."""
    found: list[Mapping[str, Any]] = []
    for number, script in enumerate(scripts):
        if number == _MOST_SCRIPTS:
            break
        if len(script) > _LONGEST:
            continue
        stack = [_parsed(script)]
        while stack and len(found) < _MOST_OBJECTS:
            item = stack.pop()
            if isinstance(item, list):
                stack.extend(reversed(item))
            elif isinstance(item, dict):
                found.append(item)
                stack.extend(
                    item[key] for key in reversed(_WITHIN) if isinstance(item.get(key), (dict, list))
                )
    return found


def _parsed(script: str) -> object:
    """The script's value; mended where it is wrapped, escaped as HTML, or has commas too many."""
    for mended in (_as_written, _unwrapped, _without_commas, html.unescape):
        try:
            return json.loads(mended(script), strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _as_written(script: str) -> str:
    return script


def _unwrapped(script: str) -> str:
    return _WRAPPING.sub("", _WRAPPED.sub("", script).rstrip())


def _without_commas(script: str) -> str:
    return _TRAILING_COMMA.sub(r"\1", _unwrapped(script))
