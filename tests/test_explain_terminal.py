"""What ``newslake explain`` prints: its width, its marks, and that no document can take over a terminal."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.cells import cell_len

from flows.explained_shown import MOST, WIDEST, show
from tasks.article.model import Candidate, Examined, Found
from tasks.explain import explain
from tests.explained_samples import ORIGIN, PARAGRAPHS, arabic, chinese, hostile, story

SAMPLES = [story, arabic, chinese, hostile]
# What rich itself writes: colours and weights, nothing that moves the cursor or sets a title.
OWN = re.compile(r"\x1b\[[0-9;]*m")
Shown = Callable[..., str]


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shown:
    """Prints an extraction in a terminal of so many columns, or into a pipe."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)

    def run(examined: Examined, columns: int = 80, everything: bool = False, **environment: str) -> str:
        for name, value in {"TERM": "xterm-256color", "COLUMNS": str(columns), **environment}.items():
            monkeypatch.setenv(name, value)
        show(explain(examined, ORIGIN), everything=everything)
        return capsys.readouterr().out

    return run


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in OWN.sub("", text).split("\n")]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.__name__)
@pytest.mark.parametrize("columns", [40, 80, 200])
def test_no_line_is_wider_than_the_terminal(
    shown: Shown, sample: Callable[[], Examined], columns: int
) -> None:
    text = shown(sample(), columns)
    assert max(cell_len(line) for line in lines(text)) <= min(columns, WIDEST)


def test_a_pipe_gets_no_colours(shown: Shown) -> None:
    assert "\x1b" not in shown(story())


def test_a_terminal_gets_them_unless_it_wants_none(shown: Shown) -> None:
    coloured = shown(story(), FORCE_COLOR="1")
    assert re.search(r"\x1b\[32m✓", coloured) and "\x1b[33m" in coloured
    plain = shown(story(), FORCE_COLOR="1", NO_COLOR="1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]", plain)
    assert lines(plain) == lines(coloured) == lines(shown(story()))


@pytest.mark.parametrize("force", ["", "1"])
def test_no_document_steers_the_terminal(shown: Shown, force: str) -> None:
    text = OWN.sub("", shown(hostile(), FORCE_COLOR=force) if force else shown(hostile()))
    assert "owned" in text and "␛" in text
    assert not [c for c in text if c != "\n" and (c < " " or "\x7f" <= c < "\xa0" or c in "\u202e\u2066")]


def test_markup_in_a_document_is_text(shown: Shown) -> None:
    assert "[bold red]not markup[/] :smile: [link=https://evil.example]here[/link]" in " ".join(
        lines(shown(hostile(), 100))
    ).replace("  ", " ")


def test_kept_used_and_dropped_can_be_told_without_colours(shown: Shown) -> None:
    text = lines(shown(story()))
    document = text[next(n for n, line in enumerate(text) if line.startswith("DOCUMENT")) :]
    assert document[0] == "DOCUMENT  ┃ 4 kept   ▸ 3 used   · 12 dropped"
    kept = " ".join(line[2:] for line in document if line.startswith("┃"))
    assert kept.split() == " ".join(PARAGRAPHS).split()
    assert "▸ Repairs took six weeks  ← the subtitle, 28 %" in document
    assert "· … 5 dropped: links to other articles (3), navigation (2)" in document


def test_all_folds_nothing(shown: Shown) -> None:
    folded, whole = (shown(story(), everything=everything) for everything in (False, True))
    assert "Seals counted" not in folded and "· Seals counted  ← links to other articles, 2 %" in lines(whole)
    lost = tuple(Candidate(f"title {n}", "title", "weaker_signal") for n in range(MOST + 3))
    fields = {"title": Found("Right", "h1", None, lost)}
    folded, whole = (shown(replace(story(), fields=fields), everything=e) for e in (False, True))
    assert "… 3 more (--all)" in folded and "title 6" not in folded
    assert "title 6" in whole and "more (--all)" not in whole


def test_a_terminal_without_unicode_gets_what_it_can_show(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", pipe)
    show(explain(chinese(), ORIGIN))
    pipe.flush()
    assert b"DOCUMENT" in pipe.buffer.getvalue()  # type: ignore[attr-defined]
