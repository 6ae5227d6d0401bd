"""Golden cases: small invented articles with every quotation, its kind and its speaker."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tasks.article.quotes import quotes

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "quotes"


def cases() -> list[Any]:
    found = []
    for path in sorted(GOLDEN.glob("*.toml")):
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            found.append(pytest.param(case, id=f"{path.stem}: {case['name']}"))
    return found


def readable(kind: str, speaker: str | None, text: str) -> str:
    return f"{kind} | {speaker or '-'} | {text}"


def runs_through(part: str, whole: str) -> bool:
    """Whether the characters of one text stand in the other in their order."""
    rest = iter(whole)
    return all(character in rest for character in part)


@pytest.mark.parametrize("case", cases())
def test_golden(case: dict[str, Any]) -> None:
    text = case["text"].strip("\n")
    found = quotes(text, case.get("language", "en"))
    assert [readable(quote.kind, quote.speaker, quote.text) for quote in found] == case["quotes"]
    for quote in found:
        place = text[quote.start : quote.end]
        assert place == quote.text or runs_through(quote.text, place)
    if "written" in case:
        assert [quote.speaker_as_written or "-" for quote in found] == case["written"]
    if "verbs" in case:
        assert [quote.verb or "-" for quote in found] == case["verbs"]


def test_there_are_enough_cases() -> None:
    assert len(cases()) >= 60
