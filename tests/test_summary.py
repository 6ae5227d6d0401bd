"""What runs and days look like in Markdown: values in, text out."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from base64 import b64decode
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tasks import chart, summary
from tasks.concerns import Concern, Disk
from tasks.lake.files import Held
from tasks.lake.store import Lake
from tasks.report import markdown
from tasks.run import Report
from tasks.status import Status

DAY = date(2026, 11, 22)
PER_DAY = [
    {"day": date(2026, 11, 21), "source_id": "shore", "new": 3},
    {"day": DAY, "source_id": "shore", "new": 5},
    {"day": DAY, "source_id": "harbour", "new": 9},
    {"day": DAY, "source_id": None, "new": 20},
]


def figures() -> summary.Figures:
    return summary.Figures([], PER_DAY, date(2026, 10, 24), DAY)


def test_a_run_is_summed_up_with_how_to_ask_for_it(tmp_path: Path) -> None:
    report = Report("20261122T1-ab", notes=["shore: moved for good"])
    for outcome in ["new", "new", "new_version", "excluded"]:
        report.count("article", outcome, None)
    for number in range(25):
        report.count("article", "not_found", f"https://shore.example/{number}: no page")
    report.count("feed", "listed", None)
    text = summary.run_summary(report, [{"source_id": "shore"}], Lake(tmp_path), title="ingest", seconds=3.21)
    assert text.startswith("## ingest: 2 new, 1 changed\n\nRun `20261122T1-ab`, 3 s, 1 sources.\n")
    assert "| 2 | 1 | 0 | 1 | 25 | 1 | 0 |" in text
    assert "### To be seen to\n\n- shore: moved for good" in text
    assert "### Checks" not in text
    assert "https://shore.example/19: no page\n- and 5 more" in text
    assert "SELECT * FROM captures WHERE run_id = '20261122T1-ab';" in text
    assert f"duckdb -readonly {tmp_path}/newslake.duckdb" in text
    assert "(/artifacts/key/ingest-articles-per-day)" in text


@pytest.mark.parametrize(
    "text",
    [
        "![x](http://evil.example/t.png)",
        "<img src=x>",
        "a | b",
        "# h",
        "`code`",
        "two\nlines",
        "[a](b)",
        "*b* _i_",
    ],
)
def test_what_strangers_wrote_is_no_markup(text: str) -> None:
    shown = summary.plain(text)
    assert shown.replace("\\", "") == " ".join(text.split())
    for mark in "![<|#`*_":
        assert shown.count(mark) == shown.count("\\" + mark)


def test_tables_set_numbers_right_and_leave_unknown_ones_empty() -> None:
    rows = [{"source": "a|b", "new": 1200, "share": None}, {"source": "c", "new": 0, "share": 2.0}]
    assert summary.table(rows) == (
        "| source | new | share |\n| :-- | --: | --: |\n| a\\|b | 1,200 |  |\n| c | 0 | 2 |"
    )
    assert summary.table([]) == ""
    assert summary.cells([{"last_new": DAY, "new": 1}]) == [{"last new": "2026-11-22", "new": 1}]


def test_the_picture_stacks_sources_and_puts_others_last() -> None:
    spec = chart.articles_per_day_spec(PER_DAY, date(2026, 10, 24), DAY)
    scale = spec["encoding"]["color"]["scale"]
    assert scale["domain"] == ["harbour", "shore", "others"]
    assert len(set(scale["range"])) == 3
    assert spec["encoding"]["x"]["scale"]["domain"] == ["2026-10-24", "2026-11-23"]


def test_the_picture_is_drawn_and_small() -> None:
    found = figures()
    svg = chart.articles_per_day(found.per_day, found.since, found.until)
    root = ET.fromstring(svg)
    bars = [path for path in root.iter() if path.get("fill") in {"#0072b2", "#e69f00", "#9a9aa2"}]
    assert len(bars) == len(PER_DAY) + 3  # and the legend's
    assert "others" in "".join(root.itertext())
    assert svg.encode() == b64decode(chart.data_url(svg).partition(",")[2])
    rows = [
        {"day": date(2026, 10, d), "source_id": f"s{k}", "new": d} for d in range(1, 31) for k in range(6)
    ]
    assert len(chart.articles_per_day(rows, date(2026, 10, 1), date(2026, 10, 30))) < 40_000


def status(*concerns: Concern) -> Status:
    source = {"source_id": "shore", "name": "Shore Post", "enabled": True, "health": "ok", "expected": 2.0}
    counts = {"new": 12, "new_versions": 1, "unchanged": 30, "refused": 2}
    return Status(
        "/srv/lake",
        datetime(2026, 11, 22, 5, tzinfo=UTC),
        date(2026, 11, 21),
        tables={"articles": Held(3, 5 * 2**20, 1_234)},
        disk=Disk("/srv", 2**31, 2**34),
        sources=[source | counts],
        gaps=[{"source_id": "shore", "day": DAY, "kind": "silent", "detail": "no new article"}],
        concerns=list(concerns),
    )


def test_a_report_says_what_came_and_what_did_not() -> None:
    text = markdown(status(), figures())
    assert text.startswith(
        "## Since 21 November 2026: 12 new articles, 1 changed\n\nNothing needs a person.\n"
    )
    assert "| Shore Post | ok | 12 | 2 | 1 | 30 | 2 |" in text
    assert "| shore | 2026-11-22 | no new article |" in text
    assert "| 1,234 | 5 | 3 | 2.0 GiB | 2 | 1 |" in text
    assert "(data:image/svg+xml;base64," in text


def test_a_report_begins_with_what_needs_a_person() -> None:
    text = markdown(status(Concern("disk", "disk_low", "/srv: full", "make room")), figures())
    assert text.index("- **urgent**: /srv: full") < text.index("make room") < text.index("### Sources")
