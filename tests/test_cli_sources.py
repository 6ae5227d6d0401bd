"""``newslake sources`` as a user runs it, against a site on loopback: output, exit codes, and files."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flows.cli import main
from flows.sources_shown import COLUMNS
from tasks.web.source import Source
from tasks.web.source_files import read_all, write
from tests.small_site import Site, rss, serve, sitemap, story

PAGES = {
    "/": '<html lang="en"><head><meta property="og:site_name" content="Shore Post">'
    '<link rel="alternate" type="application/rss+xml" href="/feed"></head><body>News</body></html>',
    "/feed": rss("/ferry", "/gone", "/menu", "/storm"),
    "/sitemap.xml": sitemap("/ferry"),
    "/ferry": story("Ferry to sail again before winter", "Mary Quill"),
    "/storm": story("Storm closes the harbour", "Ben Cole"),
    "/menu": "<html><body><p>Menu</p></body></html>",
}
Newslake = Callable[..., Result]


@pytest.fixture
def newslake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Newslake:
    """Runs ``newslake sources`` in an empty folder, without settings from outside."""
    monkeypatch.chdir(tmp_path)
    for name in [
        name for name in os.environ if name.startswith("NEWSLAKE_") or name.upper().endswith("_PROXY")
    ]:
        monkeypatch.delenv(name)
    return lambda *arguments: CliRunner().invoke(
        main, ["sources", *map(str, arguments)], catch_exceptions=False
    )


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serve(PAGES) as served:
        yield served


def declared(source_id: str, site: Site, *feeds: str, **more: object) -> Path:
    """A source of the site, quick to ask, in the default folder; the file."""
    path = Path("deployments/sources", f"{source_id}.toml")
    given = {
        "id": source_id,
        "name": f"The {source_id}",
        "feeds": [site.url + feed for feed in feeds],
        "allow_private": True,
    }
    write(Source.model_validate(given | {"politeness": {"delay": 0}} | more), path)
    return path


def test_add_then_check(newslake: Newslake, site: Site) -> None:
    added = newslake("add", site.url, "--id", "shorepost", "--allow-private", "--delay", "0")
    assert (added.exit_code, added.stderr) == (
        0,
        f"looking for lists at {site.url}\nwrote deployments/sources/shorepost.toml\n",
    )
    assert added.stdout.splitlines() == [
        f"found     feed {site.url}/feed (rss, 4 entries, declared by the page)",
        f"found     sitemap {site.url}/sitemap.xml (sitemap, 1 entry, at a usual address)",
    ]
    (source,) = read_all(Path("deployments/sources"))
    assert (source.name, source.outlet, source.allow_private) == ("Shore Post", "Shore Post", True)

    checked = newslake("check", "shorepost", "--articles", "4")
    assert checked.exit_code == 0
    published = "2026-11-20 20:00 from meta:article:published_time"
    assert checked.stdout.splitlines() == [
        "shorepost: Shore Post",
        f"  feed {site.url}/feed",
        "    rss, 4 entries, HTTP 200, newest 2026-11-20 20:00",
        f"    new           Ferry to sail again before winter | {published} | Mary Quill | 210 words",
        f"    not_found     {site.url}/gone: HTTP 404",
        "    no_article    Story /menu | 2026-11-20 18:00 from feed | nobody named | 0 words",
        f"    new           Storm closes the harbour | {published} | Ben Cole | 210 words",
        f"  sitemap {site.url}/sitemap.xml",
        "    sitemap, 1 entry, HTTP 200, undated",
        f"    out_of_range  {site.url}/ferry",
    ]
    assert not Path("lake").exists()


def test_add_refuses(newslake: Newslake, site: Site) -> None:
    assert f"newslake: {site.url}: address: " in newslake("add", site.url).stderr  # is on loopback
    private = ("--allow-private", "--delay", "0")
    path = declared("shorepost", site, "/feed")
    before = path.read_text()
    again = newslake("add", site.url, "--id", "shorepost", *private)
    assert (again.exit_code, again.stderr) == (1, f"newslake: {path}: exists already; --id names another\n")
    other = newslake("add", f"{site.url}/feed", "--id", "other", *private)
    assert other.exit_code == 1 and other.stderr.endswith(
        f"newslake: {site.url}/feed: in source shorepost already\n"
    )
    nothing = newslake("add", f"{site.url}/gone", "--id", "gone", *private)
    assert nothing.exit_code == 1 and nothing.stderr.endswith(
        f"newslake: {site.url}/gone: not_found: HTTP 404\n"
    )
    assert [p.name for p in path.parent.iterdir()] == ["shorepost.toml"] and path.read_text() == before
    assert newslake("add", "what is this").exit_code == 2
    assert newslake("add", site.url, "--id", "../x").exit_code == 2


def test_check_tells_what_fails(newslake: Newslake, site: Site) -> None:
    declared("bad", site, "/gone", "/ferry")
    declared("good", site, "/feed")
    declared("off", site, "/nowhere", enabled=False)
    checked = newslake("check", "--articles", "0")
    assert checked.exit_code == 1
    assert checked.stdout.splitlines() == [
        "bad: The bad",
        f"  feed {site.url}/gone",
        "    not_found: HTTP 404",
        f"  feed {site.url}/ferry",
        "    malformed: an HTML page",
        "good: The good",
        f"  feed {site.url}/feed",
        "    rss, 4 entries, HTTP 200, newest 2026-11-20 20:00",
    ]
    assert newslake("check", "off").stdout.startswith("off: The off\n")
    missing = newslake("check", "nope")
    assert (missing.exit_code, missing.stderr) == (3, "deployments/sources: no source nope\n")


def test_check_follows_an_index_to_its_newest_sitemap(newslake: Newslake) -> None:
    names = "".join(
        f"<sitemap><loc>{{site}}/{day}.xml</loc><lastmod>2026-11-{day}</lastmod></sitemap>"
        for day in (18, 20, 19)
    )
    index = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{names}</sitemapindex>'
    with serve({"/index.xml": index, "/20.xml": sitemap("/1", "/2")}) as site:
        declared("shorepost", site, sitemaps=[f"{site.url}/index.xml"])
        assert newslake("check", "--articles", "0").stdout.splitlines() == [
            "shorepost: The shorepost",
            f"  sitemap {site.url}/index.xml",
            "    sitemapindex, 3 sitemaps, HTTP 200, undated",
            f"  sitemap {site.url}/20.xml",
            "    sitemap, 2 entries, HTTP 200, undated",
        ]


def test_opml_in_and_out(newslake: Newslake, tmp_path: Path) -> None:
    subscriptions = tmp_path / "mine.opml"
    subscriptions.write_text(
        '<opml version="1.0"><body><outline text="Coast">'
        '<outline text="Shore Post" xmlUrl="https://shorepost.example/feed" htmlUrl="https://shorepost.example"/>'
        '<outline text="Shore Post" xmlUrl="https://shorepost.example/sport"/></outline>'
        '<outline text="Hill Times" xmlUrl="https://hill.example/rss"/></body></opml>'
    )
    imported = newslake("import", subscriptions)
    assert (imported.exit_code, imported.stderr.splitlines()) == (
        0,
        [
            "wrote deployments/sources/shorepost-example.toml, 2 feeds",
            "wrote deployments/sources/hill-example.toml, 1 feed",
        ],
    )
    exported = newslake("export", "out.opml")
    assert (exported.exit_code, exported.output) == (0, "")
    assert newslake("export").stdout_bytes == Path("out.opml").read_bytes()
    there_and_back = newslake("import", "out.opml", "--sources", "copy")
    assert there_and_back.exit_code == 0
    assert read_all(Path("copy")) == read_all(Path("deployments/sources"))


def test_import_leaves_alone_what_is_there(newslake: Newslake, site: Site, tmp_path: Path) -> None:
    declared("hill-example", site, "/mine")
    declared("mine", site, "/feed")
    before = {path: path.read_text() for path in Path("deployments/sources").iterdir()}
    (tmp_path / "in.opml").write_text(
        f'<opml><outline xmlUrl="https://hill.example/rss"/><outline xmlUrl="{site.url}/feed"/>'
        '<outline xmlUrl="mailto:x@hill.example"/></opml>'
    )
    imported = newslake("import", "in.opml")
    assert (imported.exit_code, imported.stderr.splitlines()) == (
        1,
        [
            "left alone: hill-example: source hill-example exists already; not in it: https://hill.example/rss",
            f"left alone: {site.url[7:].translate(str.maketrans('.:', '--'))}: source mine exists already",
            "refused: mailto:x@hill.example: URL scheme should be 'http' or 'https'",
        ],
    )
    assert {path: path.read_text() for path in Path("deployments/sources").iterdir()} == before


def test_opml_that_is_none(newslake: Newslake, tmp_path: Path) -> None:
    (tmp_path / "in.opml").write_text("<opml>\n<body>")
    failed = newslake("import", "in.opml")
    assert (failed.exit_code, failed.stderr) == (1, "newslake: in.opml:2: no element found\n")
    assert newslake("import", "nowhere.opml").exit_code == 2


def test_list_without_a_lake(newslake: Newslake, site: Site) -> None:
    assert newslake("list").stderr.startswith("no sources in deployments/sources; ")
    declared("shorepost", site, "/feed", sitemaps=["https://shorepost.example/s"])
    declared("off", site, enabled=False)
    listed = newslake("list")
    assert (listed.exit_code, [line.split("\t") for line in listed.stdout.splitlines()]) == (
        0,
        [
            list(COLUMNS),
            ["off", "The off", "no", "disabled", "0", "never", "0", "", ""],
            ["shorepost", "The shorepost", "yes", "never", "2", "never", "0", "", ""],
        ],
    )


def test_list_with_a_lake(newslake: Newslake, site: Site) -> None:
    declared("shorepost", site, "/feed")
    declared("bad", site, "/gone")
    assert CliRunner().invoke(main, ["ingest"]).exit_code == 1
    declared("later", site, "/later")
    rows = {row[0]: row for row in (line.split("\t") for line in newslake("list").stdout.splitlines())}
    _, _, enabled, health, lists, last, new, due, error = rows["shorepost"]
    assert (enabled, health, lists, new, error) == ("yes", "ok", "1", "2", "")
    now = datetime.now(UTC).replace(tzinfo=None)
    assert abs(datetime.fromisoformat(last) - now) < timedelta(minutes=5) < datetime.fromisoformat(due) - now
    assert rows["bad"][3:7] == ["failing", "1", "never", "0"]
    assert rows["bad"][8] == f"{site.url}/gone: HTTP 404"
    assert rows["later"][3:7] == ["never", "1", "never", "0"]


def test_list_on_a_terminal(newslake: Newslake, site: Site, tmp_path: Path) -> None:
    declared("shorepost", site, "/feed", name="The [red] name")
    ours, theirs = os.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli", "sources", "list"],
        cwd=tmp_path, env={"COLUMNS": "100", "PATH": os.environ["PATH"]}, stdout=theirs,
    )  # fmt: skip
    shown = os.read(ours, 10_000).decode()
    os.close(ours), os.close(theirs)
    assert done.returncode == 0
    header, _, row = (line for line in re.sub("\x1b.*?m", "", shown).splitlines() if line.strip())
    assert header.split() == "id name health lists last success new, 7 days next poll".split()
    assert row.split() == "shorepost The [red] name never 1 never 0".split()


@pytest.mark.parametrize("command", ["add https://x.example", "export", "check", "list", "import in.opml"])
def test_mistakes_in_a_file_stop_every_command(newslake: Newslake, tmp_path: Path, command: str) -> None:
    (tmp_path / "in.opml").write_text("<opml/>")
    folder = tmp_path / "deployments" / "sources"
    folder.mkdir(parents=True)
    (folder / "x.toml").write_text('id = "x"\n')
    (folder / "y.toml").write_text("feed = []\n")
    failed = newslake(*command.split())
    assert (failed.exit_code, failed.stderr.splitlines()) == (
        3,
        [
            "deployments/sources/x.toml:1: name: must be given",
            "deployments/sources/y.toml:1: feed: no such key; did you mean feeds?",
            "deployments/sources/y.toml:1: id: must be given",
            "deployments/sources/y.toml:1: name: must be given",
        ],
    )


def test_as_a_process_with_the_folder_from_the_environment(site: Site, tmp_path: Path) -> None:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("NEWSLAKE_", "PREFECT_"))}
    process = subprocess.run(
        [sys.executable, "-m", "flows.cli", "sources", "add", f"{site.url}/feed", "--allow-private", "--delay=0"],
        cwd=tmp_path, env=clean | {"NEWSLAKE_SOURCES": str(tmp_path / "mine")}, capture_output=True, text=True,
    )  # fmt: skip
    assert process.returncode == 0, process.stderr
    (source,) = read_all(tmp_path / "mine")
    assert source.feeds == (f"{site.url}/feed",)
