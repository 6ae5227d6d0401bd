"""The lake on disk: its Delta tables, their state, and commits that refuse to interleave.

Every commit carries the application transaction ``newslake`` with the number of its batch. Delta refuses two
concurrent commits of one application, so each commit is a compare-and-set: it succeeds only on the state that its
writer has read, on a local disk and on an object store alike.
"""

from __future__ import annotations

import contextlib
import fcntl
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable
from deltalake.exceptions import CommitFailedError, TableNotFoundError

from tasks.lake import object_store
from tasks.lake.schema import ARTICLES, CAPTURES, INDEX, PARTITION, SCHEMA_VERSION, TABLES, Table
from tasks.lake.schema_links import LINKED

APPLICATION = "newslake"
# The application transaction that counts repairs of a table.
REPAIR = "newslake-repair"
HEADROOM = 16 << 20
# Where lakes in object stores have their local folders, when nothing else is said.
LOCAL = Path("~/.local/state/newslake/lakes")
# Each commit since the last checkpoint costs whoever opens a table 0.3 ms and more: there are many checkpoints. Of the
# past, which newslake never reads, only so much is kept as readers by other engines may need.
LOG = {
    "delta.checkpointInterval": "10",
    "delta.logRetentionDuration": "interval 7 days",
    "delta.deletedFileRetentionDuration": "interval 1 days",
}
# Columns whose least and greatest value in each file the log tells.
_BOUNDED = ("batch", "ingested_at")
# The file in a table's log that names the newest checkpoint.
_CHECKPOINT = "_last_checkpoint"

_Identity = tuple[int, int, int]


class LakeError(Exception):
    """The lake cannot be used as it is; the message is one line that names it and says what to do."""


class Conflict(Exception):
    """Another writer has committed in between: read again and retry."""


class Lake:
    """A lake's place, a folder or a prefix in an object store. It need not exist yet; opening a table creates it.

    ``uri``: the folder's absolute path, or ``s3://bucket/prefix``. ``local``: the folder of what belongs to this
    machine: the catalog, locks and caches; of a lake in a folder, that folder.
    """

    def __init__(
        self, place: Path | str, *, storage: Mapping[str, str] | None = None, local: Path | None = None
    ) -> None:
        """``place``: a folder, ``~`` being the user's home, or ``s3://bucket/prefix``.

        ``storage``: options of the object store, as deltalake names them; what they lack is taken from the
        environment. ``local``: where lakes in object stores have their local folders. Raises LakeError for a place
        that cannot be one, or that Delta cannot name.
        """
        try:
            self.remote = object_store.is_address(str(place))
        except ValueError as error:
            raise LakeError(str(error)) from None
        if self.remote:
            self.uri = str(place)
            self.storage = dict(storage or {}) | object_store.SAFE
            self.local = (local or LOCAL) / object_store.folder(self.uri, self.storage)
        else:
            self.uri = str(Path(place).expanduser().absolute())
            self.storage = {}
            self.local = Path(self.uri)
        self.local = self.local.expanduser().absolute()
        self._opened: dict[str, _Opened] = {}
        if odd := set(self.uri) & set("%#?[]"):
            raise LakeError(f"{self.uri}: a lake's path may not hold {' '.join(sorted(odd))}")

    def __getstate__(self) -> dict[str, object]:
        """What another process gets: it opens tables by itself."""
        return self.__dict__ | {"_opened": {}}

    @property
    def catalog(self) -> Path:
        """The published DuckDB file."""
        return self.local / "newslake.duckdb"

    def exists(self) -> bool:
        """Whether a load has been here; asking creates nothing."""
        if not self.remote:
            return (self.local / CAPTURES.name).exists()
        with object_store.told(self.uri):
            return bool(DeltaTable.is_deltatable(self.at(CAPTURES), self.storage))

    def require(self) -> None:
        """Raise LakeError where no load has been here."""
        if not self.exists():
            raise LakeError(f"no lake at {self.uri}: newslake load PATH... makes one")

    def at(self, table: Table) -> str:
        """Where a table is: a path or an address."""
        return f"{self.uri}/{table.name}"

    def open(self, table: Table) -> DeltaTable:
        """The current state of a table, created empty where there is none.

        It is not read again while it is the current one: hands off what would move it to another version. Raises
        LakeError where a newer newslake wrote it.
        """
        opened = self._opened.get(table.name)
        if opened and opened.is_current():
            return opened.delta
        log = Path(self.at(table), "_delta_log")
        checkpoint = None if self.remote else _identity(log / _CHECKPOINT)
        with object_store.told(self.uri):
            try:
                delta = DeltaTable(self.at(table), storage_options=self.storage)
            except TableNotFoundError:
                delta = self._made(table)
        _refuse_newer(delta, table)
        if not self.remote:
            version = delta.version()
            self._opened[table.name] = _Opened(
                delta, log, version, _identity(log / _entry(version)), checkpoint
            )
        return delta

    def _made(self, table: Table) -> DeltaTable:
        if not self.remote:
            self.local.mkdir(parents=True, exist_ok=True)
        try:
            return DeltaTable.create(
                self.at(table),
                table.schema,
                mode="ignore",
                partition_by=[PARTITION],
                configuration=LOG | {"delta.dataSkippingStatsColumns": ",".join(_bounded(table))},
                name=table.name,
                description=f"newslake schema {SCHEMA_VERSION}: {table.grain}",
                storage_options=self.storage,
                # The loser of a race would otherwise declare the table anew, under another id.
                commit_properties=CommitProperties(max_commit_retries=0),
            )
        except CommitFailedError:  # another process was first
            return DeltaTable(self.at(table), storage_options=self.storage)

    def state(self) -> dict[str, DeltaTable]:
        """The current state of captures, articles and the search index, by table.

        What is derived is read before what it is made of, so that every article's capture is in the state. Raises
        LakeError where a table is missing or older than another: what was lost must not be taken for what never was.
        """
        while True:
            state = {table.name: self.open(table) for table in reversed(TABLES)}
            captures, articles, documents, *made = (committed(state[table.name]) for table in TABLES)
            # Another machine may commit whole batches between two of these readings.
            if captures <= articles + 1 or committed(self.open(ARTICLES)) == articles:
                break
        if captures < articles:
            raise LakeError(
                f"{self.uri}: captures/ is at batch {captures} and articles/ at {articles}: captures/ was deleted or "
                "damaged; restore it from a backup, or load into a new lake"
            )
        if captures > articles + 1:
            raise LakeError(
                f"{self.uri}: captures/ is at batch {captures} and articles/ at {articles}: articles/ was deleted or "
                "damaged; newslake verify --repair makes it anew"
            )
        if not max(made) <= documents <= articles:
            index = ", ".join(f"{table.name}/" for table in INDEX)
            raise LakeError(
                f"{self.uri}: documents/ is at batch {documents}, articles/ at {articles} and what is made of "
                f"documents at {max(made)}: one was deleted or damaged; delete {index}, and the next load makes "
                "them anew"
            )
        return state

    def linked(self) -> dict[str, DeltaTable]:
        """The current state of the tables of what linking found, by name."""
        return {table.name: self.open(table) for table in LINKED}

    def require_space(self, rows: pa.Table) -> None:
        """Raise LakeError where the disk has no room for these rows and the catalog after them.

        A disk that fills up within a commit does no harm, but ends in the words of three libraries.
        """
        free = shutil.disk_usage(self.local).free
        needed = HEADROOM + (0 if self.remote else rows.nbytes)
        if free < needed:
            raise LakeError(
                f"{self.local}: disk full: {free >> 20:,} MiB free, {needed >> 20:,} MiB needed for the next batch"
            )

    @contextlib.contextmanager
    def lock(self, name: str, *, wait: bool = True) -> Iterator[bool]:
        """Waits until no other process on this machine holds the lock ``name`` of this lake; whether it is held now,
        which without ``wait`` it may not be.

        The kernel frees it when its holder dies. It spares writers needless retries; correctness rests on the
        commits themselves.
        """
        self.local.mkdir(parents=True, exist_ok=True)
        with (self.local / f".{name}.lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True


def committed(delta: DeltaTable) -> int:
    """Number of the last batch committed to a table, 0 for none."""
    return delta.transaction_version(APPLICATION) or 0


def is_remote(delta: DeltaTable) -> bool:
    """Whether a table is in an object store."""
    return not delta.table_uri.startswith("file:")


def reopened(delta: DeltaTable) -> DeltaTable:
    """The same table as it is now; ``delta`` stays at its version."""
    return DeltaTable(delta.table_uri, storage_options=delta._storage_options)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A table as it was opened from its ``log``, at ``version``: with which files of it."""

    delta: DeltaTable
    log: Path
    version: int
    entry: _Identity | None
    checkpoint: _Identity | None

    def is_current(self) -> bool:
        """Whether it would be the same if it was opened now: the log may have grown, been made anew, or tidied up."""
        return (
            self.entry is not None
            and _identity(self.log / _entry(self.version + 1)) is None
            and _identity(self.log / _entry(self.version)) == self.entry
            and _identity(self.log / _CHECKPOINT) == self.checkpoint
        )


def _identity(file: Path) -> _Identity | None:
    """What tells a file from any that takes its name, None where there is none."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_ctime_ns, found.st_size


def _entry(version: int) -> str:
    """The file in a table's log that holds a commit."""
    return f"{version:020}.json"


def _bounded(table: Table) -> list[str]:
    """Those of _BOUNDED that the table has, or what it is sorted by."""
    return [name for name in _BOUNDED if name in table.schema.names] or list(table.sort)


def _refuse_newer(delta: DeltaTable, table: Table) -> None:
    """Refuse a table whose description names a later schema than ours: its values may mean something else."""
    words = (delta.metadata().description or "").split()
    written = words[2].rstrip(":") if words[:2] == ["newslake", "schema"] and len(words) > 2 else ""
    if not written.isdigit():
        raise LakeError(f"{delta.table_uri}: not a newslake table; choose another folder with --lake")
    if int(written) > SCHEMA_VERSION:
        raise LakeError(
            f"{delta.table_uri}: written by a newer newslake (schema {written}, this one knows {SCHEMA_VERSION}); "
            "upgrade newslake"
        )
