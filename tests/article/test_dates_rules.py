"""Which of several dates wins: each rule of ``tasks.article.dates`` by an example that it decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

import pytest

from tasks.article import dates
from tasks.article.dates import precision_of
from tasks.article.model import DateCandidate

CAPTURED = datetime(2024, 5, 10, 12, 0, tzinfo=UTC)


def seen(signal: str, value: str, kind: Literal["published", "modified"] = "published") -> DateCandidate:
    return DateCandidate(value, precision_of(value), signal, value, kind)


def published(*candidates: DateCandidate, captured_at: datetime | None = CAPTURED) -> tuple[str, str] | None:
    found = dates.chosen(candidates, captured_at).published
    return (found.signal, found.value) if found else None


def test_the_first_is_chosen_and_the_others_say_why_not() -> None:
    found = dates.chosen([seen("json-ld", "2024-05-03"), seen("meta:date", "2024-05-02")], CAPTURED)
    assert [c.rejected for c in found.candidates] == [None, "weaker_signal"]


@pytest.mark.parametrize(
    ("value", "reason"),
    [("2024-05-12T10:00:00+00:00", "future"), ("2031", "future"), ("1989-12-31", "before_1990")],
)
def test_out_of_range_is_refused_and_the_next_one_taken(value: str, reason: str) -> None:
    found = dates.chosen([seen("json-ld", value), seen("url", "2024-05-03")], CAPTURED)
    assert found.published is not None and found.published.signal == "url"
    assert found.candidates[0].rejected == reason
    alone = dates.chosen([seen("json-ld", value)], CAPTURED)
    assert (alone.published, alone.reason) == (None, reason)


@pytest.mark.parametrize("shown", ["text:label", "text:header", "time", "microdata", "url"])
def test_an_earlier_day_that_is_shown_beats_what_machines_read(shown: str) -> None:
    found = dates.chosen([seen("json-ld", "2024-05-03T10:00:00+02:00"), seen(shown, "2021-02-01")], CAPTURED)
    assert found.published is not None and found.published.value == "2021-02-01"
    assert found.candidates[0].rejected == "rewritten"


@pytest.mark.parametrize("elsewhere", ["text:footer", "text:lead", "data", "feed"])
def test_an_earlier_day_elsewhere_does_not(elsewhere: str) -> None:
    assert published(seen("json-ld", "2024-05-03"), seen(elsewhere, "2021-02-01")) == (
        "json-ld",
        "2024-05-03",
    )


def test_a_later_day_that_is_shown_does_not() -> None:
    assert published(seen("json-ld", "2021-02-01"), seen("text:header", "2024-05-03")) == (
        "json-ld",
        "2021-02-01",
    )


def test_an_instant_agrees_with_the_day_that_it_is_elsewhere() -> None:
    stated = seen("json-ld", "2024-05-03T02:30:00+00:00")
    assert published(stated, seen("text:header", "2024-05-02")) == ("json-ld", stated.value)
    late = seen("json-ld", "2024-05-03T22:30:00+00:00")  # nowhere on earth the day before
    assert published(late, seen("text:header", "2024-05-02")) == ("text:header", "2024-05-02")


def test_the_moment_of_the_capture_is_the_page_s_own_making() -> None:
    made, created = seen("json-ld", "2024-05-10T11:58:30+00:00"), seen("json-ld:created", "2024-05-03")
    assert published(made, created) == ("json-ld:created", "2024-05-03")
    assert published(made) == ("json-ld", made.value)
    assert published(made, created, captured_at=None) == ("json-ld", made.value)


def test_the_same_day_with_a_time_is_preferred() -> None:
    finer = seen("time", "2024-05-03T10:15+02:00")
    assert published(seen("json-ld", "2024-05-03"), finer) == ("time", finer.value)
    assert published(seen("json-ld", "2024-05-04"), seen("meta:date", "2024-05-03T10:15")) == (
        "json-ld",
        "2024-05-04",
    )
    assert published(seen("record", "2024-05-03"), finer) == ("record", "2024-05-03")


def test_the_same_instant_with_the_offset_of_the_place_is_preferred() -> None:
    local = seen("time", "2024-05-03T20:30:00-05:00")
    assert published(seen("json-ld", "2024-05-04T01:30:00+00:00"), local) == ("time", local.value)


def test_published_after_modified_is_a_second_publication() -> None:
    second = seen("json-ld", "2024-05-03")
    before = seen("json-ld", "2024-04-01", "modified")
    assert published(second, before, seen("meta:date", "2024-03-01")) == ("meta:date", "2024-03-01")
    assert published(second, before) == ("json-ld", "2024-05-03")


def test_neither_kind_stands_in_for_the_other() -> None:
    found = dates.chosen([seen("json-ld", "2024-05-03", "modified")], CAPTURED)
    assert (found.published, found.reason) == (None, "only_modified")
    assert found.modified is not None


def test_an_update_shown_at_the_headline_is_the_only_date_that_readers_have() -> None:
    updated = seen("text:label", "2024-05-03", "modified")
    found = dates.chosen([seen("json-ld", "2024-05-03T10:00:00+02:00", "modified"), updated], CAPTURED)
    assert found.published is not None and found.modified is not None
    assert (found.published.signal, found.published.value) == ("modified", "2024-05-03")
    assert (found.modified.signal, found.modified.value) == ("json-ld", "2024-05-03T10:00:00+02:00")
    assert found.candidates[-1] == found.published


@pytest.mark.parametrize(
    ("others", "reason"),
    [
        ([seen("text:label", "2024-05-02", "modified")], "only_modified"),  # updates of two days
        (
            [replace(seen("text:header", "2024"), rejected="ambiguous")],
            "ambiguous",
        ),  # a publication is stated
        ([seen("json-ld", "2031-05-03")], "future"),
    ],
)
def test_and_dates_nothing_where_another_date_is_left_open(others: list[DateCandidate], reason: str) -> None:
    found = dates.chosen([seen("text:label", "2024-05-03", "modified"), *others], CAPTURED)
    assert (found.published, found.reason) == (None, reason)


@pytest.mark.parametrize("signal", ["text:footer", "time", "meta:article:modified_time", "data"])
def test_an_update_elsewhere_does_not_stand_in_for_the_publication(signal: str) -> None:
    found = dates.chosen([seen(signal, "2024-05-03", "modified")], CAPTURED)
    assert (found.published, found.reason) == (None, "only_modified")


def test_any_publication_is_preferred_to_an_update() -> None:
    updated = seen("text:label", "2024-05-03", "modified")
    assert published(updated, seen("feed", "2024-04-02")) == ("feed", "2024-04-02")
