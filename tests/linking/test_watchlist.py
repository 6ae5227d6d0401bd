"""The watchlist: its file, and what of it a text names."""

import pytest

from tasks.linking.watchlist import Entry, Watchlist, WatchlistError, parse

ROVERS = Entry("Halden Rovers", ("Rovers FC", "HRFC"))
US = Entry("US", (), case_sensitive=True)
TOKYO = Entry("東京電力", ())


def names(text: str, *entries: Entry) -> list[tuple[str, str]]:
    return [(text[hit.start : hit.end], hit.entry.name) for hit in Watchlist(entries).find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Halden Rovers won.", ["Halden Rovers"]),
        ("HALDEN ROVERS and hrfc", ["HALDEN ROVERS", "hrfc"]),
        ("Halden Roversides", []),
        ("New Halden Rovers' ground, (HRFC)", ["Halden Rovers", "HRFC"]),
        ("the İHRFC", []),
        ("İ. HRFC", ["HRFC"]),
        ("XHRFC HRFC2", []),
    ],
)
def test_names_stand_as_words(text: str, expected: list[str]) -> None:
    assert [form for form, _ in names(text, ROVERS)] == expected


def test_case_counts_where_the_entry_says_so() -> None:
    assert names("The US told us.", US, ROVERS) == [("US", "US")]


def test_scripts_without_blanks_are_searched_within() -> None:
    assert names("昨日東京電力は発表", TOKYO) == [("東京電力", "東京電力")]


def test_a_longer_name_that_does_not_stand_hides_no_shorter_one() -> None:
    ann, lee = Entry("Ann"), Entry("Ann Lee")
    assert names("Ann Leeds, Ann Lee", ann, lee) == [("Ann", "Ann"), ("Ann Lee", "Ann Lee")]


def test_apostrophes_are_one() -> None:
    assert names("O’Hara and O'Hara", Entry("O'Hara")) == [("O’Hara", "O'Hara"), ("O'Hara", "O'Hara")]


def test_a_file() -> None:
    first = '[[entry]]\nname = "Halden Rovers"\naliases = ["Rovers FC", "HRFC"]\n'
    second = '[[entry]]\nname = "US"\ncase_sensitive = true\n'
    assert parse(first + second, "w.toml").entries == (ROVERS, US)
    assert parse("", "w.toml").entries == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[entry]]\nname =", "w.toml: Invalid value"),
        ("[[entries]]\nname = 'A'", "w.toml: unknown key 'entries': entries begin with [[entry]]"),
        ("entry = 3", "w.toml: entries begin with [[entry]]"),
        ("[[entry]]\naliases = ['A']", "w.toml: entry 1: has no name"),
        ("[[entry]]\nname = ' '", "w.toml: entry 1: has no name"),
        ("[[entry]]\nname = 'A'\nalias = 'B'", "w.toml: entry 1 ('A'): unknown key 'alias'; known are"),
        ("[[entry]]\nname = 'A'\naliases = 'B'", "w.toml: entry 1 ('A'): aliases is a list of names"),
        ("[[entry]]\nname = 'A'\naliases = ['']", "w.toml: entry 1 ('A'): aliases is a list of names"),
        (
            "[[entry]]\nname = 'A'\ncase_sensitive = 1",
            "w.toml: entry 1 ('A'): case_sensitive is true or false",
        ),
        (
            "[[entry]]\nname = 'A'\n[[entry]]\nname = 'B'\naliases = ['a']",
            "w.toml: entry 'B': 'a' is one of 'A' already",
        ),
    ],
)
def test_a_mistake_is_one_line_that_names_file_and_entry(text: str, message: str) -> None:
    with pytest.raises(WatchlistError) as error:
        parse(text, "w.toml")
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)
