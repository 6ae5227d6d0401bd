"""Which quotations give one utterance, and which do not."""

from datetime import UTC, datetime, timedelta

import pytest

from tasks.linking.utterances import LATEST, Quotation, assigned, hashes, pairs, words

DAY = datetime(2026, 11, 1, tzinfo=UTC)
ICE = "The ferry will not sail before the ice is gone from the whole of the outer bay."

SAME = [
    ("Ada Holm", ICE, "Ada Holm", ICE),
    ("Sergei Holm", ICE, "Sergey Holm", ICE),
    ("Ada Holm", ICE, "Holm", ICE),
    ("Ada Holm", ICE, "Ada Holm", ICE.replace("bay.", "bay,")),
    ("Ada Holm", ICE, "Ada Holm", "will not sail before the ice is gone"),
    ("Ada Holm", ICE, "Ada Holm", "the ferry will not sail … from the whole of the outer bay"),
    ("Ada Holm", ICE, "Ada Holm", "[The ferry] will not sail before the ice is gone"),
    ("Ada Holm", ICE, "Ada Holm", ICE.replace("gone", "finally gone")),
    ("Ada Holm", ICE, "Ada Holm", f"We have waited for days. {ICE} That is all I have to say."),
    ("Ada Holm", ICE, None, ICE),
    (None, ICE, None, ICE),
    ("Ada Holm", "don't wait for us", "Ada Holm", "Don’t wait for us,"),
    ("Ada Holm", "We will wait.", "Ada Holm", "we will wait"),
    ("岸田文雄", "氷がなくなるまで船は出ません。", "岸田文雄", "氷がなくなるまで船は出ません"),
    ("岸田文雄", "氷がなくなるまで船は出ません。お待ちください。", "岸田文雄", "なくなるまで船は出ません"),
]
DIFFERENT = [
    ("Ada Holm", ICE, "Ivo Lind", ICE),
    ("Ada Holm", ICE, "Ada Lind", ICE),
    ("Ada Holm", ICE, "Ada Holm", "The harbour will open again once the last of the snow has melted away."),
    (
        "Ada Holm",
        ICE,
        "Ada Holm",
        "the ferry will not come back to the island for a year or two, I am afraid",
    ),
    ("Ada Holm", "We will not comment.", "Ivo Lind", "We will not comment."),
    ("Ada Holm", "We will not comment.", None, "We will not comment."),
    (
        None,
        "We will not comment on an ongoing investigation.",
        None,
        "We will not comment on an ongoing investigation.",
    ),
    ("Ada Holm", "before the ice", "Ada Holm", ICE),
    ("Ada Holm", "We will wait.", "Ada Holm", "We will sail."),
    ("Ada Holm", "very sad", "Ada Holm", "very sad"),
]


def found(said: list[tuple[str | None, str]], days: list[int] | None = None) -> list[str]:
    """The utterance of each (speaker, quotation), published a day after the other."""
    cut = [words(quote) for _, quote in said]
    kept = hashes(cut)
    quotations = [
        Quotation(
            f"u{n}", len(cut[n]), len(kept[n]), speaker, DAY + timedelta(days[n] if days else n), DAY, (f"a{n}", 1, 0)
        )
        for n, (speaker, _) in enumerate(said)
    ]  # fmt: skip
    return assigned(quotations, pairs(kept))


@pytest.mark.parametrize(("one", "quote", "other", "again"), SAME)
def test_one_utterance(one: str | None, quote: str, other: str | None, again: str) -> None:
    assert found([(one, quote), (other, again)]) == ["u0", "u0"]
    assert found([(other, again), (one, quote)]) == ["u0", "u0"]


@pytest.mark.parametrize(("one", "quote", "other", "again"), DIFFERENT)
def test_two_utterances(one: str | None, quote: str, other: str | None, again: str) -> None:
    assert found([(one, quote), (other, again)]) == ["u0", "u1"]
    assert found([(other, again), (one, quote)]) == ["u0", "u1"]


def test_beyond_the_window_it_is_said_again() -> None:
    said: list[tuple[str | None, str]] = [("Ada Holm", ICE)] * 3
    assert found(said, [0, 30, 61]) == ["u0", "u0", "u2"]


def test_what_a_great_many_say_is_not_squared() -> None:
    kept = hashes([words(ICE)] * 500)
    assert len(list(pairs(kept))) <= 500 * LATEST
    assert set(found([("Ada Holm", ICE)] * 500, [n // 25 for n in range(500)])) == {"u0"}


def test_what_bridges_two_utterances_takes_the_first() -> None:
    first, second = (
        "The ferry will not sail before the ice is gone.",
        "Nobody should go out on foot until the spring.",
    )
    said: list[tuple[str | None, str]] = [("Ada Holm", each) for each in (first, second, f"{first} {second}")]
    assert found(said) == ["u0", "u1", "u0"]


def test_hashes_of_a_part_are_among_those_of_the_whole() -> None:
    part, whole, nothing = hashes([words("will not sail before the ice"), words(ICE), []])
    assert set(part) <= set(whole)
    assert len(part) and not len(nothing)


def test_hashes_are_the_same_on_all_machines() -> None:
    assert hashes([words("not before the ice is gone")])[0].tolist() == [659335936]


def test_no_hash_runs_over_a_gap() -> None:
    (gap,) = hashes([words("one two three … four five six")])
    assert gap.tolist() == []
