"""What is shown of an article: the view model, from extractions made by hand and by the extractor."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import get_args

import pytest

from tasks import explain_words as words
from tasks.article.extract import examine
from tasks.article.model import Article, Candidate, DateCandidate, Examined, Found, Quote, Shown
from tasks.article.page_kind import KINDS
from tasks.article.reasons import BLOCKS, MEANINGS, REASONS, Reason
from tasks.explain import explain, to_json
from tasks.explain_model import Explained
from tasks.explain_text import visible, web_address, written
from tests.explained_samples import ESCAPES, ORIGIN, hostile, story


def shown(examined: Examined) -> Explained:
    return explain(examined, ORIGIN)


def test_every_reason_has_a_meaning_of_its_own() -> None:
    assert set(MEANINGS) == set(get_args(Reason)) == REASONS
    assert len(set(MEANINGS.values())) == len(MEANINGS)
    for meaning in (*MEANINGS.values(), *BLOCKS.values()):
        assert meaning[0].islower() and not meaning.endswith(".") and "_" not in meaning


def test_every_kind_of_page_has_words() -> None:
    assert [kind for kind in KINDS if words.kind(kind) == ""] == ["article", "other"]
    assert not [kind for kind in KINDS if "_" in words.kind(kind)]


def test_codes_without_words_stand_for_themselves() -> None:
    assert words.signal("meta:og:title") == "the meta tag og:title"
    assert words.signal("new-signal") == "new-signal"
    assert words.reason("the extractor failed: KeyError") == "the extractor failed: KeyError"
    assert words.block("comment_box") == "comment box"
    assert words.field_name("word_count") == "Word count"


def test_a_field_shows_who_won_who_agrees_and_who_lost_why() -> None:
    rows = {row.field: row for row in shown(story()).rows}
    title = rows["title"]
    assert (title.value, title.signal) == ("Night ferry to sail again on Monday", "the page's main heading")
    assert title.same == ("the meta tag og:title",)
    (lost,) = title.lost
    assert (lost.value, lost.code) == ("Night ferry to sail again on Monday - Shore Post", "title")
    assert lost.why == MEANINGS["weaker_signal"]
    assert (rows["agencies"].value, rows["agencies"].why) == (None, MEANINGS["photo_credit"])
    assert rows["is_paywalled"].value == "no"
    assert rows["authors"].value == "Mary Quill, Ben Cole"
    assert list(rows) == [name for name in words.FIELDS if name in rows]


def test_a_field_that_is_new_is_shown_last() -> None:
    examined = replace(story(), fields={"word_count": Found(92, "text"), **story().fields})
    row = shown(examined).rows[-1]
    assert (row.name, row.value) == ("Word count", "92")


def test_dates_say_which_was_chosen_and_why_not_the_others() -> None:
    chosen, same, caption, modified = shown(story()).dates
    assert (chosen.chosen, chosen.why, chosen.text) == (True, None, "")  # written as it is, but for the Z
    assert (same.chosen, same.why, same.text) == (False, None, "20 November 2026")
    assert (caption.chosen, caption.why) == (False, MEANINGS["caption"])
    assert (modified.kind, modified.chosen) == ("modified", True)


def test_a_date_seen_twice_is_shown_once() -> None:
    date = DateCandidate("2026-10-09", "day", "text:caption", "9 October", "published", "caption")
    assert len(shown(Examined(Article(date_candidates=(date, date)), {}, ())).dates) == 1


def test_blocks_come_in_runs_and_the_long_ones_are_folded() -> None:
    runs = shown(story()).runs
    assert [run.state for run in runs] == ["dropped", "used", "kept", "dropped", "kept", "dropped"]
    assert runs[0].folded and runs[0].summary == "navigation (5), legal notices and cookies (1)"
    assert not runs[3].folded and runs[3].summary == BLOCKS["follow"]
    assert [passage.why for passage in runs[1].passages] == ["the title", "the subtitle", "the authors"]
    assert runs[2].passages[0].likely == 98
    explained = shown(story())
    assert [explained.blocks(state) for state in ("kept", "used", "dropped")] == [4, 3, 12]


def test_a_text_that_no_block_holds_is_shown_before_them() -> None:
    quote = Quote("Two", None, None, None, "scare", 7, 10)
    article = Article(text="One.\n\n“Two”.", quotes=(quote,))
    kept, dropped = shown(Examined(article, {}, (Shown("Menu", False, "menu"),))).runs
    assert [[part.text for part in passage.parts] for passage in kept.passages] == [["One."], ["“Two”", "."]]
    assert kept.summary == BLOCKS["stated"] and dropped.state == "dropped"


def test_where_there_is_no_article_less_is_folded() -> None:
    blocks = tuple(Shown(f"line {n}", False, "menu") for n in range(8))
    (run,) = shown(Examined(Article(), {}, blocks)).runs
    assert not run.folded and len(run.passages) == 8
    (run,) = shown(Examined(Article(), {}, blocks * 8)).runs
    assert run.folded


def test_quotations_are_marked_in_the_text_with_their_marks() -> None:
    explained = shown(story())
    parts = explained.runs[2].passages[1].parts
    assert "".join(part.text for part in parts) == story().blocks[10].text
    assert [part.quote for part in parts] == [1, None, 2]
    assert parts[0].text.startswith("“We") and parts[0].text.endswith("pumps,”") and parts[0].last
    assert [(quote.number, quote.speaker, quote.marked) for quote in explained.quotes] == [
        (1, "Oona Strand", True), (2, "Oona Strand", True), (3, None, True),
    ]  # fmt: skip
    assert explained.quotes[0].as_written is None  # as the speaker is called anyway


def test_a_quotation_over_two_paragraphs_is_marked_in_both() -> None:
    text = "“One paragraph, she said.\n\n“And another.”"
    quote = Quote(
        "One paragraph, she said.\n\n“And another.", "Ann Lee", None, None, "direct", 1, len(text) - 1
    )
    blocks = [Shown(part, True, "body") for part in text.split("\n\n")]
    (run,) = shown(Examined(Article(text=text, quotes=(quote,)), {}, tuple(blocks))).runs
    assert [[(part.quote, part.last) for part in passage.parts] for passage in run.passages] == [
        [(1, False)], [(1, True)],
    ]  # fmt: skip


def test_a_quotation_within_another_is_listed_and_not_marked() -> None:
    text = "“He called it ‘art’,” she said."
    outer = Quote("He called it ‘art’,", "Ann Lee", None, "said", "direct", 1, 20)
    inner = Quote("art", None, None, None, "scare", 15, 18)
    blocks = (Shown(text, True, "body"),)
    explained = shown(Examined(Article(text=text, quotes=(outer, inner)), {}, blocks))
    assert [quote.marked for quote in explained.quotes] == [True, False]
    assert "".join(part.text for part in explained.runs[0].passages[0].parts) == text


def test_a_block_that_is_not_in_the_text_as_it_stands_has_no_marks() -> None:
    quote = Quote("b", None, None, None, "scare", 3, 4)
    blocks = (Shown("something else", True, "body"), Shown("a “b” c", True, "body"))
    text = "a “b” c"
    first, second = shown(Examined(Article(text=text, quotes=(quote,)), {}, blocks)).runs[0].passages
    assert [part.quote for part in first.parts] == [None]
    assert [part.text for part in second.parts] == ["a ", "“b”", " c"]


@pytest.mark.parametrize(
    ("article", "verdict"),
    [
        (Article(text="One two.\n\nThree."), "An article: 3 words in 2 paragraphs."),
        (Article(text="渡轮将于周一恢复航行，停航六周之后再次出海。"), "An article: 20 characters in 1 paragraph."),
        (Article(text="One.", is_paywalled=True), "An article: 1 word in 1 paragraph. Only a part was free to read."),
        (Article(kind="other"), "No article: the document holds no article."),
        (Article(kind="other", field_errors={"text": "empty"}), "No article: the document holds no text at all."),
        (
            Article(kind="not_found", field_errors={"text": "empty"}),
            "No article: it is a page that says there is nothing here.",
        ),
    ],
)  # fmt: skip
def test_verdicts(article: Article, verdict: str) -> None:
    assert shown(Examined(article, {}, ())).verdict == verdict


def test_of_a_plain_text_every_line_is_shown() -> None:
    head = "News\nSport\n\nFerry to sail again\n\nBy Mary Quill\n\n"
    body = "The ferry will sail again from Monday, the harbour office said after a long inspection of its pumps.\n\n"
    more = "Passengers had been taken to the island by bus and by a fishing boat, which needed three journeys.\n\n"
    last = "It is good to have her back, said Mary Olsen, who keeps the inn at the landing and had lost her guests.\n\n"
    data = (head + body + more + last + "Share this\n").encode()
    examined = examine(data, media="text")
    explained = shown(examined)
    lines = [part.text for run in explained.runs for passage in run.passages for part in passage.parts]
    assert lines == [line for line in data.decode().split("\n") if line]
    assert explained.blocks("kept") == 3
    assert {row.field for row in explained.rows} == set(examined.fields)


def controls(text: str) -> list[str]:
    turning = {*range(0x2028, 0x202F), *range(0x2066, 0x206A)}
    return [c for c in text if (c != "\n" and not " " <= c <= "~" and ord(c) < 0xA0) or ord(c) in turning]


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, (tuple, list)):
        return [text for item in value for text in strings(item)]
    if hasattr(value, "__dataclass_fields__"):
        return [text for name in value.__dataclass_fields__ for text in strings(getattr(value, name))]
    return []


def test_nothing_shown_steers_a_terminal() -> None:
    texts = strings(shown(hostile()))
    assert sum("owned" in text for text in texts) > 20
    for text in texts:
        assert not controls(text)
        text.encode()  # no half of a surrogate pair


def test_control_characters_become_pictures() -> None:
    assert visible(ESCAPES) == "␛[31mred␛]0;owned␇�2J�␍gnp.exe�"
    assert visible("tab\tline\nend") == "tab\tline\nend"
    assert visible("می‌خواهم שלום‎") == "می‌خواهم שלום‎"  # joiners and marks are spelling
    assert written(("a\n b", "c" * 9), 8) == "a b, cc…"


def test_only_addresses_of_the_web_are_followed() -> None:
    assert web_address("HTTPS://x.example/a?b=c#d") == "HTTPS://x.example/a?b=c#d"
    for text in (
        "javascript:alert(1)//http://x",
        "data:text/html,x",
        "http://",
        "https:x",
        "http://x y",
        " http://x",
    ):
        assert web_address(text) is None
    assert shown(hostile()).link is None


def test_json_holds_all_of_it_and_no_control_characters() -> None:
    text = to_json(hostile(), ORIGIN)
    assert not controls(text)
    whole = json.loads(text)
    assert whole["article"]["title"] == hostile().article.title
    assert whole["origin"]["name"] == ORIGIN.name
    assert list(whole) == ["origin", "article", "fields", "blocks"]
    fields = json.loads(to_json(story(), ORIGIN))["fields"]
    assert fields["title"]["candidates"][2]["rejected"] == "weaker_signal"


def test_a_large_document_takes_time_in_proportion() -> None:
    def cost(count: int) -> float:
        text = "\n\n".join(f"Paragraph {n} says “so {n}”." for n in range(count))
        at = -1
        quotes = []
        for n in range(count):
            at = text.index(f"so {n}”", at + 1)
            quotes.append(Quote(f"so {n}", None, None, None, "scare", at, at + len(f"so {n}")))
        kept = [Shown(part, True, "body") for part in text.split("\n\n")]
        blocks = [block for one in kept for block in (one, Shown("x" * 50, False, "menu"))]
        examined = Examined(Article(text=text, quotes=tuple(quotes)), {}, tuple(blocks))
        start = time.process_time()
        shown(examined)
        return time.process_time() - start

    cost(100)
    assert cost(8_000) < 16 * max(cost(1_000), 0.005)


def test_candidates_of_any_type_are_shown() -> None:
    candidates = (Candidate({"a": 1}, "json-ld", "weaker_signal"), Candidate(None, "meta", "not_stated"))
    (row,) = shown(Examined(Article(), {"section": Found("News", "meta", None, candidates)}, ())).rows
    assert [other.value for other in row.lost] == ["{'a': 1}", "None"]
