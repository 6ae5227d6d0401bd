"""What holds for any text, however odd its marks."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.article.quote_marks import spans
from tasks.article.quotes import quotes

PIECES = st.sampled_from(
    [
        *"“”\"'‘’„«»‹›‚「」—-.,?! ",
        "\n\n",
        "\n",
        "Ada Holm",
        "said",
        "he",
        "told",
        "Yes",
        "the pier",
        "who",
        "it",
        ", ",
        ". ",
        " and ",
        "Mr ",
        "the minister",
        "HALDEN (CP) —",
        "5'11\"",
    ]
)
TEXTS = st.lists(PIECES, max_size=60).map("".join)
LANGUAGES = st.sampled_from(["en", "de", "fr", "es", "ru", "sv", "ja", "xx", None])


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_spans_are_in_order_and_do_not_overlap(text: str) -> None:
    end = 0
    for span in spans(text):
        assert end <= span.outer[0] < span.outer[1] <= len(text)
        assert span.outer[0] <= span.parts[0][0]
        assert span.parts[-1][1] <= span.outer[1]
        for left, right in span.parts:
            assert "\n\n" not in text[left:right]
            assert text[left:right] == text[left:right].strip()
        end = span.outer[1]


@given(TEXTS, LANGUAGES)
@settings(max_examples=400, deadline=None)
def test_quotes_are_slices_of_the_text(text: str, language: str | None) -> None:
    found = quotes(text, language)
    assert found == quotes(text, language)
    end = 0
    for quote in found:
        assert end <= quote.start < quote.end <= len(text)
        place = text[quote.start : quote.end]
        rest = iter(place)
        assert place == quote.text or all(character in rest for character in quote.text)
        assert (place[0], place[-1]) == (quote.text[0], quote.text[-1])
        if quote.kind == "scare":
            assert quote.speaker is None
        end = quote.end


@given(TEXTS, TEXTS)
@settings(max_examples=200, deadline=None)
def test_an_unclosed_mark_does_not_reach_past_a_plain_paragraph(first: str, last: str) -> None:
    text = f"{first}\n\nThe harbour lay still.\n\n{last}"
    place = text.index("The harbour lay still.")
    for span in spans(text):
        assert span.outer[1] <= place or span.outer[0] > place


ODD = {
    "straight": '"' * 1_000_000,
    "opening": "“" * 1_000_000,
    "pairs": "“”" * 500_000,
    "single": "'" * 1_000_000,
    "spaced": "“ " * 500_000,
    "unclosed": "“a " * 300_000,
    "single unclosed": "‘a " * 300_000,
}


@pytest.mark.parametrize("name", list(ODD))
def test_a_megabyte_of_marks_takes_no_more_than_two_seconds(name: str) -> None:
    start = time.process_time()
    quotes(ODD[name], "en")
    assert time.process_time() - start < 2


def named(count: int) -> list[str]:
    return [f"Ada{number % 97} Holm{number}" for number in range(count)]


HOSTILE = {
    "names": " ".join(named(100_000)) + " “We go.”",
    "one name": "Ann " * 100_000 + "“We go now,” Ann said.",
    "speakers": "\n\n".join(f"“We go now,” {name} said. “No,” he said." for name in named(20_000)),
    "bearers of a role": "\n\n".join(
        f"“We go,” the minister said. Minister {n} left." for n in named(20_000)
    ),
    "pronouns": "“We go now,” he said.\n\n" * 50_000,
    "verbs": "“We go now” " + "said, " * 100_000,
    "appositions": "“We go now,” Ada Holm, " + "a baker, " * 100_000 + "said.",
    "offices": "“We go,” " + "the head of " * 100_000 + "said.",
    "roles": "“We go,” said " + "partner and husband " * 100_000 + "Ada Holm.",
    "nicknames": "Ann “Tiny " * 100_000,
    "interruptions": "“Well,” she said, " * 50_000,
    "dashes": "– Vi går, säger " * 100_000,
}


def test_ten_megabytes_take_no_more_than_two_seconds() -> None:
    text = "“We go now,” Ada Holm said. Bo Lind and the minister, who knew Ann Lowe, left.\n\n" * 130_000
    start = time.process_time()
    assert quotes(text, "en")
    assert time.process_time() - start < 2


@pytest.mark.parametrize("name", list(HOSTILE))
def test_hostile_names_and_sentences_take_no_more_than_two_seconds(name: str) -> None:
    start = time.process_time()
    quotes(HOSTILE[name], "sv" if name == "dashes" else "en")
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    "unit",
    ['"Yes," said Ada Holm. ', "Ada Holm met Bo Lind and he said “no way at all”. ", '"a" ', "“a,”\n\n"],
)
def test_time_is_linear(unit: str) -> None:
    def seconds(count: int) -> float:
        best = 60.0
        for _ in range(3):
            start = time.process_time()
            quotes(unit * count, "en")
            best = min(best, time.process_time() - start)
        return best

    assert seconds(1600) < 12 * seconds(400) + 0.05


def test_no_marks_no_quotes() -> None:
    assert quotes("Ada Holm said the pier's roof was gone.", "en") == ()
    assert quotes("", None) == ()
