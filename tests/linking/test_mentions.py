"""Who and what a text names, and what only looks like a name."""

import pytest

from tasks.linking.gazetteer import gazetteer, known, name_id
from tasks.linking.mentions import Mention, Source, mentions
from tasks.linking.watchlist import Entry, Watchlist


def of(text: str, kind: str, language: str = "en", **rest: object) -> list[Mention]:
    return [each for each in mentions(Source(text, None, language, **rest)) if each.kind == kind]  # type: ignore[arg-type]


PEOPLE = [
    ("en", "Talks with Deputy Foreign Minister Sergey Ryabkov began.", "Sergey Ryabkov", "Deputy Foreign Minister"),
    ("en", "It was the spokesman Dmitri Peskow who called.", "Dmitri Peskow", "spokesman"),
    ("en", "Andrey Kortunov, head of the council, called.", "Andrey Kortunov", "head of the council"),
    ("en", "They met Secretary of State Antony Blinken in May.", "Antony Blinken", "Secretary of State"),
    ("en", "They met Deputy Secretary of State Wendy Sherman in May.", "Wendy Sherman", "Deputy Secretary of State"),
    ("en", "They met Ruth Holm on Monday.", "Ruth Holm", None),
    ("en", "Later Mr. Holm called.", "Holm", "Mr."),
    ("en", "It was President Holm who called.", "Holm", "President"),
    ("en", "It was Moscow's Foreign Minister Sergei Lavrov’s idea.", "Sergei Lavrov", "Foreign Minister"),
    ("de", "Gestern kam Außenministerin Annalena Baerbock Plänen näher.", "Annalena Baerbock", "Außenministerin"),
    ("de", "Gestern kam Ada Holm, Biologin an der Uni Halden.", "Ada Holm", "Biologin an der Uni Halden"),
    ("de", "Gestern kam Ada Holm, Sprecherin der Fischer.", "Ada Holm", "Sprecherin der Fischer"),
    ("fr", "La ministre Catherine Colonna arrive.", "Catherine Colonna", "ministre"),
    ("ru", "Приехал президент России Владимир Путин вчера.", "Владимир Путин", "президент"),
]  # fmt: skip
NOBODY = [
    ("en", "They went to Prince Edward Island and Madison Square Garden."),
    ("en", "The Foreign Minister Office and General Motors and Coach House."),
    ("en", "It was Johnson & Johnson, and Final Fantasy too."),
    ("en", "Photo: REUTERS/Ruth Holm"),
    ("en", "By Ruth Holm"),
    ("en", "President Russia, Minister On Monday."),
    ("de", "Das Neue Haus und die Große Halle von Barbara."),
    ("ru", "Приехал премьер Малайзии вчера."),
    ("zh", "部长说 Ruth Holm 来了"),
]
PLACES = [
    ("en", "Russian troops left Kiev for the U.S. on Friday.", ["Russia", "Kyiv", "United States"]),
    ("en", "Denzel Washington met Paris Hilton.", []),
    ("en", "The Bank of China, Miss France and the Duke of York.", []),
    ("en", "The China Daily and British Airways and Moscow Times.", []),
    ("en", "Georgia won.", []),
    ("en", "Georgia and the Georgian army won.", ["Georgia"]),
    ("en", "CONTACT US NOW", []),
    ("en", "In Niger and in Nigeria, Omani men met Romans.", ["Niger", "Nigeria", "Oman"]),
    ("en", "The US State Department and the French Foreign Minister in Russia.", ["France", "Russia"]),
    ("de", "Russlands Armee und die französische Regierung.", ["Russland", "Frankreich"]),
    ("fr", "En Russie, le président américain.", ["Russie", "États-Unis"]),
    ("ja", "昨日、東京で中国の首相が述べた。", ["東京", "中国"]),
    ("xx", "It was in Norway.", ["Norway"]),
]
ORGANISATIONS = [
    ("en", "NATO and the UN and the WHO met.", ["NATO", "United Nations", "World Health Organization"]),
    ("en", "The University of Halden sued Orion Steel Inc.", ["University of Halden", "Orion Steel Inc"]),
    ("en", "It is the Foreign Ministry, the City Council, a Search Committee.", []),
    ("en", "The Halden Fishing Union (HFU) met. HFU won.", ["Halden Fishing Union"]),
    ("de", "Die Vereinten Nationen und die EZB.", ["Vereinte Nationen", "Europäische Zentralbank"]),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "name", "role"), PEOPLE)
def test_people(language: str, text: str, name: str, role: str | None) -> None:
    assert [(each.name, each.role) for each in of(text, "person", language)] == [(name, role)]


@pytest.mark.parametrize(("language", "text"), NOBODY)
def test_nobody(language: str, text: str) -> None:
    assert of(text, "person", language) == []


@pytest.mark.parametrize(("language", "text", "expected"), PLACES)
def test_places(language: str, text: str, expected: list[str]) -> None:
    assert [each.name for each in of(text, "place", language)] == expected


@pytest.mark.parametrize(("language", "text", "expected"), ORGANISATIONS)
def test_organisations(language: str, text: str, expected: list[str]) -> None:
    assert [each.name for each in of(text, "organisation", language)] == expected


def test_a_surname_counts_for_its_only_bearer() -> None:
    text = "President Ada Holm came. Holm, who is 60, and Mr. Holm’s friend Ivo Lind left. Mrs. Holm stayed."
    holm, lind = of(text, "person")
    assert (holm.name, holm.mentions, holm.as_written, holm.start) == (
        "Ada Holm",
        4,
        ["Ada Holm", "Holm"],
        10,
    )
    assert (lind.name, lind.role, lind.found_by) == ("Ivo Lind", "friend", "role")


def test_of_two_bearers_a_surname_is_nobody() -> None:
    people = of("President Ada Holm met Minister Ivo Holm. Holm left.", "person")
    assert [(each.name, each.mentions) for each in people] == [("Ada Holm", 1), ("Ivo Holm", 1)]


def test_spellings_in_one_text_are_one_person() -> None:
    (one,) = of("Minister Sergey Ryabkov came. Minister Sergei Ryabkov left.", "person")
    assert one.as_written == ["Sergei Ryabkov", "Sergey Ryabkov"]
    assert one.mentions == 2


def test_speakers_are_people_unless_they_are_institutions() -> None:
    spoken = [
        ("Xolani Dube", "she"),
        ("Kremlin", "the Kremlin"),
        ("ministry", "the ministry"),
        ("Halden Council", None),
    ]
    text = "“No,” the Kremlin said. Xolani Dube is here."
    found = mentions(Source(text, None, "en", speakers=spoken))
    assert [(each.kind, each.name, each.found_by) for each in found] == [
        ("organisation", "Kremlin", "gazetteer"),
        ("person", "Xolani Dube", "quote"),
    ]
    assert found[1].name_id == name_id("Xolani Dube")


def test_authors_are_left_out() -> None:
    assert of("Our reporter Ruth Holm was there.", "person", authors=("Ruth Holm",)) == []


def test_a_place_in_a_persons_name_is_none() -> None:
    assert of("Rom Braslavski kam.", "place", "de", speakers=[("Rom Braslavski", None)]) != []
    assert of("Anna Berlin kam aus Rom.", "place", "de", speakers=[("Anna Berlin", None)])[0].name == "Rom"


def test_the_dateline_is_a_place_known_or_not() -> None:
    found = of("They met.", "place", dateline="Halden, Norway")
    assert [(each.name, each.found_by, each.start) for each in found] == [("Halden", "dateline", None)]
    (moscow,) = of("They met in Moscow.", "place", dateline="Moscow")
    assert (moscow.found_by, moscow.start, moscow.mentions) == ("dateline", 12, 1)


def test_the_headline_counts() -> None:
    (place,) = mentions(Source("They met in Norway.", "Norway wins", "en"))
    assert place.mentions == 2


def test_an_organisations_short_form_counts_for_it() -> None:
    (union,) = of("The Halden Fishing Union (HFU) met. HFU won.", "organisation")
    assert (union.as_written, union.mentions) == (["HFU", "Halden Fishing Union"], 3)


def test_watched_entries_in_headline_and_text() -> None:
    watched = Watchlist([Entry("Halden Rovers", ("HRFC",))])
    (one,) = mentions(Source("The club, hrfc, lost.", "Halden Rovers lose", "en"), watched)
    assert (one.kind, one.name, one.mentions, one.start) == ("watched", "Halden Rovers", 2, 10)
    assert one.as_written == ["Halden Rovers", "hrfc"]


def test_a_place_is_the_same_in_all_languages() -> None:
    ids = {gazetteer(language).forms[form][0].entry_id for language, form in
           (("en", "Russia"), ("de", "russische"), ("fr", "Russie"), ("ja", "ロシア"), ("ru", "России"))}  # fmt: skip
    assert ids == {name_id("Russia")}
    assert known("the UN") == known("ООН") == ("organisation", "United Nations")
    assert known("Georgia") is None


@pytest.mark.parametrize("odd", ["", " ", "\n\n", "A", "Mr. ", "Mr.", "A" * 5000, "Ab " * 3000, "İ ß 𝕏"])
def test_odd_texts_are_no_error(odd: str) -> None:
    for language in ("en", "de", "zh", ""):
        mentions(Source(odd, odd, language, odd, (odd,), [(odd, odd)]), Watchlist([Entry("x")]))
