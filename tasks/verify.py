"""Stage verify: whether the lake is whole, what is lost where it is not, and what can be had back."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote

import duckdb
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from tasks import append, link
from tasks.extract import NO_QUIRKS, Quirks
from tasks.lake import checks
from tasks.lake.damage import Damage, Digests, damage, values
from tasks.lake.files import File, forget, live, storage
from tasks.lake.keys import CACHE
from tasks.lake.repair import Salvage
from tasks.lake.schema import ARTICLES, CAPTURES, INDEX, Table
from tasks.lake.schema_links import ALL, LINKED
from tasks.lake.store import Conflict, Lake, LakeError, committed
from tasks.publish import publish
from tasks.restore import restore

Level = Literal["fail", "warn", "note"]
_TOLD = 8


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, in one line. Only a ``fail`` says that the lake is not whole."""

    level: Level
    text: str


@dataclass(slots=True)
class Counted:
    """What a table's current version lists."""

    files: int = 0
    bytes: int = 0
    rows: int = 0
    damaged: int = 0


@dataclass(slots=True)
class Verified:
    """What verification found: table → what it holds, and what is wrong, in order."""

    tables: dict[str, Counted] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong, or nothing any more."""
        return all(finding.level != "fail" for finding in self.findings)

    def find(self, level: Level, text: str) -> None:
        """Add a finding."""
        self.findings.append(Finding(level, text))


def verify(
    lake: Lake,
    *,
    repair: bool = False,
    quirks: Quirks = NO_QUIRKS,
    told: Callable[[str], None] = lambda line: None,
) -> Verified:
    """Read every page of every file and compare it with what the log and the rows themselves say; run every check.

    With ``repair``, damaged files are taken out of the tables, their rows that can still be trusted are kept, and
    articles are made anew of their captures, pages by ``quirks``. ``told`` is told of each step. Loads and readers may
    go on meanwhile. Raises LakeError, OSError, DeltaError or duckdb.Error where the lake cannot be read or written.
    """
    lake.require()
    lake.local.mkdir(parents=True, exist_ok=True)
    done = Verified()
    tables = _tables(lake, done, repair=repair)
    damages = _examine(lake, tables, done, told)
    lost_table = ARTICLES in tables and committed(tables[ARTICLES]) < committed(tables[CAPTURES]) - 1
    if lost_table:
        done.find("note" if repair else "fail", "articles/: deleted, or older than captures/")
    for each in damages:
        done.find("note" if repair else "fail", _described(each, tables, damages))
    if repair:
        _repair(lake, done, damages, quirks, told)
    if repair or not (damages or lost_table or not done.whole):
        with lake.lock("write"):
            state = lake.linked() | lake.state()
        _check(state, done, told)
    else:
        done.find("note", "checks were not run: newslake verify --repair first")
    _compare_catalog(lake, done)
    _list_orphans({table: lake.open(table) for table in ALL} if repair else tables, done)
    return done


def last_batch(lake: Lake) -> int:
    """The number of the last batch that is whole. Raises LakeError."""
    return committed(lake.open(ARTICLES))


def check_run(lake: Lake, since: int) -> list[checks.Broken]:
    """The checks that follow each run and do not hold for the batches after ``since``. Raises as ``verify``."""
    with lake.lock("write"):
        state = lake.linked() | lake.state()
    return checks.broken(state, since=since, each_run=True)


def _tables(lake: Lake, done: Verified, *, repair: bool) -> dict[Table, DeltaTable]:
    """The tables, without those of the search index that cannot be opened."""
    tables: dict[Table, DeltaTable] = {}
    for table in reversed(ALL):
        try:
            tables[table] = lake.open(table)
        except (DeltaError, OSError) as error:
            reason = f"{table.name}/: its log cannot be read: {' '.join(str(error).split())[:200]}"
            if table is CAPTURES:
                raise LakeError(f"{reason}; restore {table.name}/_delta_log from a backup") from error
            if table is ARTICLES:
                raise LakeError(
                    f"{reason}; restore {table.name}/_delta_log from a backup, or delete {table.name}/ and run "
                    "newslake verify --repair"
                ) from error
            done.find("note" if repair else "fail", reason)
    captures, articles = (committed(tables[table]) for table in (CAPTURES, ARTICLES))
    if captures < articles:
        raise LakeError(
            f"{lake.uri}: captures/ is at batch {captures} and articles/ at {articles}: captures/ was deleted, or is "
            "an old copy; restore it from a backup"
        )
    return tables


def _examine(
    lake: Lake, tables: Mapping[Table, DeltaTable], done: Verified, told: Callable[[str], None]
) -> list[Damage]:
    """The damaged files of all tables."""
    digests = Digests(lake.local / ".digests.json")
    damages: list[Damage] = []
    for table in ALL:
        if table not in tables:
            continue
        counted = done.tables.setdefault(table.name, Counted())
        files = sorted(live(tables[table]), key=lambda file: file.path)
        told(
            f"{table.name}: reading {len(files):,} files, {sum(file.size for file in files) / 2**20:,.1f} MiB"
        )
        for file in files:
            counted.files += 1
            counted.bytes += file.size
            counted.rows += file.rows
            if found := damage(tables[table], table, file, digests, lake.local):
                counted.damaged += 1
                damages.append(found)
                digests.keep(f"{table.name}/{file.path}")
    digests.save()
    return damages


def _described(found: Damage, tables: Mapping[Table, DeltaTable], damages: Sequence[Damage]) -> str:
    """A damaged file and what it held, as far as the log and the other table's rows of the same batches tell."""
    file = found.file
    text = f"{found.table.name}/{file.path}: {found.reason}; it held {file.rows:,} rows"
    if file.first is not None:
        text += f" of batches {file.first} to {file.last}"
    if file.since and file.until:
        text += f", ingested from {file.since:%Y-%m-%d %H:%M} to {file.until:%Y-%m-%d %H:%M} UTC"
    if found.table in (CAPTURES, ARTICLES):
        of = (("source_id", "source", CAPTURES), ("outlet", "outlet", ARTICLES))
        for column, word, table in of:
            intact = _intact(tables[table], table, damages)
            if names := values(tables[table], intact, column, file.first, file.last):
                more = f" and {len(names) - _TOLD} more" if len(names) > _TOLD else ""
                text += f"; {word}s of these batches: {', '.join(names[:_TOLD])}{more}"
    return text


def _intact(delta: DeltaTable, table: Table, damages: Sequence[Damage]) -> list[File]:
    hurt = {each.file.path for each in damages if each.table == table}
    return [file for file in live(delta) if file.path not in hurt]


def _repair(
    lake: Lake, done: Verified, damages: Sequence[Damage], quirks: Quirks, told: Callable[[str], None]
) -> None:
    """Take out what is damaged, put in what can be had back, index and publish; safe to kill anywhere."""
    hurt = {each.table.name for each in damages} | ({table.name for table in ALL} - done.tables.keys())
    if hurt & {table.name for table in INDEX}:
        told("the search index: making it anew")
        for table in reversed(INDEX):  # none is ever ahead of what it is made of
            forget(lake, table)
        done.find("note", "repaired: the search index is made anew")
    if hurt & {table.name for table in LINKED}:
        link.forget_all(lake)
        done.find("note", "repaired: the next run, or newslake relink, makes anew what linking found")
    with lake.lock("maintain"), lake.lock("write"):
        try:
            _repair_captures(lake, done, [each for each in damages if each.table == CAPTURES])
            _repair_articles(lake, done, [each for each in damages if each.table == ARTICLES], quirks, told)
        except Conflict as conflict:
            raise LakeError(
                f"{lake.uri}: another process wrote meanwhile ({conflict}); run it again"
            ) from conflict
    shutil.rmtree(lake.local / CACHE, ignore_errors=True)  # they are of files that are gone
    append.recover(lake, quirks)
    publish(lake)


def _repair_captures(lake: Lake, done: Verified, damages: Sequence[Damage]) -> None:
    if not damages:
        return
    captures = lake.open(CAPTURES)
    damages = _still(captures, damages)
    with Salvage(captures, CAPTURES) as salvage:
        salvage.save(damages, lake.local)
        salvage.commit(damages, committed(captures), lake.local)
        held = sum(each.file.rows for each in damages)
        _tell(done, "captures", held, salvage.rows, 0)
        if salvage.bodies:
            done.find("fail", f"repaired: captures: the bytes of {salvage.bodies:,} of the saved are lost")


def _repair_articles(
    lake: Lake, done: Verified, damages: Sequence[Damage], quirks: Quirks, told: Callable[[str], None]
) -> None:
    captures, articles = lake.open(CAPTURES), lake.open(ARTICLES)
    damages = _still(articles, damages)
    # A batch that is being written is not lost; a table that lacks more than one is.
    pending = committed(articles) == committed(captures) - 1
    upto = committed(articles) if pending else committed(captures)
    with Salvage(articles, ARTICLES) as salvage:
        salvage.save(damages, lake.local)
        saved = salvage.rows
        told("articles: making those anew that captures name and the table lacks")
        intact = [file.path for file in _intact(articles, ARTICLES, damages)]
        made, lost = restore(lake, captures, salvage, intact, upto, quirks)
        salvage.commit(damages, upto, lake.local)
        held = sum(each.file.rows for each in damages)
        if held or made:
            _tell(done, "articles", max(held, saved + made), saved, made)
        if lost:
            done.find("warn", f"articles: {lost:,} versions that captures name cannot be made anew")


def _still(delta: DeltaTable, damages: Sequence[Damage]) -> list[Damage]:
    there = {file.path for file in live(delta)}
    return [each for each in damages if each.file.path in there]


def _tell(done: Verified, name: str, held: int, saved: int, made: int) -> None:
    lost = held - saved - made
    done.find(
        "fail" if lost > 0 else "note",
        f"repaired: {name}: of {held:,} rows in doubt {saved:,} were saved and {made:,} made anew; "
        + (f"{lost:,} are lost" if lost > 0 else "none is lost"),
    )


def _check(state: Mapping[str, DeltaTable], done: Verified, told: Callable[[str], None]) -> None:
    told("checks: running")
    for each in checks.broken(state):
        done.find("fail" if each.check.fails else "warn", str(each))


def _compare_catalog(lake: Lake, done: Verified) -> None:
    """Whether the published catalog lists exactly the files of the tables."""
    if lake.remote and not lake.catalog.exists():
        return  # each session has its own
    with lake.lock("write"):
        try:
            state = lake.linked() | lake.state()
        except LakeError as error:
            done.find("fail", str(error))
            return
        try:
            with duckdb.connect(str(lake.catalog), read_only=True) as con:
                views = con.sql("SELECT sql FROM duckdb_views() WHERE schema_name = 'base'").fetchall()
        except duckdb.Error as error:
            done.find(
                "fail", f"{lake.catalog.name}: cannot be opened; any newslake load writes it anew: {error}"
            )
            return
    listed = {
        name.replace("''", "'") for (sql,) in views for name in re.findall(r"'((?:[^']|'')+\.parquet)'", sql)
    }
    there = {file for delta in state.values() for file in map(unquote, delta.file_uris())}
    if listed != there:
        done.find(
            "fail",
            f"{lake.catalog.name}: lists {len(listed - there):,} files that the tables do not, and lacks "
            f"{len(there - listed):,}; any newslake load writes it anew",
        )


def _list_orphans(tables: Mapping[Table, DeltaTable], done: Verified) -> None:
    """Files that no current version lists: superseded ones that wait for their end, and what killed writers left."""
    for table, delta in tables.items():
        paths = delta.vacuum(0, dry_run=True, enforce_retention_duration=False, full=True)
        if paths:
            size = sum(info.size or 0 for info in storage(delta).get_file_info(list(paths)))
            done.find(
                "note",
                f"{table.name}/: {len(paths):,} files, {size / 2**20:,.1f} MiB, that no current version lists, such as "
                f"{paths[0]}; newslake maintain deletes them in time",
            )
