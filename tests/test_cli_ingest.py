"""The command ``newslake ingest``: what it says, and how it ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flows.cli import main
from tests.crawl.site import Page, Site, site


@pytest.fixture
def shore() -> Iterator[Site]:
    with site() as served:
        yield served


def write(shore: Site, folder: Path, more: str = "") -> None:
    (folder / "sources").mkdir(exist_ok=True)
    (folder / "sources" / "shore.toml").write_text(
        f'id = "shore"\nname = "Shore Post"\nfeeds = ["{shore.url}/feed"]\nallow_private = true\n{more}'
        "[politeness]\ndelay = 0\n",
        encoding="utf-8",
    )


def ingest(folder: Path, *arguments: str) -> Result:
    command = [
        "ingest",
        "--sources",
        str(folder / "sources"),
        "--lake",
        str(folder / "lake"),
        "--workers",
        "1",
    ]
    return CliRunner().invoke(
        main, [*command, "--direct", *arguments], env={"NEWSLAKE_CONTACT": "me@shore.example"}
    )


def counts(done: Result) -> dict[str, int]:
    return {name: int(count) for name, count in re.findall(r"^([a-z ]+?) {2,}(\d+)", done.stdout, re.M)}


def test_it_tells_what_came_and_that_nothing_came(shore: Site, tmp_path: Path) -> None:
    write(shore, tmp_path)
    shore.article("/a", "Storm closes harbour")
    shore.feed("/feed", {"/a": "", "/b": ""})
    first = ingest(tmp_path)
    assert first.exit_code == 0, first.output
    assert counts(first) == {"lists": 1, "read": 2, "new": 1, "new versions": 0, "unchanged": 0, "refused": 1}
    assert f"refused: {shore.url}/b: HTTP 404" in first.stderr
    assert counts(ingest(tmp_path, "--force")) | {"lists": 1} == dict.fromkeys(counts(first), 0) | {
        "lists": 1
    }


def test_a_list_that_fails_is_told_and_ends_with_1(shore: Site, tmp_path: Path) -> None:
    write(shore, tmp_path)
    shore.pages["/feed"] = Page("gone", status=410, validators=False)
    done = ingest(tmp_path)
    assert done.exit_code == 1
    assert f"note: shore: {shore.url}/feed is gone for good; take it out of the source" in done.stderr
    assert "1 gone" in done.stdout


@pytest.mark.parametrize(
    ("more", "arguments", "said"),
    [
        ('langage = "en"\n', (), "shore.toml:5: langage: no such key; did you mean language?"),
        ("", ("harbour",), "harbour"),
    ],
)
def test_sources_that_cannot_be_used_end_with_3(
    shore: Site, tmp_path: Path, more: str, arguments: tuple[str, ...], said: str
) -> None:
    write(shore, tmp_path, more)
    done = ingest(tmp_path, *arguments)
    assert (done.exit_code, shore.asked) == (3, [])
    assert said in done.stderr
    assert "Traceback" not in done.output


def test_only_the_sources_named_are_asked(shore: Site, tmp_path: Path) -> None:
    write(shore, tmp_path)
    other = (tmp_path / "sources" / "shore.toml").read_text(encoding="utf-8").replace("shore", "harbour")
    (tmp_path / "sources" / "harbour.toml").write_text(other.replace("/feed", "/feed2"), encoding="utf-8")
    shore.feed("/feed2", {})
    assert ingest(tmp_path, "harbour").exit_code == 0
    assert shore.take() == ["/feed2"]
