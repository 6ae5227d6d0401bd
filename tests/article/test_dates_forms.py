"""Dates as machines write them, in addresses, by their distance, and in the calendars and languages of the news."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from tasks.article import date_relative
from tasks.article.date_address import in_address
from tasks.article.date_calendars import in_common_years
from tasks.article.date_order import country_order, evidence, settled
from tasks.article.date_text import find
from tasks.article.date_value import parse
from tasks.article.date_zones import localised, written_offsets

CAPTURED = datetime(2024, 5, 10, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-05-03T10:15:30.123Z", "2024-05-03T10:15:30+00:00"),
        ("2024-05-03T10:15+0200", "2024-05-03T10:15+02:00"),
        ("2024-05-03 10:15:30+05", "2024-05-03T10:15:30+05:00"),
        ("2024-05-03T00:00:00+02:00", "2024-05-03"),  # a day, as programs write it
        ("2024-05-03T00:00", "2024-05-03T00:00"),
        ("20240503", "2024-05-03"),
        ("20240503T101530Z", "2024-05-03T10:15:30+00:00"),
        ("1714730400", "2024-05-03T10:00:00+00:00"),
        ("1714730400123", "2024-05-03T10:00:00+00:00"),
        ("Fri, 03 May 2024 10:15:30 +0200", "2024-05-03T10:15:30+02:00"),
        ("Fri May 03 10:15:30 UTC 2024", "2024-05-03T10:15:30+00:00"),
        ("May 03, 2024", "2024-05-03"),
    ],
)
def test_values_for_machines(text: str, value: str) -> None:
    stamp = parse(text)
    assert stamp is not None and stamp.value == value


@pytest.mark.parametrize(
    "text", ["", "2024", "2024-13-01", "2024-02-30T10:00:00Z", "true", "12345678", "{{date}}"]
)
def test_no_values(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("2024/05/03/bridge", "2024-05-03"),
        ("2024/may/03/bridge", "2024-05-03"),
        ("news/2024-05-03-bridge", "2024-05-03"),
        ("bridge-20240503.html", "2024-05-03"),
        ("03-05-2024-bridge", "2024-05-03"),
        ("article/A2024050310150001", "2024-05-03"),
        ("2024/05/bridge", "2024-05"),
        ("2024/05/10-bridges-to-see", "2024-05"),  # ten bridges, not the tenth
        ("article/55332024/0503", None),
        ("2024/13/41/bridge", None),
        ("bridge?date=2024-05-03", None),
    ],
)
def test_addresses(path: str, value: str | None) -> None:
    found = in_address(f"https://gazette.example/{path}")
    assert (found[0] if found else None) == value


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("2 hours ago", "2024-05-10T10+00:00"),
        ("Published 35 minutes ago", "2024-05-10T11+00:00"),
        ("an hour ago", "2024-05-10T11+00:00"),
        ("3 days ago", "2024-05-07"),
        ("vor 3 Stunden", "2024-05-10T09+00:00"),
        ("hace 2 días", "2024-05-08"),
        ("il y a 2 heures", "2024-05-10T10+00:00"),
        ("2 ore fa", "2024-05-10T10+00:00"),
        ("2 часа назад", "2024-05-10T10+00:00"),
        ("2 godziny temu", "2024-05-10T10+00:00"),
        ("2 saat önce", "2024-05-10T10+00:00"),
        ("3時間前", "2024-05-10T09+00:00"),
        ("3小时前", "2024-05-10T09+00:00"),
        ("3시간 전", "2024-05-10T09+00:00"),
        ("منذ 3 ساعات", "2024-05-10T09+00:00"),
        ("3 घंटे पहले", "2024-05-10T09+00:00"),
        ("Yesterday at 10:30", "2024-05-09T10:30"),
        ("heute, 09:15 Uhr", "2024-05-10T09:15"),
        ("Ayer", "2024-05-09"),
    ],
)
def test_distances(line: str, value: str) -> None:
    stamp = date_relative.find(line, CAPTURED)
    assert stamp is not None and stamp.value == value


@pytest.mark.parametrize(
    "line",
    [
        "2 weeks ago",
        "900 hours ago",
        "Hier sind die Zahlen",
        "Gazette Today - News",
        "for 3 hours",
        "5 min read",
    ],
)
def test_no_distances(line: str) -> None:
    assert date_relative.find(line, CAPTURED) is None


@pytest.mark.parametrize(
    ("line", "language", "value"),
    [
        ("3 พ.ค. 2567 เวลา 10:30 น.", "th", "2024-05-03T10:30"),
        ("๓ พฤษภาคม ๒๕๖๗", "th", "2024-05-03"),
        ("۱۴ اردیبهشت ۱۴۰۳ - ۱۰:۳۰", "fa", "2024-05-03T10:30"),
        ("1403/02/14", "fa", "2024-05-03"),
        ("令和6年5月3日", "ja", "2024-05-03"),
        ("民國113年5月3日", "zh", "2024-05-03"),
        ("2024/5/3(金) 10:30", "ja", "2024-05-03T10:30"),
        ("2024年5月3日下午3点05分", "zh", "2024-05-03T15:05"),
        ("৩ মে ২০২৪, ১০:৩০", "bn", "2024-05-03T10:30"),
        ("الجمعة 3 مايو/أيار 2024 - 10:30", "ar", "2024-05-03T10:30"),
        ("3 كانون الثاني 2024", "ar", "2024-01-03"),
        ("3 במאי 2024, 10:30", "he", "2024-05-03T10:30"),
        ("3 Μαΐου 2024, 10:30 μ.μ.", "el", "2024-05-03T22:30"),
        ("3 мая 2024 г. в 10:30", "ru", "2024-05-03T10:30"),
        ("3 травня 2024 року, 10:30", "uk", "2024-05-03T10:30"),
        ("Jumat, 3 Mei 2024 pukul 10.30 WIB", "id", "2024-05-03T10:30+07:00"),
        ("3 Mac 2024", "ms", "2024-03-03"),
        ("ngày 3 tháng 5, 2024", "vi", "2024-05-03"),
        ("2024 m. gegužės 3", "lt", "2024-05-03"),
        ("2024. gada 3. maijs", "lv", "2024-05-03"),
        ("3. maja 2024", "sl", "2024-05-03"),
        ("3. maí 2024", "is", "2024-05-03"),
        ("3 mai 2024", "ro", "2024-05-03"),
        ("3 mayıs 2024", "tr", "2024-05-03"),
        ("12.Mai 2024", "de", "2024-05-12"),
        ("2024-May-03", "en", "2024-05-03"),
    ],
)
def test_languages_and_calendars(line: str, language: str, value: str) -> None:
    assert [stamp.value for stamp in find(line, language)] == [value]


@pytest.mark.parametrize(
    ("there", "here"),
    [((1399, 12, 30), (2021, 3, 20)), ((1400, 1, 1), (2021, 3, 21)), ((1403, 7, 1), (2024, 9, 22))],
)
def test_solar_hijri_leap_years(there: tuple[int, int, int], here: tuple[int, int, int]) -> None:
    assert in_common_years(*there, "fa") == here
    assert in_common_years(*there, "de") == there


def test_the_order_of_numbers_is_settled_by_evidence_only() -> None:
    (stamp,) = find("5/3/2024", "en")
    (sibling,) = find("May 3, 2024", "en")
    assert settled(stamp, set()).other is not None
    assert settled(stamp, evidence([(stamp, "5/3/2024"), (sibling, "May 3, 2024")])).value == "2024-05-03"
    assert settled(stamp, country_order("https://gazette.example.co.uk/a", "en")).value == "2024-03-05"
    assert settled(stamp, country_order("https://gazette.com/a", "en-US")).value == "2024-05-03"
    assert (
        settled(stamp, set(), datetime(2024, 4, 1, tzinfo=UTC)).value == "2024-03-05"
    )  # the other is to come
    assert country_order("https://[gazette", "en") == set()


def test_an_instant_is_given_where_it_was_the_day_shown() -> None:
    instant = "2024-05-03T22:30:00+00:00"
    assert localised(instant, {"2024-05-04"}, [], [".de"]) == "2024-05-04T00:30:00+02:00"
    assert localised(instant, {"2024-05-04"}, written_offsets(["2024-05-01T10:00:00+09:00"]), []) == (
        "2024-05-04T07:30:00+09:00"
    )
    assert localised(instant, {"2024-05-04"}, [], [".com"]) == instant
    assert localised(instant, {"2024-05-02"}, [], [".de"]) == instant
    winter = "2024-01-03T23:30:00+00:00"
    assert localised(winter, {"2024-01-04"}, [], [".de"]) == "2024-01-04T00:30:00+01:00"


@pytest.mark.parametrize("piece", ["2 hours ", "vor 3 ", "99 min", "ago ", "il y a "])
def test_hostile_lines_cost_little(piece: str) -> None:
    start = time.process_time()
    for length in range(1, date_relative.LONGEST + 40):
        date_relative.find((piece * 60)[:length], CAPTURED)
    assert time.process_time() - start < 1
