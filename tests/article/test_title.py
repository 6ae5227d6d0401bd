"""The headline among the lines before a body."""

from __future__ import annotations

import pytest

from tasks.article.title import read

BODY = (
    "The second bridge over the Luma could open before the end of spring, an engineer told the assembly. "
    "It would be the first crossing in the valley for decades."
)
TITLE = "Second bridge over the Luma to open next spring"


@pytest.mark.parametrize(
    "head",
    [
        [TITLE],
        [f"{TITLE} | The Calder Courier", TITLE],
        ["Home", "News", TITLE, "By Jane Doe", "3 May 2024"],
        [TITLE, "An engineer expects the crossing to be ready before the summer", "By Jane Doe"],
        ["Trending in sport: the final in ten pictures", *["Menu"] * 20, TITLE, "Email link"],
        [f"Share this story: {TITLE}", "Copy link", TITLE],
    ],
)
def test_headline(head: list[str]) -> None:
    assert read(head, range(len(head)), BODY).title.value == TITLE


@pytest.mark.parametrize(
    "line",
    [
        "3 May 2024 10:00",
        "By Jane Doe",
        "Published: Updated:",
        "Marten Kolvig on the bridge over the Luma. REUTERS/Tomas Aldin",
        "icon bookmark-bicon bookmarkicon cameraicon checkicon bridge Luma",
    ],
)
def test_lines_that_are_no_headline(line: str) -> None:
    found = read([line], [0], BODY)
    assert found.title.value is None
    assert found.title.reason == "not_stated"


def test_text_that_starts_with_its_body_has_no_headline() -> None:
    assert read([BODY], [], BODY).title.reason == "starts_with_body"


def test_standfirst_is_the_subtitle() -> None:
    head = [TITLE, "An engineer expects that the crossing will be ready before the summer begins."]
    assert read(head, [0, 1], BODY).subtitle.value == head[1]
