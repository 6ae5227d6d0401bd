"""Dates in a line: what is understood, with which precision and offset, and what is not."""

from __future__ import annotations

import time

import pytest

from tasks.article.date_text import find, is_mostly_dates


@pytest.mark.parametrize(
    ("line", "language", "value"),
    [
        ("21 Nov, 2021 15:25", "en", "2021-11-21T15:25"),
        (" date 2021-07-27 .", "en", "2021-07-27"),
        ("Nov. 19, 2019 8:03 am ET", "en", "2019-11-19T08:03-05:00"),
        ("July 19, 2019 8:03 pm ET", "en", "2019-07-19T20:03-04:00"),
        ("2024-05-03T10:00:00+02:00", None, "2024-05-03T10:00:00+02:00"),
        ("2024-05-03T10:00:00.123Z", None, "2024-05-03T10:00:00+00:00"),
        ("Fri, 03 May 2024 10:00:00 GMT", None, "2024-05-03T10:00:00+00:00"),
        ("May 3rd, 2024", "en", "2024-05-03"),
        ("(Mon) 3 May 2024", "en", "2024-05-03"),
        ("10:15 p.m. Monday, May 6, 2024", "en", "2024-05-06T22:15"),
        ("12:05 a.m. May 6, 2024", "en", "2024-05-06T00:05"),
        ("page 3 May 2024", "en", "2024-05-03"),
        ("30/04/2024 - 16:38", "en", "2024-04-30T16:38"),
        ("5/3/2024", "fr", "2024-03-05"),
        ("28.04.2024 um 08:52 Uhr", "de", "2024-04-28T08:52"),
        ("3. März 2024", "de", "2024-03-03"),
        ("le 3 mai 2024 à 15h25", "fr", "2024-05-03T15:25"),
        ("3 de mayo de 2024 a las 15:30", "es", "2024-05-03T15:30"),
        ("3 maggio 2024", "it", "2024-05-03"),
        ("3 de março de 2024", "pt", "2024-03-03"),
        ("3 mei 2024", "nl", "2024-05-03"),
        ("15:25, 21 ноября 2021", "ru", "2021-11-21T15:25"),
        ("3 листопада 2021", "uk", "2021-11-03"),
        ("3 listopada 2021", "pl", "2021-11-03"),
        ("3 listopada 2021", "hr", "2021-10-03"),
        ("3 maj 2024 kl. 14.05", "sv", "2024-05-03T14:05"),
        ("3. mai 2024", "no", "2024-05-03"),
        ("3. marts 2024", "da", "2024-03-03"),
        ("3 Ağustos 2024", "tr", "2024-08-03"),
        ("3. toukokuuta 2024", "fi", "2024-05-03"),
        ("3. května 2024 v 10:00", "cs", "2024-05-03T10:00"),
        ("2024. május 3. 12:03", "hu", "2024-05-03T12:03"),
        ("2024年5月3日 午後3時05分", "ja", "2024-05-03T15:05"),
        ("2024年5月3日", "zh", "2024-05-03"),
        ("입력 2024.05.03. 오후 3:05", "ko", "2024-05-03T15:05"),
        ("٣ مايو ٢٠٢٤", "ar", "2024-05-03"),
        ("३ मई २०२४", "hi", "2024-05-03"),
        ("May 2024", "en", "2024-05"),
    ],
)
def test_reads_date(line: str, language: str | None, value: str) -> None:
    assert [stamp.value for stamp in find(line, language)] == [value]


@pytest.mark.parametrize(
    "line",
    [
        "Monday (6)",
        "from Nov. 29 to Dec. 6",
        "31 February 2024",
        "2024-13-01",
        "call 0301 2024 99",
        "Resolution 2024",
        "3 listopada 2021",  # October or November, as the language is
        "1.2.3.4",
    ],
)
def test_what_is_no_date_is_none(line: str) -> None:
    assert find(line) == []


def test_slashes_are_open_in_english_and_keep_both_readings() -> None:
    (stamp,) = find("5/3/2024 10:00", "en")
    assert (stamp.value, stamp.other) == ("2024-03-05T10:00", "2024-05-03T10:00")


@pytest.mark.parametrize("zone", ["IST", "BST", "CST"])
def test_zone_names_of_several_zones_give_no_offset(zone: str) -> None:
    (stamp,) = find(f"3 May 2024, 14:05 {zone}", "en")
    assert stamp.value == "2024-05-03T14:05"


def test_standard_time_in_summer_is_a_slip_and_gives_no_offset() -> None:
    assert [s.value for s in find("July 19, 2019 8:03 pm EST", "en")] == ["2019-07-19T20:03"]


def test_a_clock_belongs_to_one_date() -> None:
    values = [s.value for s in find("3 May 2024, 14:05 | 4 May 2024", "en")]
    assert values == ["2024-05-03T14:05", "2024-05-04"]


@pytest.mark.parametrize("piece", ["1 1/", "2024 ", "May 2024 ", "2024-05-", "12:00 ", "1 de ", "\u0663 "])
def test_time_is_linear_on_hostile_lines(piece: str) -> None:
    def cost(times: int) -> float:
        line = piece * times
        best = min(_timed(line) for _ in range(3))
        return max(best, 1e-4)

    assert cost(4_000) < 40 * cost(400)


def _timed(line: str) -> float:
    start = time.process_time()
    find(line, "en")
    return time.process_time() - start


@pytest.mark.parametrize(
    ("line", "expected"),
    [("3 May 2024", True), ("Published 2024-05-03", True), ("Published on 2024-05-03", False), ("", False)],
)
def test_a_line_is_mostly_dates_where_they_are_half_of_it(line: str, expected: bool) -> None:
    assert is_mostly_dates(line) is expected
