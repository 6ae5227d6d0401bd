"""Sources as files: what is wrong is named by file, line and key; what is written is read again the same."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.web.source import Expect, Extract, Page, Politeness, Source
from tasks.web.source_files import SourceError, chosen, line_of, read, read_all, toml, write
from tasks.web.source_keys import markdown

ROOT = Path(__file__).parents[2]
HEAD = 'id = "shorepost"\nname = "Shore Post"\n'
FEED = 'feeds = ["https://shorepost.example/feed"]\n'
FULL = Source(
    id="shorepost",
    name='The "Shore" Post \\ Küste',
    site="https://shorepost.example/",
    outlet="Shore Post",
    country="IE",
    language="en",
    tags=("Coast", "Weather, daily"),
    enabled=False,
    feeds=("https://shorepost.example/feed", "https://shorepost.example/feed?of='sport'"),
    sitemaps=("https://shorepost.example/sitemap.xml",),
    include=(r"/20\d\d/", "#"),
    exclude=(r"\.pdf$",),
    window_days=3,
    allow_private=True,
    max_bytes=2048,
    pages=(
        Page(url="https://shorepost.example/news"),
        Page(url="https://shorepost.example/sea", links=r"/\d+$"),
    ),
    politeness=Politeness(concurrency=1, delay=2.5, obey_robots=False),
    expect=Expect(articles_per_day=5, median_words=80),
    extract=(
        Extract.model_validate({"until": "2026-03-01", "title": "h1"}),
        Extract.model_validate(
            {"from": "2026-03-01", "authors": [".by a", "time@datetime"], "remove": ["aside"]}
        ),
    ),
)


def problems(tmp_path: Path, **texts: str) -> list[str]:
    """What is wrong with files of these names and texts, without the folder."""
    for name, text in texts.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as raised:
        read_all(tmp_path)
    return [problem.removeprefix(f"{tmp_path}/") for problem in raised.value.problems]


WRONG = {
    "delay": (
        HEAD + FEED + "\n[politeness]\n\ndelay = -1\n",
        "7: politeness.delay: Input should be greater than or equal to 0",
    ),
    "dotted": (
        HEAD + FEED + "politeness.delay = nan\n",
        "4: politeness.delay: Input should be a finite number",
    ),
    "inline": (
        HEAD + FEED + 'expect = { median_words = "many" }\n',
        "4: expect.median_words: Input should be a valid integer, unable to parse string as an integer",
    ),
    "near": (HEAD + FEED + 'sitemap = "x"\n', "4: sitemap: no such key; did you mean sitemaps?"),
    "near within": (
        HEAD + FEED + "[expect]\nmedian_word = 1\n",
        "5: expect.median_word: no such key; did you mean median_words?",
    ),
    "far": (HEAD + FEED + "zzz = 1\n", "4: zzz: no such key"),
    "entry": (
        HEAD
        + "feeds = [\n  'https://a.example/1', # one\n  'https://a.example/2',\n\n  'ftp://a.example'\n]\n",
        "7: feeds.2: URL scheme should be 'http' or 'https'",
    ),
    "white space": (
        HEAD + 'feeds = ["https://a.example/\\n"]\n',
        "3: feeds.0: an address holds no white space",
    ),
    "no host": (
        HEAD + 'feeds = ["shorepost"]\n',
        "3: feeds.0: Input should be a valid URL, relative URL without a base",
    ),
    "no list": (HEAD + "feeds = 'https://a.example'\n", "3: feeds: Input should be an array"),
    "no table": (HEAD + FEED + "politeness = 3\n", "4: politeness: Input should be a table"),
    "second page": (
        HEAD + '[[pages]]\nurl = "https://a.example"\n\n[[pages]]\nlinks = "("\nurl = "https://b.example"\n',
        "7: pages.1.links: not a regular expression: missing ), unterminated subpattern at position 0",
    ),
    "page without": (
        HEAD + '[[pages]]\nurl = "https://a.example"\n\n[[pages]]\n',
        "6: pages.1.url: must be given",
    ),
    "country": (HEAD + FEED + "country = 'ie'\n", "4: country: String should match pattern '^[A-Z]{2}$'"),
    "escape": ('id = "shorepost"\nname = "\\u001b[31m"\n' + FEED, "2: name: holds a control character"),
    "after long string": (HEAD + FEED + 'include = ["""\na\n"]\nb""",]\nzzz = 1\n', "8: zzz: no such key"),
    "long string": (
        HEAD + FEED + 'include = [\n"x", """\n*\n"""]\n',
        "5: include.1: not a regular expression: nothing to repeat at position 0 (line 1, column 1)",
    ),
    "no selector": (
        HEAD + FEED + "\n[[extract]]\ntitle = 'h1'\nbody = [\n  '.text',\n  'p >',\n]\n",
        "9: extract.0.body.1: 'p >' is no CSS selector",
    ),
    "nothing's attribute": (
        HEAD + FEED + "\n[[extract]]\ntitle = 'h1'\n[[extract]]\nsection = '@content'\n",
        "8: extract.1.section.0: names no element",
    ),
    "no such field": (
        HEAD + FEED + "\n[[extract]]\ntitle = 'h1'\nsince = 2026-01-01\n",
        "7: extract.0.since: no such key",
    ),
    "field's near": (
        HEAD + FEED + "\n[[extract]]\nauthor = 'h1'\n",
        "6: extract.0.author: no such key; did you mean authors?",
    ),
    "no day": (
        HEAD + FEED + "\n[[extract]]\ntitle = 'h1'\nfrom = 'March'\n",
        "7: extract.0.from: Input should be a valid date or datetime, input is too short",
    ),
    "never": (
        HEAD + FEED + "\n[[extract]]\nfrom = 2026-03-01\nuntil = 2026-03-01\ntitle = 'h1'\n",
        "5: extract.0: ends before it begins",
    ),
    "no field": (HEAD + FEED + "\n[[extract]]\nuntil = 2026-03-01\n", "5: extract.0: names no selector"),
    "no list of selectors": (
        HEAD + FEED + "\n[[extract]]\ntitle = 3\n",
        "6: extract.0.title: Input should be an array",
    ),
    "no name": ("# nothing\nid = 'shorepost'\n" + FEED, "1: name: must be given"),
    "other id": (
        '\nid = "other"\nname = "O"\n' + FEED,
        '2: id: "other" is not the file\'s name, "shorepost"',
    ),
    "nothing to ask": (HEAD, "1: enabled: without feeds, sitemaps or pages a source must be enabled = false"),
    "same feed": (
        HEAD + "feeds = ['https://a.example',\n'https://A.example:443/']\n",
        "4: feeds.1: https://a.example/ is on an earlier line already",
    ),
    "syntax": (HEAD + "feeds = [\n'x'\n'y']\n", "5: not TOML: Unclosed array"),
    "end": (HEAD + "feeds = [\n\n", "3: not TOML: Invalid value"),
    "twice": (HEAD + "name = 'x'\n", "3: not TOML: Cannot overwrite a value"),
}


@pytest.mark.parametrize(("text", "problem"), WRONG.values(), ids=WRONG)
def test_a_mistake_is_named(tmp_path: Path, text: str, problem: str) -> None:
    assert problems(tmp_path, shorepost=text) == [f"shorepost.toml:{problem}"]
    (tmp_path / "shorepost.toml").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert problems(tmp_path) == [f"shorepost.toml:{problem}"]


def test_all_mistakes_of_all_files_at_once(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        b="feed = []\nid = 'b'\nname = ''\n",
        c="id = 'c'\nname = 'C'\nfeeds = [\n'https://x.example/',\n'https://X.example']",
        a="id = 'a'\nname = 'A'\nfeeds = ['https://y.example', 'https://x.example']",
    )
    assert found == [
        "b.toml:1: feed: no such key; did you mean feeds?",
        "b.toml:3: name: String should have at least 1 character",
        "c.toml:4: feeds.0: https://x.example/ is in a.toml already",
        "c.toml:5: feeds.1: https://x.example/ is in a.toml already",
    ]


def test_a_long_file_is_searched_quickly() -> None:
    text = "feeds = [\n" + "".join(f'"https://shorepost.example/{n}",\n' for n in range(5_000)) + "]\n"
    started = time.perf_counter()
    assert line_of(text, ("feeds", 4_321)) == 4_323
    assert time.perf_counter() - started < 5


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(HEAD.encode() + b"outlet = 'K\xfcste'")
    (tmp_path / "folder.toml").mkdir()
    assert problems(tmp_path) == ["folder.toml:1: Is a directory", "latin.toml:3: not UTF-8"]


def test_no_folder_no_sources(tmp_path: Path) -> None:
    assert read_all(tmp_path / "none") == []


def test_chosen_are_the_enabled_or_the_named(tmp_path: Path) -> None:
    for source_id, more in (("on", FEED), ("off", "enabled = false")):
        (tmp_path / f"{source_id}.toml").write_text(f"id = '{source_id}'\nname = 'N'\n{more}")
    assert [source.id for source in chosen(tmp_path)] == ["on"]
    assert [source.id for source in chosen(tmp_path, ["off"])] == ["off"]
    with pytest.raises(SourceError, match="no source of"):
        chosen(tmp_path, ["on", "of"])


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "new" / "shorepost.toml"
    write(FULL, path)
    assert read(path) == FULL
    assert [file.name for file in path.parent.iterdir()] == ["shorepost.toml"]


def test_a_file_is_not_overwritten_unasked(tmp_path: Path) -> None:
    path = tmp_path / "shorepost.toml"
    path.write_text(HEAD + FEED)
    with pytest.raises(SourceError, match="exists already"):
        write(FULL, path)
    assert read(path).name == "Shore Post"
    write(FULL, path, overwrite=True)
    assert read(path) == FULL


def test_only_what_differs_is_written() -> None:
    source = Source(id="shorepost", name="Shore Post", feeds=("https://shorepost.example/feed",))
    keys = [line.split(" ")[0] for line in toml(source).splitlines() if not line.startswith("#")]
    assert keys == ["id", "name", "feeds", "", "]"]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), st.text(max_size=20))
def test_any_name_and_pattern_survives(
    tmp_path_factory: pytest.TempPathFactory, name: str, found: str
) -> None:
    import re
    import tomllib

    source = Source(id="x", name=name, feeds=("https://x.example",), exclude=(re.escape(found),))
    assert Source.model_validate(tomllib.loads(toml(source))) == source


def test_every_key_is_found_in_a_full_file() -> None:
    lines = toml(FULL).split("\n")
    for key in (
        "include.1",
        "feeds.0",
        "window_days",
        "pages.1.links",
        "politeness.delay",
        "expect.median_words",
        "extract.1.authors.1",
    ):
        path = tuple(int(part) if part.isdigit() else part for part in key.split("."))
        line = lines[line_of("\n".join(lines), path) - 1]
        value = FULL.model_dump()
        for part in path:
            value = value[part]
        assert str(value).replace("\\", "\\\\") in line


def test_the_keys_in_docs_are_todays() -> None:
    written = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    assert markdown() in written, "paste what `newslake sources keys` prints into docs/sources.md"


def test_the_example_is_a_source_that_is_not_asked() -> None:
    (example,) = read_all(ROOT / "deployments" / "sources")
    assert (example.id, example.enabled) == ("example", False)
