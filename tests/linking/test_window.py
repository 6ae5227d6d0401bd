from datetime import UTC, datetime, timedelta

from tasks.linking.window import SPAN, spans


def test_windows_that_meet_are_one_and_others_apart() -> None:
    old, new = datetime(2010, 1, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)
    later = new + timedelta(days=59)
    assert spans([later, old, new]) == [(old - SPAN, old + SPAN), (new - SPAN, later + SPAN)]
    assert spans([]) == []
