"""Text from anywhere, made safe to print: nothing in it steers a terminal or turns a line round. Pure."""

from __future__ import annotations

import re

LONGEST = 400  # characters of a value

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_TURNING = re.compile("[\u2028-\u202e\u2066-\u2069]")
_NOT_IN_JSON = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_WEB = re.compile(r"https?://[^\s/?#]\S*", re.IGNORECASE)


def visible(text: str) -> str:
    """The text without what turns lines round, control characters as their pictures; line breaks and tabs stay."""
    return _TURNING.sub("", _CONTROL.sub(_picture, text))


def _picture(found: re.Match[str]) -> str:
    code = ord(found[0])
    return chr(0x2400 + code) if code < 0x20 else "\N{REPLACEMENT CHARACTER}"


def written(value: object, longest: int = LONGEST) -> str:
    """A value of any field on one line, at most so many characters of it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = ", ".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value)
    line = visible(" ".join(text[: 2 * longest].split()))
    return line if len(line) <= longest else line[: longest - 1] + "…"


def web_address(text: str) -> str | None:
    """The text where it is an address of the web, which a reader may follow; nothing else is one."""
    return text if _WEB.fullmatch(text) else None


def safe_json(text: str) -> str:
    """JSON with everything escaped in its strings that ``visible`` takes out."""
    return _NOT_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
