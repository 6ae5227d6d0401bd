"""Which files a path on the command line means, and in which order."""

import os
import subprocess
from pathlib import Path

import pytest

from tasks.files import documents


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("b.txt", "a/z.txt", "a/b/c.txt", "a/b/d.html", ".hidden.txt", ".git/x.txt", "c[1].txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"This is {name}")
    return tmp_path


def names(tree: Path, *paths: str) -> list[str]:
    found = documents([os.path.join(tree, path) for path in paths])
    return [(d.body or d.outcome.encode()).decode().removeprefix("This is ") for d in found]


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["."], ["a/b/c.txt", "a/b/d.html", "a/z.txt", "b.txt", "c[1].txt"]),
        (["b.txt", "a/../b.txt", "*.txt"], ["b.txt", "c[1].txt"]),
        (["*.txt"], ["b.txt", "c[1].txt"]),
        (["**/*.txt"], ["b.txt", "c[1].txt", "a/z.txt", "a/b/c.txt"]),
        (["**"], ["a/b/c.txt", "a/b/d.html", "a/z.txt", "b.txt", "c[1].txt"]),
        (["a/**/**/**/[cd].*"], ["a/b/c.txt", "a/b/d.html"]),
        (["*/b"], ["a/b/c.txt", "a/b/d.html"]),
        (["?/?/?.txt"], ["a/b/c.txt"]),
        (["c[1].txt"], ["c[1].txt"]),
        ([".hidden.txt", ".git", ".h*"], [".hidden.txt", ".git/x.txt"]),
        (["*.zip", "b.txt"], ["missing", "b.txt"]),
    ],
)
def test_what_a_path_means(tree: Path, paths: list[str], expected: list[str]) -> None:
    assert sorted(names(tree, *paths)) == sorted(expected)
    assert names(tree, *paths) == names(tree, *paths)


def test_order_is_depth_first_and_sorted(tree: Path) -> None:
    assert names(tree, ".") == ["a/b/c.txt", "a/b/d.html", "a/z.txt", "b.txt", "c[1].txt"]


def test_links_in_a_circle_end(tree: Path) -> None:
    (tree / "a" / "up").symlink_to(tree)
    (tree / "a" / "b" / "self").symlink_to("self")
    (tree / "again.txt").symlink_to("b.txt")
    assert sorted(names(tree, ".", "**/c.txt")) == sorted(
        ["a/b/c.txt", "a/b/d.html", "unreadable", "a/z.txt", "b.txt", "c[1].txt"]
    )


def test_a_deep_tree_is_walked(tmp_path: Path) -> None:
    here = os.getcwd()
    try:
        os.chdir(tmp_path)
        for _ in range(1200):
            os.mkdir("d")
            os.chdir("d")
        Path("x.txt").write_text("This is deep")
        os.chdir(tmp_path)
        assert names(tmp_path, ".", "**/*.txt") == ["deep"]
    finally:
        os.chdir(here)
        subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True)  # too deep for pytest to remove


def test_names_that_are_not_utf8_are_shown_and_located(tmp_path: Path) -> None:
    with open(os.fsencode(tmp_path) + b"/caf\xe9\n.txt", "wb"):
        pass
    (document,) = documents([str(tmp_path)])
    assert document.location == f"file://{tmp_path}/caf%E9%0A.txt"
    assert document.error == f"{tmp_path}/caf��.txt is empty"
