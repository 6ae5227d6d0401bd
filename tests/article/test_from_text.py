"""Whatever the lines are, extraction answers: no line can make it fail, and every gap has its reason."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.article.clean import Cleaned
from tasks.article.from_text import from_text
from tasks.article.reasons import REASONS

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
    article = from_text(Cleaned(lines, kept)).article
    assert set(article.field_errors.values()) <= REASONS
    assert (article.published_at is None) == ("published_at" in article.field_errors)
    assert sum(c.kind == "published" and c.rejected is None for c in article.date_candidates) <= 1


def test_a_notice_is_no_article() -> None:
    lines = ["Calder Times", "Oops", "Sorry, the page you requested may have been moved or deleted."]
    article = from_text(Cleaned(lines, (2,))).article
    assert (article.text, article.field_errors["text"]) == ("", "no_article")


def test_an_article_about_missing_pages_is_one() -> None:
    body = "Visitors of the town's site read “page not found” for most of Monday, the clerk said. " * 8
    assert from_text(Cleaned(["Town's site is gone", body.strip()], (1,))).article.text == body.strip()


def test_dates_are_noted_from_the_body_s_opening_and_end_alone() -> None:
    body = [
        f"The clock was wound again on {day} May 2021, and nobody came to see it." for day in range(1, 10)
    ]
    article = from_text(Cleaned(body, tuple(range(9)))).article
    assert [c.value[-2:] for c in article.date_candidates] == ["01", "02", "03", "08", "09"]
    assert (article.published_at, article.field_errors["published_at"]) == (None, "in_body")


def test_a_promotion_between_paragraphs_names_the_outlet() -> None:
    paragraph = "The bells of the old chapel rang again on Sunday, after a silence of eleven long years."
    lines = [paragraph, "For more, follow our Calder Valley channel on the app", paragraph, paragraph]
    assert from_text(Cleaned(lines, (0, 2, 3))).article.outlet == "Calder Valley"
