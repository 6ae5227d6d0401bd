"""What pages put around and into articles, drawn from other pages or made up, for the training of the line
classifier."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from tasks.article.line_vocabulary import terms
from tasks.train_pages import Page

STOPS: Final = tuple('.!?”"')  # the last character of a sentence
_TERMS = terms()
_ASKS = re.compile(rf"\b(?:{'|'.join(_TERMS['follow']['en'] + _TERMS['share']['en'])})\b")
_NAME = re.compile(r"[A-Z][a-z]+ [A-Z][a-z]+")
_SENTENCE_END = re.compile(r"(?<=[.!?”]) +")


def asks(text: str) -> bool:
    """Whether ``text`` may ask to subscribe, follow or share."""
    return _ASKS.search(text.lower()) is not None


def sentences(paragraph: str) -> list[str]:
    """The sentences of ``paragraph``, roughly."""
    return _SENTENCE_END.split(paragraph)


def any_of(pages: Sequence[Page], rng: np.random.Generator) -> Page:
    """One of ``pages``."""
    return pages[int(rng.integers(len(pages)))]


def any_paragraph(page: Page, rng: np.random.Generator) -> str:
    """A line of the body of ``page``."""
    return page.lines[int(rng.choice(np.flatnonzero(page.body)))]


def headline(page: Page) -> str:
    """What may be the headline of ``page``."""
    first = int(np.flatnonzero(page.body)[0])
    before = [line for line in page.lines[max(first - 4, 0) : first] if 25 < len(line) < 140]
    return max(before, key=len) if before else page.lines[first][:80]


def promotion(others: Sequence[Page], rng: np.random.Generator) -> list[str]:
    """One line of another page that asks to subscribe, follow or share, if one is found soon."""
    for _ in range(150):
        other = any_of(others, rng)
        number = int(rng.integers(len(other.lines)))
        line = other.lines[number]
        if not other.body[number] and 25 < len(line) < 200 and " " in line and asks(line):
            return [line]
    return []


def teasers(others: Sequence[Page], rng: np.random.Generator) -> list[str]:
    """Links to other stories: headline and, mostly, a paragraph or the opening of each, section or date."""
    lines = [_label(rng) + str(rng.choice(["", ":"]))] if rng.random() < 0.4 else []
    with_text, with_section, with_date = rng.random() < 0.65, rng.random() < 0.4, rng.random() < 0.3
    style = int(rng.integers(_STYLES))
    for _ in range(int(rng.integers(1, 9) if rng.random() < 0.8 else rng.integers(9, 25))):
        other = any_of(others, rng)
        if with_section:
            lines.append(other.lines[int(rng.integers(max(int(np.flatnonzero(other.body)[0]), 1)))])
        lines.append(headline(other))
        if with_text:
            text = any_paragraph(other, rng)
            lines.append(_opening(text, rng) if rng.random() < 0.7 else text)
        if with_date:
            lines.append(_date(style, rng))
    return lines


def links(others: Sequence[Page], rng: np.random.Generator) -> list[list[str]]:
    """Short lists of links to other stories, all in one style, to stand at several places of an article."""
    label = _label(rng) if rng.random() < 0.7 else ""
    joined = rng.random() < 0.5
    found = []
    for _ in range(12):
        lines = [headline(any_of(others, rng)) for _ in range(1 if rng.random() < 0.7 else 2)]
        if label and joined:
            lines[0] = f"{label}: {lines[0]}"
        elif label:
            lines.insert(0, label)
        found.append(lines)
    return found


def caption(others: Sequence[Page], rng: np.random.Generator) -> str:
    """The caption of a picture, mostly with a credit."""
    other = any_of(others, rng)
    text = str(rng.choice(sentences(any_paragraph(other, rng))))[:160]
    names = _NAME.findall(" ".join(other.lines[:200])) or ["Anna Feld"]
    name = str(rng.choice(names))
    word = str(rng.choice(_TERMS["credit"]["en"])).capitalize()
    bare = text.rstrip(".!?")
    forms = (f"{text} {word}: {name}", f"{bare} ({name})", f"{word}: {name}", bare, f"{text} {word} {name}")
    return str(rng.choice([*forms, f"{text} © {name}"], p=[0.3, 0.2, 0.1, 0.15, 0.15, 0.1]))


def standfirst(page: Page, rng: np.random.Generator) -> list[str]:
    """Sentences of the article itself, as its summary: in one line, sometimes in several."""
    parts = sentences(any_paragraph(page, rng))
    start = int(rng.integers(len(parts)))
    some = parts[start : start + int(rng.integers(1, 4))]
    if rng.random() < 0.2:
        return some
    text = " ".join(some)
    return [text.rstrip(".") if rng.random() < 0.3 else text]


def recurring(others: Sequence[Page], rng: np.random.Generator) -> list[str]:
    """One to three short lines that a page may repeat between its paragraphs."""
    other = any_of(others, rng)
    longest = 90 if rng.random() < 0.3 else 40
    short = [
        line
        for line, body in zip(other.lines, other.body, strict=True)
        if not body and 3 < len(line) < longest
    ]
    return [str(rng.choice(short)) for _ in range(int(rng.integers(1, 4)))] if short else []


def _label(rng: np.random.Generator) -> str:
    return str(rng.choice(_TERMS["related"]["en"])).capitalize()


def _opening(text: str, rng: np.random.Generator) -> str:
    """The first sentence or two, sometimes broken off."""
    some = " ".join(sentences(text)[: int(rng.integers(1, 3))])
    if rng.random() < 0.75:
        return some
    return some[: int(rng.integers(100, 240))].rsplit(" ", 1)[0] + str(rng.choice(["…", "..."]))


_STYLES: Final = 5


def _date(style: int, rng: np.random.Generator) -> str:
    day, month, year = int(rng.integers(1, 29)), int(rng.integers(1, 13)), int(rng.integers(2015, 2027))
    hour, minute = int(rng.integers(24)), int(rng.integers(60))
    return (
        f"{day:02}.{month:02}.{year}",
        f"{year}/{month:02}/{day:02} {hour:02}:{minute:02}",
        f"{day}. Mar {year}",
        f"{hour:02}:{minute:02}",
        f"{minute} min",
    )[style]
