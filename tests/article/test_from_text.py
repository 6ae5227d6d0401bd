"""Whatever the lines are, extraction answers: no line can make it fail, and every gap has its reason."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.article.clean import Cleaned
from tasks.article.from_text import from_text
from tasks.article.record import REASONS

PIECES = st.sampled_from(
    ["By", "by ", "AFP", "(Reuters)", ", ", "/", " - ", "—", "©", "2024", "5/3/2024", "May", " 3", "14:05",
     "Published:",
     "Jane", "Doe", " and ", "MOSCOW", ".", "\u3000", " ", "\x1f", "【", "】", "共同", "記者",
     "é", "٣", "Follow ", "X", "日", "月", "年"]
)  # fmt: skip
LINES = st.lists(st.lists(PIECES, max_size=12).map("".join), min_size=1, max_size=8)


@settings(max_examples=400, deadline=None)
@given(LINES, st.sets(st.integers(0, 7)))
def test_no_lines_make_it_fail(lines: list[str], body: set[int]) -> None:
    kept = tuple(sorted(i for i in body if i < len(lines) and lines[i]))
    article = from_text(Cleaned(lines, kept))
    assert set(article.field_errors.values()) <= REASONS
    assert (article.published_at is None) == ("published_at" in article.field_errors)
    assert sum(c.kind == "published" and c.rejected is None for c in article.date_candidates) <= 1
