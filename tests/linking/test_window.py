"""What is compared with what, by time."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from tasks.linking.window import EVER, NEVER, Part, near, parts, spans

DAY = datetime(2026, 11, 1, tzinfo=UTC)
MONTH = timedelta(30)


def test_articles_of_a_week_are_compared_with_one_part_and_what_has_no_date() -> None:
    days = [(DAY + timedelta(n), DAY + timedelta(n)) for n in (3, 0, 5)]
    assert parts(days) == [
        Part(DAY - MONTH, DAY + timedelta(5) + MONTH, EVER),
        Part(None, None, DAY - MONTH),
    ]


def test_an_article_of_another_year_has_a_part_of_its_own() -> None:
    old = DAY - timedelta(900)
    assert parts([(DAY, DAY), (old, DAY)])[:2] == [
        Part(old - MONTH, old + MONTH, EVER),
        Part(DAY - MONTH, DAY + MONTH, EVER),
    ]


def test_an_undated_one_is_compared_with_what_came_in_lately() -> None:
    assert parts([(None, DAY)]) == [Part(None, None, DAY - MONTH), Part(EVER, NEVER, DAY - MONTH)]


def test_no_part_holds_what_another_does() -> None:
    ahead = NEVER - timedelta(5)
    found = parts([(None, DAY), (DAY, DAY), (DAY - timedelta(900), DAY), (ahead, DAY)])
    dated = sorted((part.start, part.until) for part in found if part.start and part.until)
    assert dated[0][0] == EVER and dated[-1][1] == NEVER
    assert all(one[1] + timedelta(microseconds=1) == other[0] for one, other in pairwise(dated))
    assert {part.since for part in found} == {EVER, DAY - MONTH}


def test_the_ends_of_time_are_no_error() -> None:
    first, last = parts([(EVER, DAY), (NEVER, DAY)])[:2]
    assert (first.start, last.until) == (EVER, NEVER)
    assert parts([(EVER, EVER), (NEVER, EVER), (None, EVER)])[2] == Part(None, None, EVER)
    assert parts([]) == []


def test_near() -> None:
    assert near((DAY, DAY), (DAY - MONTH, NEVER))
    assert not near((DAY, DAY), (DAY - MONTH - timedelta(1), DAY))
    assert near((None, DAY), (EVER, DAY - MONTH))
    assert not near((None, DAY), (DAY, DAY - 2 * MONTH))


def test_windows_that_meet_are_one_and_others_apart() -> None:
    old, later = DAY - timedelta(6_000), DAY + timedelta(59)
    assert spans([later, old, DAY]) == [(old - MONTH, old + MONTH), (DAY - MONTH, later + MONTH)]
    assert spans([]) == []
