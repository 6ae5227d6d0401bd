"""The entry: what a record states beside the body wins, and nothing is lost without a reason."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime

import pytest

from tasks.article.extract import extract
from tasks.article.reasons import REASONS
from tasks.article.record import to_record

TEXT = "\n\n".join(
    (
        "New bridge for Tarn Hollow has to wait until autumn",
        "By Jane Doe",
        "Published 3 May 2024",
        "The council of Tarn Hollow will decide about the new bridge in autumn, its speaker said after the "
        "meeting in the town hall, which had been called because the old bridge is closed to carts.",
        "“We will not decide in a hurry,” said Anna Tolliver, who leads the council of the town, when she "
        "was asked how long the carts would have to take the road around the lake.",
    )
).encode()


def test_without_a_record_the_text_speaks() -> None:
    found = extract(TEXT, media="text")
    assert found.title == "New bridge for Tarn Hollow has to wait until autumn"
    assert (found.authors, found.published_at) == (("Jane Doe",), "2024-05-03")


def test_record_wins_and_the_text_s_date_stays_a_candidate() -> None:
    given = {
        "title": " A  stated title ",
        "authors": "By John Roe and Mary Stone",
        "published_at": "2024-05-02T10:00:00Z",
        "modified_at": datetime(2024, 5, 4, 9, 30, tzinfo=UTC),
        "language": "en-GB",
        "tags": ["bridge", "bridge", "council"],
        "outlet": "The Calder Times",
    }
    found = extract(TEXT, media="text", given=given)
    assert found.title == "A stated title"
    assert found.authors == ("John Roe", "Mary Stone")
    assert (found.published_at, found.published_from) == ("2024-05-02T10:00:00+00:00", "record")
    assert found.modified_at == "2024-05-04T09:30:00+00:00"
    assert (found.language, found.tags, found.outlet) == ("en", ("bridge", "council"), "The Calder Times")
    assert ("2024-05-03", "weaker_signal") in {(c.value, c.rejected) for c in found.date_candidates}


@pytest.mark.parametrize(
    "given",
    [{"title": ""}, {"title": 7}, {"published_at": "soon"}, {"authors": ["AFP"]}, {"language": "English!"}],
)
def test_invalid_values_of_a_record_count_for_nothing(given: dict[str, object]) -> None:
    assert extract(TEXT, media="text", given=given) == extract(TEXT, media="text")


def test_stated_date_after_the_capture_is_refused() -> None:
    captured = datetime(2024, 6, 1, tzinfo=UTC)
    found = extract(TEXT, media="text", given={"published_at": "2031-01-01"}, captured_at=captured)
    assert found.published_at == "2024-05-03"
    assert "future" in {c.rejected for c in found.date_candidates}


@pytest.mark.parametrize("media", ["text", "html"])
@pytest.mark.parametrize("data", [b"", b" \n\n ", b"\x00\xff\xfe<", b"<p>", "–".encode() * 50, TEXT])
def test_every_empty_field_has_a_reason_of_the_closed_list(media: str, data: bytes) -> None:
    record = to_record(extract(data, media=media), "x")  # type: ignore[arg-type]
    errors = record["field_errors"]
    assert isinstance(errors, dict)
    assert set(errors.values()) <= REASONS
    unreasoned = {
        *("published_precision", "published_from", "language_confidence"),
        *("signals", "field_errors"),
    }
    assert {key for key, value in record.items() if not value} - unreasoned == set(errors)


def test_same_input_gives_same_output_whatever_came_before() -> None:
    page = b"<html><body><h1>Bridge</h1><p>" + TEXT + b"</p></body></html>"
    before = [extract(TEXT, media="text"), extract(page, media="html")]
    for _ in range(3):
        extract(page, media="html")
    assert [extract(TEXT, media="text"), extract(page, media="html")] == before


@pytest.mark.parametrize(
    "given", [{}, {"title": "a\ud83db", "tags": ["\ud83d"], "authors": ["Ann \ud83d Lee"]}]
)
def test_half_a_character_in_json_is_in_no_value(given: dict[str, object]) -> None:
    """JSON can escape one half of a pair, which UTF-8, and so the lake, cannot hold."""
    page = (
        r'<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Dam \ud83d holds",'
        r' "keywords": "dams\ud83d", "datePublished": "2020-01-01 \ud83d"}</script><h1>Dam holds</h1>'
        "<p>The Millbrook dam held overnight after the heaviest rain in forty years, engineers said on Friday.</p>"
        "<p>About 300 people who had left their homes were told by the mayor to return to the valley.</p>"
    )
    article = extract(page.encode(), media="html", given=given)
    assert article.published_at == "2020-01-01" and article.tags and article.text
    json.dumps(asdict(article), ensure_ascii=False).encode()  # raises where there is half a character
