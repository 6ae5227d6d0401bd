"""Authors are people; agencies and places of byline lines are read apart; nobody is invented."""

from __future__ import annotations

import pytest

from tasks.article.byline import parse, people, read
from tasks.article.byline_name import person


@pytest.mark.parametrize(
    ("line", "authors", "agency", "place"),
    [
        ("By Jane Doe", ("Jane Doe",), None, None),
        ("by Jane Doe and John Roe", ("Jane Doe", "John Roe"), None, None),
        ("By JANE VAN DOORN in Halverton", ("Jane Van Doorn",), None, None),
        ("Von Karla Wiesner, Hallstedt", ("Karla Wiesner",), None, None),
        ("Par Élise Garnaud avec AFP", ("Élise Garnaud",), "AFP", None),
        ("Por María de la Cruz y Juan Peña", ("María de la Cruz", "Juan Peña"), None, None),
        ("Автор: Анна Ветрова", ("Анна Ветрова",), None, None),
        ("Jane Doe, Staff writer", ("Jane Doe",), None, None),
        ("By Jane Doe, Reuters", ("Jane Doe",), "Reuters", None),
        ("By Agence France-Presse", (), "AFP", None),
        ("By Reuters Staff", (), "Reuters", None),
        ("AFP, New Brellin", (), "AFP", "New Brellin"),
        ("Associated Press in Valmont", (), "AP", "Valmont"),
        ("By Jane Doe on Monday, May 6, 2024", ("Jane Doe",), None, None),
    ],
)
def test_reads_byline(line: str, authors: tuple[str, ...], agency: str | None, place: str | None) -> None:
    byline = parse(line)
    assert byline is not None
    assert (byline.authors, byline.agency, byline.place) == (authors, agency, place)


def test_a_byline_credits_several_agencies() -> None:
    byline = parse("By Jane Doe with AFP and Reuters")
    assert byline is not None
    assert (byline.authors, byline.agencies) == (("Jane Doe",), ("AFP", "Reuters"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Rui Ma", "Rui Ma"), ("Md Aynal Haque", "Md Aynal Haque"), ("Jane Doe CPP", "Jane Doe"),
        ("Dr. Jane Doe, M.D.", "Jane Doe"), ("JANE DOE", "Jane Doe"), ("김수진 기자", "김수진"),
        ("海辺新聞", None), ("한국신문", None), ("Calder's Weblog", None), ("Font Size", None), ("Jane", None),
    ],
)  # fmt: skip
def test_person(text: str, name: str | None) -> None:
    assert person(text) == name


@pytest.mark.parametrize(
    "line",
    [
        "By the time the rain stopped, the harvest was lost",
        "Von der Küste bis in die Berge fällt Schnee",
        "Harbour fees to rise by a tenth",
        "New York, London",
        "Share this article",
        "By the numbers: how harvests changed?",
    ],
)
def test_other_lines_are_no_bylines(line: str) -> None:
    assert parse(line) is None


@pytest.mark.parametrize(
    ("lines", "authors", "reason"),
    [
        (["A headline", "by", "Jane Doe"], ("Jane Doe",), None),
        (["A headline", "by"], None, "empty_label"),
        (["A headline", "By Staff Writer"], None, "not_a_person"),
        (["A headline", "3 May 2024", "Jane Doe"], ("Jane Doe",), None),
        (["A headline", "Jane Doe"], None, "not_stated"),
        (["A headline", "Mary Stone", "3 May 2024"], None, "not_stated"),
        (["By Old Teaser", "a", "b", "c", "A headline", "By Jane Doe"], ("Jane Doe",), None),
    ],
)
def test_byline_nearest_to_the_body_counts(
    lines: list[str], authors: tuple[str, ...] | None, reason: str | None
) -> None:
    text = "Mary Stone opened the new bridge in Tarn Hollow."
    found, _ = read(lines, range(len(lines)), [], after=lines.index("A headline"), text=text)
    assert (found.value, found.reason) == (authors, reason)


def test_reporters_named_at_the_end() -> None:
    lines = ["(Reporting by Jane Doe in Brellin and John Roe; Editing by Tom Weld)"]
    found, _ = read(lines, [], [0], after=-1, text="")
    assert found.value == ("Jane Doe", "John Roe")


def test_people_of_a_record() -> None:
    assert people(["By Jane Doe and John Roe", "AFP", "Calder Courier Staff"]) == ("Jane Doe", "John Roe")
