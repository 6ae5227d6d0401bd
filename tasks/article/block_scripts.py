"""An article that a page carries within its scripts, as pages do that are put together in the browser."""

from __future__ import annotations

import json
import re
from typing import Final

# A string of JSON or JavaScript; within another string its quotation marks are escaped.
_STRING: Final = re.compile(r'"((?:[^"\\]+|\\.)*+)(?:"|\\?\Z)', re.DOTALL)
_PARAGRAPH: Final = re.compile(r"<p[ >]", re.IGNORECASE)
_LEAST: Final = 3  # paragraphs
_LONGEST: Final = 2_000_000  # characters of a page's scripts
_DEEPEST: Final = 2  # strings within strings


def article_in_scripts(scripts: str) -> str:
    """The markup of the longest text in paragraphs that stands in a string of ``scripts``; "" for none."""
    best = ""
    waiting = [(scripts[:_LONGEST], 0)]
    while waiting:
        source, depth = waiting.pop()
        for match in _STRING.finditer(source):
            written = match[1]
            if len(written) <= len(best):
                continue
            try:
                text = json.loads(f'"{written}"', strict=False)
            except ValueError:
                continue
            if depth < _DEEPEST and '"' in text and text.lstrip()[:1] != "<":
                waiting.append((text, depth + 1))
            elif len(text) > len(best) and len(_PARAGRAPH.findall(text)) >= _LEAST:
                best = text
    return best
