"""A table that is open is opened anew once its log is another one, whoever changed it and however."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tasks import maintain
from tasks.lake.files import forget
from tasks.lake.schema import ARTICLES
from tasks.lake.store import Lake, committed
from tests.lake.test_compaction import append


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = Lake(tmp_path / "lake")
    append(made, range(1, 3))
    return made


def test_what_has_not_changed_is_not_read_again(lake: Lake) -> None:
    assert lake.open(ARTICLES) is lake.open(ARTICLES)
    assert committed(pickle.loads(pickle.dumps(lake)).open(ARTICLES)) == 2


def grown(lake: Lake) -> None:
    append(Lake(lake.uri), range(3, 4))


def begun_anew(lake: Lake) -> None:
    forget(lake, ARTICLES)


def gone(lake: Lake) -> None:
    shutil.rmtree(lake.at(ARTICLES))


def put_back(lake: Lake) -> None:
    """A copy of the table as it is: which other commits it has seen since is unknown."""
    table = Path(lake.at(ARTICLES))
    shutil.copytree(table, table.with_name("copy"))
    shutil.rmtree(table)
    table.with_name("copy").rename(table)


def put_back_older(lake: Lake) -> None:
    Path(lake.at(ARTICLES), "_delta_log", f"{lake.open(ARTICLES).version():020}.json").unlink()


def tidied(lake: Lake) -> None:
    """Its log has a checkpoint, and the entries before it may be gone."""
    maintain._tidy_log(Lake(lake.uri).open(ARTICLES))


@pytest.mark.parametrize(
    ("change", "batch"),
    [(grown, 3), (begun_anew, 0), (gone, 0), (put_back, 2), (put_back_older, 1), (tidied, 2)],
)
def test_what_has_changed_is_read_again(lake: Lake, change: Callable[[Lake], None], batch: int) -> None:
    before = lake.open(ARTICLES)
    change(lake)
    after = lake.open(ARTICLES)
    assert after is not before
    assert committed(after) == batch
    assert lake.open(ARTICLES) is after
