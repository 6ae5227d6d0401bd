"""What needs a person: by values alone."""

from datetime import UTC, datetime, timedelta

import pytest

from tasks.concerns import SEVERITY, Concern, Disk, FlowRun, Polling, SourceConcern, concerns

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
GIB = 2**30


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


def run(state: str, *, deployment: str = "ingest/new", hours: float = 1, name: str = "") -> FlowRun:
    ended = None if state in {"SCHEDULED", "RUNNING"} else ago(hours=hours)
    return FlowRun(
        "id", "calm-owl", "ingest", deployment, state, name or state.title(), "no\nroom", ago(hours=hours), None, ended
    )  # fmt: skip


def kinds(found: list[Concern]) -> list[str]:
    return [concern.kind for concern in found]


def test_nothing_is_nothing() -> None:
    assert concerns() == []


@pytest.mark.parametrize("kind", ["failing", "silent", "below_expectation", "dropped"])
def test_a_source_is_named_with_what_to_do(kind: str) -> None:
    row = SourceConcern("source:shore", kind, "shore", "no page")  # type: ignore[arg-type]
    (found,) = concerns(sources=[row])
    assert (found.key, found.kind, found.severity) == ("source:shore", kind, "warning")
    assert found.text == "shore: no page" and "newslake sources check shore" in found.advice


def test_a_source_without_a_file_concerns_nobody() -> None:
    rows = [SourceConcern(f"source:{name}", "silent", name, "") for name in ("kept", "deleted")]
    rows.append(SourceConcern("coverage", "dropped", None, ""))
    found = concerns(sources=rows, asked={"kept"})
    assert [concern.key for concern in found] == ["coverage", "source:kept"]


@pytest.mark.parametrize(
    ("last_run", "due_since", "told"),
    [
        (ago(hours=3), ago(hours=3), True),
        (None, ago(hours=3), True),
        (ago(minutes=10), ago(hours=3), False),  # it runs, and does what it can
        (ago(days=2), None, False),  # nothing was due, so runs leave no trace
        (ago(days=2), ago(hours=1), False),
    ],
)
def test_no_run_for_long(last_run: datetime | None, due_since: datetime | None, told: bool) -> None:
    found = concerns(polling=Polling(last_run, due_since, 3), now=NOW)
    assert kinds(found) == ["no_run"] * told


@pytest.mark.parametrize(
    ("free", "total", "told"),
    [(1 * GIB, 40 * GIB, True), (3 * GIB, 40 * GIB, False), (9 * GIB, 4_000 * GIB, True), (0, 0, False)],
)
def test_the_disk_is_low(free: int, total: int, told: bool) -> None:
    assert kinds(concerns(disk=Disk("/srv", free, total))) == ["disk_low"] * told


@pytest.mark.parametrize(
    ("runs", "told"),
    [
        ([run("COMPLETED", hours=1), run("FAILED", hours=2)], []),
        ([run("FAILED", hours=1), run("COMPLETED", hours=2)], ["run:ingest/new"]),
        ([run("CRASHED", hours=2), run("CANCELLED", hours=1)], ["run:ingest/new"]),
        ([run("CRASHED"), run("FAILED", deployment="load/files")], ["run:ingest/new", "run:load/files"]),
        ([run("SCHEDULED", hours=0.2, name="Late")], []),
        ([run("SCHEDULED", hours=1, name="Late")], ["late"]),
        ([run("SCHEDULED", hours=1, name="AwaitingConcurrencySlot")], []),
    ],
)
def test_runs_that_ended_badly_or_do_not_begin(runs: list[FlowRun], told: list[str]) -> None:
    assert [concern.key for concern in concerns(flow_runs=runs, now=NOW)] == told


def test_the_urgent_come_first_and_all_are_one_line() -> None:
    found = concerns(
        sources=[SourceConcern("source:a", "silent", "a", "")],
        failed_checks=[("empty_articles", "check empty_articles: articles without text: 2")],
        disk=Disk("/srv", 0, GIB),
        flow_runs=[run("FAILED")],
        now=NOW,
    )
    assert [concern.severity for concern in found] == ["urgent", "urgent", "warning", "warning"]
    assert all("\n" not in concern.text + concern.advice for concern in found)
    assert {concern.kind for concern in found} <= set(SEVERITY)
