"""``newslake explain`` as a user runs it: from files, from the web and from a lake, and what it leaves behind."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flows.cli import main
from tests.small_site import Site, serve, story

PAGES = {
    "/storm": story("Storm closes the harbour", "Ben Cole"),
    "/robots.txt": "User-agent: *\nDisallow: /private\n",
    "/private": story("Nobody may read this", "Ann Lee"),
    "/menu": "<html><body><p>Menu</p></body></html>",
}
SENTENCE = (
    "The harbour office said on {day} that the ferry to the islands would sail again before the winter comes."
)
TEXT = "Ferry to sail again\n\nBy Mary Quill\n\n" + "\n\n".join(
    SENTENCE.format(day=day) for day in ("Monday", "Tuesday", "Thursday")
)
Newslake = Callable[..., Result]


@pytest.fixture
def newslake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Newslake:
    """Runs ``newslake`` in an empty folder, without settings from outside."""
    monkeypatch.chdir(tmp_path)
    for name in [n for n in os.environ if n.startswith("NEWSLAKE_") or n.upper().endswith("_PROXY")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "100")
    return lambda *arguments, **options: CliRunner().invoke(
        main, list(map(str, arguments)), catch_exceptions=False, **options
    )


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serve(PAGES) as served:
        yield served


def test_a_file(newslake: Newslake) -> None:
    Path("ferry.txt").write_text(TEXT)
    shown = newslake("explain", "ferry.txt")
    assert shown.exit_code == 0
    assert shown.stdout.startswith("Ferry to sail again\n")
    assert "ferry.txt" in shown.stdout and "Read from a file." in shown.stdout
    assert f"┃ {SENTENCE.format(day='Tuesday')[:60]}" in shown.stdout
    assert os.listdir() == ["ferry.txt"]


def test_standard_input(newslake: Newslake) -> None:
    shown = newslake("explain", "-", input=TEXT)
    assert "Read from standard input." in shown.stdout and "Mary Quill" in shown.stdout


@pytest.mark.parametrize(("wanted", "title"), [("", "First"), ("#2", "Second"), ("#line=3", "Third")])
def test_a_record_of_many(newslake: Newslake, wanted: str, title: str) -> None:
    rows = [{"title": name, "text": TEXT} for name in ("First", "Second", "Third")]
    Path("rows.jsonl.gz").write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    shown = newslake("explain", f"rows.jsonl.gz{wanted}")
    assert shown.stdout.startswith(f"{title}\n")
    assert ("rows.jsonl.gz#2 is the next one" in " ".join(shown.stdout.split())) == (wanted == "")
    location = f"{Path('rows.jsonl.gz').absolute().as_uri()}{wanted}"
    assert newslake("explain", location).stdout.startswith(f"{title}\n")


def test_a_file_whose_name_looks_like_a_record(newslake: Newslake) -> None:
    Path("ferry#2").write_text(TEXT)
    assert newslake("explain", "ferry#2").stdout.startswith("Ferry to sail again\n")


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("nothing.txt", "missing: nothing.txt does not exist"),
        ("one.txt#7", "missing: one.txt holds no document #7"),
        ("picture.png", "binary: picture.png holds"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(newslake: Newslake, what: str, said: str) -> None:
    Path("one.txt").write_text(TEXT)
    Path("picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    shown = newslake("explain", what)
    assert (shown.exit_code, shown.stdout) == (1, "")
    assert shown.stderr.replace(f"{os.getcwd()}/", "").startswith(said) and shown.stderr.count("\n") == 1


def test_json_and_a_page(newslake: Newslake) -> None:
    Path("ferry.txt").write_text(TEXT)
    both = newslake("explain", "ferry.txt", "--json", "--html", "ferry.html")
    whole = json.loads(both.stdout)
    assert whole["article"]["title"] == "Ferry to sail again"
    assert whole["fields"]["authors"]["value"] == ["Mary Quill"]
    assert both.stderr == "wrote ferry.html\n"
    assert "<h1" in Path("ferry.html").read_text(encoding="utf-8")
    assert newslake("explain", "ferry.txt", "--html", "no/folder.html").exit_code == 3


def test_a_page_of_the_web_is_asked_for_and_not_stored(newslake: Newslake, site: Site) -> None:
    shown = newslake("explain", f"{site.url}/storm", "--allow-private")
    assert shown.stdout.startswith("Storm closes the harbour\n")
    assert "Fetched just now; nothing was stored." in shown.stdout and "Ben Cole" in shown.stdout
    assert site.asked[-2:] == ["/robots.txt", "/storm"]
    assert os.listdir() == []


@pytest.mark.parametrize(
    ("path", "options", "outcome"),
    [
        ("/storm", (), "address"),  # a private one
        ("/private", ("--allow-private",), "robots"),
        ("/gone", ("--allow-private",), "not_found"),
    ],
)
def test_a_page_that_may_not_be_had(
    newslake: Newslake, site: Site, path: str, options: tuple[str, ...], outcome: str
) -> None:
    before = list(site.asked)
    shown = newslake("explain", site.url + path, *options)
    assert (shown.exit_code, shown.stdout) == (1, "")
    assert shown.stderr.startswith(f"{outcome}: {site.url}{path}")
    assert site.asked[len(before) :].count(path) == (outcome == "not_found")


@pytest.mark.parametrize("loaded", [False, True])
def test_a_file_is_explained_with_the_dates_that_it_is_loaded_with(newslake: Newslake, loaded: bool) -> None:
    """When a file was captured nobody knows: nothing is counted from when it was read, but no date is after that."""
    for name, line in (("ago", "Published 2 hours ago"), ("late", "Published 4 March 2099")):
        Path(f"{name}.txt").write_text(TEXT.replace("By Mary Quill", f"By Mary Quill\n\n{line}"))
        query = f"SELECT capture_id, published_at FROM articles WHERE source_id = '{name}'"
        newslake("load", f"{name}.txt", "--workers", "1", "--source", name)
        stored = json.loads(newslake("sql", query, "--format", "json").stdout)
        assert stored["published_at"] is None
        what = stored["capture_id"] if loaded else f"{name}.txt"
        assert json.loads(newslake("explain", what, "--json").stdout)["article"]["published_at"] is None


def test_a_page_as_one_of_a_source(newslake: Newslake, site: Site) -> None:
    folder = Path("deployments/sources")
    folder.mkdir(parents=True)
    (folder / "shore.toml").write_text(
        f'id = "shore"\nname = "Shore"\noutlet = "The Shore Post"\nfeeds = ["{site.url}/feed"]\nallow_private = true\n'
    )
    shown = newslake("explain", f"{site.url}/storm", "--source", "shore")
    assert "The Shore Post" in shown.stdout and "the declaration of its source" in shown.stdout
    missing = newslake("explain", f"{site.url}/storm", "--source", "none")
    assert missing.exit_code == 3 and "no source none" in missing.stderr


def test_what_the_lake_holds_is_explained_without_the_network(newslake: Newslake, site: Site) -> None:
    url, menu = f"{site.url}/storm", f"{site.url}/menu"
    rows = [{"url": f"{url}?utm_source=feed", "html": PAGES["/storm"]}, {"url": menu, "html": PAGES["/menu"]}]
    Path("rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    newslake("load", "rows.jsonl", "--workers", "1", "--source", "shore")
    asked = list(site.asked)
    stored = newslake("explain", url)
    assert stored.stdout.startswith("Storm closes the harbour\n"), stored.stderr
    assert "of the lake" in stored.stdout and "nothing was fetched" in " ".join(stored.stdout.split())
    known = newslake("sql", "SELECT article_id, capture_id FROM articles", "--format", "json").stdout
    for identity in json.loads(known).values():
        assert newslake("explain", identity).stdout == stored.stdout
    nothing = newslake("explain", menu)  # a page that was captured, and is no article
    assert nothing.exit_code == 0 and "\nNo article: " in nothing.stdout
    assert site.asked == asked
    assert "Fetched just now" in newslake("explain", url, "--fetch", "--allow-private").stdout
    assert site.asked == [*asked, "/robots.txt", "/storm"]
    unknown = newslake("explain", "0" * 32)
    assert (unknown.exit_code, unknown.stderr) == (
        1, f"missing: {'0' * 32} is no article and no capture of {Path('lake').absolute()}, and no file\n",
    )  # fmt: skip
