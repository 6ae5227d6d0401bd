"""Four processes load into one lake at once: conflicts are retried, nothing is lost or doubled."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from deltalake import DeltaTable

from flows import journeys
from tasks import verify
from tasks.files import documents
from tasks.lake import store
from tasks.lake.commit import commit
from tasks.lake.schema import ARTICLES, Table
from tasks.lake.store import Lake
from tasks.publish import publish
from tasks.run import Run
from tests.bench.generate import article
from tests.lake.test_append import query
from tests.processes import together

EACH, SHARED, WRITERS = 4, 4, 4
TEXTS = EACH * WRITERS + SHARED


@contextlib.contextmanager
def _no_lock(lake: Lake, name: str, *, wait: bool = True) -> Iterator[bool]:
    """As between machines: only the commits keep writers apart. Catalogs are each machine's own."""
    yield True


def write(folder: Path, writer: int, lake: Lake, locked: bool) -> dict[str, int]:
    """One of the writers: loads its own folder and the one that all share, in batches of 4; the outcomes."""
    if not locked:
        Lake.lock = _no_lock  # type: ignore[method-assign, assignment]
        journeys.publish.publish = lambda lake: lake.state()  # type: ignore[attr-defined]
    paths = [str(folder / name) for name in (str(writer), "shared")]
    report = journeys.load(documents(paths), lake, Run.begin(f"writer-{writer}"), rows=4, workers=1)
    return dict(report.outcomes)


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "without a lock"])
def test_four_processes_at_once(tmp_path: Path, locked: bool) -> None:
    names = {str(writer): range(writer * EACH, (writer + 1) * EACH) for writer in range(WRITERS)}
    for name, numbers in (names | {"shared": range(1_000, 1_000 + SHARED)}).items():
        (tmp_path / name).mkdir()
        for number in numbers:
            (tmp_path / name / f"{number}.txt").write_text(article(number, 700), encoding="utf-8")
    lake = Lake(tmp_path / "lake")
    publish(lake)
    outcomes = together((write, tmp_path, number, lake, locked) for number in range(WRITERS))
    publish(lake)
    assert sum(each.get("new", 0) for each in outcomes) == TEXTS
    assert sum(each.get("unchanged", 0) for each in outcomes) == SHARED * (WRITERS - 1)
    counts = "SELECT count(*), count(DISTINCT article_id) FROM article_versions"
    assert query(lake, counts) == [(TEXTS, TEXTS)]
    assert query(lake, "SELECT count(*) FROM captures") == [((EACH + SHARED) * WRITERS,)]
    done = verify.verify(lake)
    assert not [finding for finding in done.findings if finding.level != "note"]
    batches = query(lake, "SELECT count(DISTINCT batch), max(batch) FROM base.articles")[0]
    assert batches[0] == batches[1] == store.committed(lake.open(ARTICLES))


def test_a_state_is_read_again_while_others_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two batches of another machine between the reading of articles and that of captures are no damage."""
    lake, opened = Lake(tmp_path / "lake"), Lake.open
    publish(lake)

    def open_(self: Lake, table: Table) -> DeltaTable:
        delta = opened(self, table)
        if table is ARTICLES and store.committed(delta) == 0:
            for batch in (1, 2):
                for each in store.TABLES:
                    commit(opened(self, each), each, each.schema.empty_table(), batch)
        return delta

    monkeypatch.setattr(Lake, "open", open_)
    assert {store.committed(delta) for delta in lake.state().values()} == {2}
