"""What a check of ``newslake doctor`` found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "fail"]
"""``fail``: runs fail, or news or secrets are lost; ``warn``: they may, later or elsewhere."""


@dataclass(frozen=True, slots=True)
class Finding:
    """``check``: what was looked at; ``text``: what is so, in one line; ``advice``: what to do, where it is not ok."""

    check: str
    level: Level
    text: str
    advice: str = ""
