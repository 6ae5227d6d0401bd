from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from tasks.linking.copies import Copy, Signature, copies
from tasks.linking.sketch import Sketch, sketches, word_hashes

# Written for these tests.
WIRE = """
The last ferry from Saltby to Marren left half empty on Tuesday night, and no other will follow it this week. Crews of
all four ships walked out at six after the company turned down their claim for a second day of rest, and stood in the
rain at the foot of the gangway until the harbour lights went on. "We asked for one more night with our families, and
they sent us a new timetable," said Nadia Orban, who speaks for the union. The company called the strike reckless. Its
director, Colm Strand, said that nine thousand commuters would have to drive around the bay, a detour of two hours, and
that the hospital on Vell had been promised a boat for emergencies. The ministry of transport wants both sides at one
table by Thursday. In the market hall of Marren the stalls for fish stayed closed, and bakers gave away what they could
not ship. An old pilot recalled the winter of 1987, when the strait froze and people simply walked across. Nobody, he
added, has ever thanked the ice for that, and nobody is going to thank the minister if the boats sail again on Friday.
"""
NOTICE = """
Do you know more about this story? Write to our newsroom in Chapel Street, call the desk on any weekday, or leave a note
with the porter. Readers who subscribe before spring get the weekend supplement free of charge for twelve weeks, with
the tide table and a voucher for the bakery in the old mill.
"""
OWN = """
Seals have come back to the sandbanks off Quayford, more of them than at any time since counting began. Volunteers in
two small boats saw 412 animals last weekend, among them ninety pups, and hope for as many again before the month ends.
The keeper of the lighthouse, who has watched them for thirty years, puts it down to the quiet since the quarry closed.
"""
SIX = datetime(2026, 10, 3, 6, 0, tzinfo=UTC)


def sketch(text: str) -> Sketch:
    words = text.split()
    made = sketches(word_hashes(words), np.zeros(len(words), np.int64), 1)
    return Sketch(made.hashes.tolist(), int(made.shingles[0]))


def signature(name: str, text: str, hours: float | None = None, **fields: object) -> Signature:
    known: dict[str, object] = {"published_offset": 0, "published_precision": "second"}
    if hours is not None:
        known["published_at"] = SIX + timedelta(hours=hours)
    return Signature(name, 1, sketch(text), **{**known, **fields})  # type: ignore[arg-type]


def cut(text: str, share: float) -> str:
    words = text.split()
    return " ".join(words[: int(share * len(words))])


def found(fresh: Iterable[Signature], known: Iterable[Signature] = (), **originals: str) -> dict[str, Copy]:
    """The copies, where each article may resemble every other."""
    articles = {each.article_id: each for each in known}
    fresh = list(fresh)
    names = [*articles, *(each.article_id for each in fresh)]
    alike = {name: [other for other in names if other != name] for name in names}
    return {copy.article.article_id: copy for copy in copies(fresh, articles, alike, originals)}


def of(copies: dict[str, Copy]) -> dict[str, tuple[str, str, str | None]]:
    return {name: (copy.kind, copy.original.article_id, copy.direction_from) for name, copy in copies.items()}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (WIRE, "reprint"),
        (WIRE + NOTICE, "reprint"),
        (WIRE.replace("Tuesday", "Monday").replace("nine thousand", "9,000"), "reprint"),
        (cut(WIRE, 0.7), "reprint"),
        (cut(WIRE, 0.4), "excerpt"),
        (cut(WIRE, 0.6) + OWN, "reprint"),
    ],
)
def test_a_later_copy(text: str, kind: str) -> None:
    wire, copy = signature("wire", WIRE, 0), signature("copy", text, 2)
    assert of(found([copy], [wire])) == {"copy": (kind, "wire", "published")}


def test_no_copy() -> None:
    wire = signature("wire", WIRE, 0)
    assert not found([signature("own", OWN, 2)], [wire])
    assert not found([signature("shares a notice", OWN + NOTICE, 2)], [signature("wire", WIRE + NOTICE, 0)])
    assert not found([signature("longer", cut(WIRE, 0.3) + OWN, 2)], [wire])


def test_a_report_that_a_later_article_takes_in_and_goes_beyond_is_no_copy() -> None:
    flash = signature("flash", cut(WIRE, 0.35), 0)
    assert not found([signature("long", WIRE, 2)], [flash])


def test_very_short_texts_are_left_alone() -> None:
    notice = "This article is for subscribers only. Log in or choose a plan to read on."
    assert not found([signature("a", notice, 1)], [signature("b", notice, 0)])


def test_one_outlet_repeats_itself_only_in_much_the_same_words() -> None:
    wire = signature("wire", WIRE, 0, outlet="Shore Press")
    same = signature("again", WIRE + "Updated.", 1, outlet="Shore Press")
    other = signature("next", cut(WIRE, 0.6) + NOTICE, 24, outlet="Shore Press")
    assert of(found([same], [wire])) == {"again": ("reprint", "wire", "published")}
    assert not found([other], [wire])


def test_the_earlier_one_is_the_original_though_it_comes_later_into_the_lake() -> None:
    known = [signature("copy", WIRE, 2), signature("copy2", WIRE + NOTICE, 3)]
    made = found([signature("wire", WIRE, 0)], known, copy2="copy")
    assert of(made) == {"copy": ("reprint", "wire", "published")}  # copy2 stays under it


def test_the_agency_is_the_original_though_it_was_published_later() -> None:
    own = signature("own", WIRE, 5, outlet="Reuters", agency="Reuters")
    paper = signature("paper", WIRE, 0, outlet="Marren Courier", agency="Reuters")
    assert of(found([own, paper])) == {"paper": ("reprint", "own", "agency")}
    assert "credits Reuters" in found([own, paper])["paper"].evidence


@pytest.mark.parametrize(
    ("first", "second", "known"),
    [
        ({}, {}, "published"),
        ({"published_precision": "day"}, {}, None),
        ({"published_offset": None}, {}, None),
        ({"published_offset": None}, {"published_offset": None}, None),
        ({"published_offset": None, "outlet": "A"}, {"published_offset": None, "outlet": "A"}, "published"),
    ],
)
def test_what_orders_two_articles_of_one_day(
    first: dict[str, object], second: dict[str, object], known: str | None
) -> None:
    made = found([signature("b", WIRE, 2, **second)], [signature("a", WIRE, 0, **first)])
    assert of(made) == {"b": ("reprint", "a", known)}


def test_days_order_where_times_do_not() -> None:
    day = {"published_precision": "day", "published_offset": None}
    assert of(found([signature("b", WIRE, 0, **day)], [signature("a", WIRE, 24, **day)])) == {
        "a": ("reprint", "b", "published")
    }


def test_of_undated_articles_the_first_in_the_lake_stands_for_both() -> None:
    assert of(found([signature("a", WIRE)], [signature("b", WIRE)])) == {"a": ("reprint", "b", None)}
    assert of(found([signature("long", WIRE)], [signature("part", cut(WIRE, 0.4))])) == {
        "part": ("excerpt", "long", None)
    }


def test_the_head_of_a_chain_is_preferred_to_its_copies() -> None:
    known = [signature("wire", WIRE, 0), signature("copy", WIRE + NOTICE, 1)]
    assert of(found([signature("new", WIRE + NOTICE, 2)], known, copy="wire"))["new"][1] == "wire"


def test_a_copy_of_a_copy_that_the_head_does_not_resemble() -> None:
    known = [signature("wire", cut(WIRE, 0.5), 0), signature("copy", cut(WIRE, 0.5) + cut(OWN, 0.9), 1)]
    made = found([signature("new", cut(OWN, 0.9) + " ".join(WIRE.split()[75:88]), 2)], known, copy="wire")
    assert made["new"].original.article_id == "copy"


def test_a_new_version_of_the_head_stays_the_head() -> None:
    known = [signature("wire", WIRE, 0), signature("copy", WIRE, 1)]
    assert not found([signature("wire", WIRE + NOTICE, 0)], known, copy="wire")


def test_one_batch_gives_what_several_give() -> None:
    wire, copy, late = signature("a", WIRE, 0), signature("b", WIRE, 1), signature("c", WIRE + NOTICE, 2)
    whole = of(found([late, copy, wire]))
    assert whole == {"b": ("reprint", "a", "published"), "c": ("reprint", "a", "published")}
    assert of(found([copy], [wire])) | of(found([late], [wire, copy], b="a")) == whole


def test_no_chain_comes_back_to_an_article() -> None:
    undated = [signature(name, WIRE) for name in "abc"]
    made = found([undated[0]], undated[1:], b="a", c="b")
    assert not made
