"""Log lines: what a batch brought, not the run so far."""

import re

import pytest

from tasks.logfmt import Lines, line
from tasks.run import Report


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        (3.25, "3.2"),
        ("plain-1", "plain-1"),
        ("/srv/my lake", '"/srv/my lake"'),
        ('say "no"', '"say \\"no\\""'),
        ("a=b", '"a=b"'),
        ("two\nlines", '"two\\nlines"'),
        ("", '""'),
    ],
)
def test_values(value: object, text: str) -> None:
    assert line("event", key=value, none=None) == f"event key={text}"


def test_each_batch_counts_its_own() -> None:
    lines, total = Lines("20261122T1-ab"), Report("20261122T1-ab")
    for outcome in ["new", "new", "unchanged", "excluded"]:
        total.count("article", outcome, None)
    total.count("feed", "listed", None)
    first = lines.batch(total)
    assert re.fullmatch(
        r"batch run=20261122T1-ab batch=1 new=2 new_versions=0 unchanged=1 left_out=1 refused=0 lists=1 "
        r"lists_failed=0 seconds=\d+\.\d",
        first,
    )
    total.count("article", "not_found", "no page")
    total.count("feed", "timeout", "slow")
    second = lines.batch(total)
    assert "batch=2 new=0 new_versions=0 unchanged=0 left_out=0 refused=1 lists=1 lists_failed=1 " in second
    assert lines.end(total).startswith("end run=20261122T1-ab batches=2 new=2 ")
    assert lines.told(total) == [
        'refused run=20261122T1-ab text="no page"',
        "refused run=20261122T1-ab text=slow",
    ]
