"""Scripts that write no blanks between words."""

from __future__ import annotations

import re

# Thai, Lao, Myanmar, Khmer, kana, Han and Hangul; as in sql/macros/is_unspaced.sql.
UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)


def is_unspaced(text: str) -> bool:
    """Whether a text has a character of such a script."""
    return UNSPACED.search(text) is not None
