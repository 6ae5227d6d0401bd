"""What is compared with what, by time."""

from datetime import UTC, datetime, timedelta

from tasks.linking.window import EVER, NEVER, near, spans, windows

DAY = datetime(2026, 11, 1, tzinfo=UTC)
MONTH = timedelta(30)


def test_articles_of_a_week_have_one_window() -> None:
    days = [(DAY + timedelta(n), DAY) for n in (3, 0, 5)]
    (window,) = windows(days)
    assert window == ([1, 0, 2], DAY - MONTH, DAY + timedelta(5) + MONTH, EVER, DAY - MONTH)


def test_an_article_of_another_year_has_its_own() -> None:
    assert [window.numbers for window in windows([(DAY, DAY), (DAY - timedelta(900), DAY), (None, DAY)])] == [
        [1],
        [0],
        [2],
    ]


def test_an_undated_one_is_compared_with_what_came_in_lately() -> None:
    assert windows([(None, DAY)]) == [([0], EVER, NEVER, DAY - MONTH, DAY - MONTH)]


def test_the_ends_of_time_are_no_error() -> None:
    first, last = windows([(EVER, DAY), (NEVER, DAY)])
    assert (first.start, last.until) == (EVER, NEVER)
    assert windows([]) == []


def test_near() -> None:
    assert near((DAY, DAY), (DAY - MONTH, NEVER))
    assert not near((DAY, DAY), (DAY - MONTH - timedelta(1), DAY))
    assert near((None, DAY), (EVER, DAY - MONTH))
    assert not near((None, DAY), (DAY, DAY - 2 * MONTH))


def test_windows_that_meet_are_one_and_others_apart() -> None:
    old, later = DAY - timedelta(6_000), DAY + timedelta(59)
    assert spans([later, old, DAY]) == [(old - MONTH, old + MONTH), (DAY - MONTH, later + MONTH)]
    assert spans([]) == []
