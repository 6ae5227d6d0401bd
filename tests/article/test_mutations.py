"""Damaged and hostile documents: extraction neither raises nor takes long. ``make soak`` tries many more of them."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest

from tasks.article.linked_data import linked_data
from tasks.article.model import Article
from tasks.article.reasons import REASONS
from tests.bench.mutations import Document, mutated, samples
from tests.bench.mutations_hostile import IN_PAGES, IN_TEXTS
from tests.bench.mutations_run import extracted

POOL = samples()
SECONDS = 4.0  # of CPU, on a machine that may be half as fast as ours
KINDS = [("html", construct) for construct in IN_PAGES] + [("text", construct) for construct in IN_TEXTS]


def sound(article: Article) -> bool:
    """Whether the article keeps its own promises."""
    article.text.encode()  # holds no lone surrogates
    reasons = set(article.field_errors.values())
    quoted = all(0 <= quote.start < quote.end <= len(article.text) for quote in article.quotes)
    return quoted and reasons <= REASONS and bool(article.text) != ("text" in article.field_errors)


@pytest.mark.parametrize("start", range(0, 320, 40))
def test_damaged_documents_give_an_article_or_a_reason(start: int) -> None:
    for number in range(start, start + 40):
        document = mutated(number, POOL, hostile=0)
        assert sound(extracted(document)), f"{number}: {document.name}"


@pytest.mark.parametrize(("media", "construct"), KINDS, ids=lambda value: getattr(value, "__name__", value))
def test_hostile_passages_take_no_long_time(media: str, construct: Callable[[random.Random], str]) -> None:
    around = next(document for document in POOL if document.media == media)
    made = construct(random.Random(7)).encode("utf-8", "surrogatepass")
    middle = len(around.data) // 2
    document = Document("hostile", around.data[:middle] + made + around.data[middle:], around.media)
    started = time.process_time()
    article = extracted(document)
    assert time.process_time() - started < SECONDS
    assert sound(article)


@pytest.mark.parametrize("run", [" ", "//", "// ", ", ", ";", "/*", "<!--", "-->"])
def test_scripts_of_one_long_run_take_no_long_time(run: str) -> None:
    started = time.process_time()
    assert linked_data(["{" + run * (400_000 // len(run)) + "{"]) == []
    assert time.process_time() - started < SECONDS


def test_the_same_number_gives_the_same_document() -> None:
    assert [mutated(number, POOL) for number in range(20)] == [mutated(number, POOL) for number in range(20)]
    assert len({mutated(number, POOL).data for number in range(20)}) > 15
