"""How two versions are laid out: paragraphs in reading order, words within a changed one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.linking.edits import Paragraph, Part, compared, words


def kinds(shown: list[Paragraph]) -> list[tuple[str, str]]:
    return [(paragraph.kind, "".join(part.text for part in paragraph.parts)) for paragraph in shown]


def test_added_and_removed_stand_where_they_were() -> None:
    assert kinds(compared(["a", "b", "c"], ["a", "x", "c", "d"])) == [
        ("same", "a"), ("removed", "b"), ("added", "x"), ("same", "c"), ("added", "d"),
    ]  # fmt: skip


def test_what_moved_is_neither_added_nor_removed() -> None:
    assert kinds(compared(["a", "b", "c"], ["b", "c", "a"])) == [("same", "b"), ("same", "c"), ("moved", "a")]


def test_a_changed_paragraph_shows_its_words() -> None:
    (shown,) = compared(["sails on Monday at noon"], ["sails on Tuesday at noon"], [
        ("sails on Monday at noon", "sails on Tuesday at noon"),
    ])  # fmt: skip
    assert shown == Paragraph(
        "changed",
        (
            Part("sails on ", "same"),
            Part("Monday", "removed"),
            Part("Tuesday", "added"),
            Part(" at noon", "same"),
        ),
    )


@pytest.mark.parametrize(
    ("before", "after", "removed", "added"),
    [
        ("the old red boat", "the new blue boat", ["old red"], ["new blue"]),
        ("東京都は水曜日に発表した", "東京都は木曜日に発表した", ["水"], ["木"]),
        ("", "all new", [], ["all new"]),
    ],
)
def test_words(before: str, after: str, removed: list[str], added: list[str]) -> None:
    parts = words(before, after)
    assert [part.text for part in parts if part.state == "removed"] == removed
    assert [part.text for part in parts if part.state == "added"] == added


@given(st.text("ab 東。", max_size=30), st.text("ab 東。", max_size=30))
def test_the_new_text_is_all_there(before: str, after: str) -> None:
    parts = words(before, after)
    assert "".join(part.text for part in parts if part.state != "removed") == after
