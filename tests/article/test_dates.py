"""Which of the dates in a text is the article's: one by its place and label, and all others with a reason."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tasks.article.extract import extract
from tasks.article.model import Article

BODY = (
    "The council of Tarn Hollow will decide about the new bridge in autumn, its speaker said after the "
    "meeting in the town hall, which had been called because the old bridge is closed to carts and buses."
)
SECOND = (
    "The old bridge was opened on 4 August 1962 and has been repaired four times since, most recently after "
    "the flood of last spring, when two of its pillars were damaged by timber that had come down the river."
)


def article(*head: str, captured_at: datetime | None = None, tail: tuple[str, ...] = ()) -> Article:
    lines = ["New bridge for Tarn Hollow has to wait until autumn", *head, BODY, SECOND, *tail]
    return extract("\n\n".join(lines).encode(), media="text", captured_at=captured_at)


@pytest.mark.parametrize(
    ("head", "published", "modified"),
    [
        (
            "Published: 3 May 2024, 14:05 GMT | Updated: 4 May 2024, 09:00 GMT",
            "2024-05-03T14:05+00:00",
            "2024-05-04T09:00+00:00",
        ),
        ("Updated May 4, 2024; Posted May 3, 2024", "2024-05-03", "2024-05-04"),
        ("3 May 2024", "2024-05-03", None),
        ("By Jane Aldous on Monday, May 6th, 2024 at 11:04 a.m.", "2024-05-06T11:04", None),
        ("Jane Aldous | 3 May 2024 | 4 min read", "2024-05-03", None),
        ("13/06/2014", "2014-06-13", None),
    ],
)
def test_header_line_states_the_dates(head: str, published: str, modified: str | None) -> None:
    found = article(head)
    assert (found.published_at, found.modified_at) == (published, modified)


def test_label_on_the_line_above() -> None:
    found = article("Published", "3 May 2024", "Last updated", "5 May 2024")
    assert (found.published_at, found.modified_at) == ("2024-05-03", "2024-05-05")


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ("Published: Updated:", "empty_label"),
        ("5/3/2024", "ambiguous"),
        ("The mayor at the old bridge, May 3, 2019. (Reuters)", "caption"),
        ("Last updated 5 May 2024", "only_modified"),
        ("3 May 1931", "before_1990"),
        ("Posted by the editors", "in_body"),
    ],
)
def test_no_date_is_invented(head: str, reason: str) -> None:
    found = article(head)
    assert found.published_at is None
    assert found.field_errors["published_at"] == reason


def test_sibling_decides_the_order_of_numbers() -> None:
    found = article("Published 5/3/2024", "Updated 5/13/2024")
    assert (found.published_at, found.modified_at) == ("2024-05-03", "2024-05-13")


def test_date_after_the_capture_is_refused() -> None:
    captured = datetime(2024, 5, 1, tzinfo=UTC)
    assert article("3 May 2024").published_at == "2024-05-03"
    refused = article("3 May 2024", captured_at=captured)
    assert refused.published_at is None
    assert refused.field_errors["published_at"] == "future"


def test_every_date_seen_is_a_candidate_with_its_reason() -> None:
    found = article("Published 3 May 2024", "The mayor at the old bridge, May 3, 2019. (Reuters)")
    seen = {(c.value, c.rejected) for c in found.date_candidates}
    assert {("2024-05-03", None), ("2019-05-03", "caption"), ("1962-08-04", "in_body")} <= seen


def test_date_of_another_article_behind_the_body_is_not_taken() -> None:
    assert article(tail=("Read more", "Market day moved", "9 March 2024")).published_at is None
