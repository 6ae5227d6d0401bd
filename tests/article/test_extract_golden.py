"""Whole documents to the whole record of `newslake extract`, compared exactly.

A case is a folder of ``tests/golden/articles``: ``input.txt`` or ``input.html``, and ``expected.json``.
"""

from __future__ import annotations

import difflib
import json
from pathlib import Path

import pytest

from tasks.article.extract import extract
from tasks.article.record import KEYS, to_record

CASES = sorted(
    path for path in (Path(__file__).parents[1] / "golden" / "articles").iterdir() if path.is_dir()
)


def shown(record: object) -> list[str]:
    return json.dumps(record, ensure_ascii=False, indent=1).splitlines()


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_record_is_as_expected(case: Path) -> None:
    source = next(case.glob("input.*"))
    article = extract(source.read_bytes(), media="html" if source.suffix == ".html" else "text")
    record = to_record(article, case.name)
    expected = json.loads((case / "expected.json").read_text("utf8"))
    difference = difflib.unified_diff(shown(expected), shown(record), "expected", "extracted", lineterm="")
    assert record == expected, "\n" + "\n".join(difference)
    assert tuple(record) == KEYS


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 10
