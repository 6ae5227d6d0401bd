"""Sources as files: read with errors that name file, line and key, and written."""

from __future__ import annotations

import difflib
import re
import tomllib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import BaseModel, ValidationError
from tomlkit.items import Array, Table

from tasks.article.quirks import Quirk
from tasks.web.source import ID, Expect, Extract, Page, Politeness, Source, quirks_of, same
from tasks.web.source_error import SourceError

Key = tuple[str | int, ...]

_TABLES: dict[str | int, type[BaseModel]] = {
    "pages": Page, "politeness": Politeness, "expect": Expect, "extract": Extract,
}  # fmt: skip
# What pydantic says in the words of Python.
_IN_TOML = {
    "missing": "must be given",
    "tuple_type": "Input should be an array",
    "model_type": "Input should be a table",
}


class _File:
    """One file: its text and, where nothing is wrong so far, its source; everything that is wrong with it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = ""
        self.source: Source | None = None
        self.problems: list[tuple[int, str]] = []
        try:
            self.text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
            self._read(tomllib.loads(self.text))
        except OSError as error:
            self.problems.append((1, error.strerror or str(error)))
        except UnicodeDecodeError as error:
            self.problems.append((error.object.count(b"\n", 0, error.start) + 1, "not UTF-8"))
        except tomllib.TOMLDecodeError as error:
            at = re.search(r" \(at line (\d+), column \d+\)$", str(error))
            line = int(at[1]) if at else self.text.rstrip().count("\n") + 1
            self.problems.append((line, f"not TOML: {str(error).rpartition(' (at ')[0]}"))

    def _read(self, data: dict[str, Any]) -> None:
        try:
            source = Source.model_validate(data)
        except ValidationError as error:
            for wrong in error.errors():
                self.refuse(wrong["loc"], _message(wrong["type"], wrong["loc"], wrong["msg"]))
            return
        if source.id != self.path.stem:
            self.refuse(("id",), f'"{source.id}" is not the file\'s name, "{self.path.stem}"')
        if source.enabled and not (source.feeds or source.sitemaps or source.pages):
            self.refuse(("enabled",), "without feeds, sitemaps or pages a source must be enabled = false")
        self.source = source

    def refuse(self, key: Key, message: str) -> None:
        """Record that the value of ``key`` is wrong."""
        self.problems.append((line_of(self.text, key), f"{'.'.join(map(str, key))}: {message}"))


def read(path: Path) -> Source:
    """The source that one file declares. Raises SourceError."""
    return _settled([_File(path)])[0]


def read_all(folder: Path) -> list[Source]:
    """The sources of all ``*.toml`` in a folder, by id; none where there is no such folder.

    Raises SourceError with what is wrong in any of the files.
    """
    files = [_File(path) for path in sorted(folder.glob("*.toml"))]
    for key, holders in _feeds(files).items():
        (first, _), *others = holders
        for file, index in others:
            also = "on an earlier line" if file is first else f"in {first.path.name}"
            file.refuse(("feeds", index), f"{key} is {also} already")
    return _settled(files)


def chosen(folder: Path, only: Collection[str] = ()) -> list[Source]:
    """The sources named by their ids, enabled or not; all that are enabled where none is named.

    Raises SourceError, for an id without a source too.
    """
    sources = read_all(folder)
    if missing := set(only) - {source.id for source in sources}:
        raise SourceError([f"{folder}: no source {source_id}" for source_id in sorted(missing)])
    return [source for source in sources if (source.id in only if only else source.enabled)]


def for_run(folder: Path, only: Sequence[str]) -> list[Source]:
    """The sources that a run is given: those named, or all; the ones not enabled are recorded, and not asked.

    Raises SourceError.
    """
    return chosen(folder, only) if only else read_all(folder)


def quirks(folder: Path, source_id: str | None = None) -> Mapping[str, tuple[Quirk, ...]]:
    """The selectors for the pages of all sources of a folder, or of one where it has a file, by id.

    Raises SourceError.
    """
    if source_id is None:
        return quirks_of(read_all(folder) if folder.exists() else [])
    path = folder / f"{source_id}.toml"
    return quirks_of([read(path)] if re.fullmatch(ID, source_id) and path.exists() else [])


def _feeds(files: Sequence[_File]) -> dict[str, list[tuple[_File, int]]]:
    """Each feed's address, in the form of ``same``, with the files and places that name it."""
    found = defaultdict(list)
    for file in files:
        for index, feed in enumerate(file.source.feeds if file.source else ()):
            found[same(feed)].append((file, index))
    return found


def _settled(files: Sequence[_File]) -> list[Source]:
    if problems := [f"{f.path}:{line}: {message}" for f in files for line, message in sorted(f.problems)]:
        raise SourceError(problems)
    return [file.source for file in files if file.source]


def line_of(text: str, key: Key) -> int:
    """The line, from 1, of a key or of an entry in an array of a TOML document; of the table where it is missing.

    The parser tells no positions. But the first lines that, as a document of their own, hold the key, end with it.
    """
    whole = tomllib.loads(text)
    while not _holds(whole, key):
        key = key[:-1]
    lines = text.split("\n")

    def is_there(count: int) -> bool:
        """Whether so many lines hold the key; or as many more as it takes to end a string."""
        documents = (_document("\n".join(lines[:end])) for end in range(count, len(lines) + 1))
        return next(_holds(document, key) for document in documents if document is not None)

    return 1 + bisect_left(range(1, len(lines) + 1), True, key=is_there)


def _document(beginning: str) -> dict[str, Any] | None:
    """The first lines of a document as one, an open array closed; None where they end within a string."""
    for end in ("", "\n]"):
        try:
            return tomllib.loads(beginning + end)
        except tomllib.TOMLDecodeError:
            continue
    return None


def _holds(data: Any, key: Key) -> bool:
    for part in key:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return False
    return True


def _message(kind: str, key: Key, message: str) -> str:
    if kind == "extra_forbidden":
        fields = (_TABLES[key[0]] if len(key) > 1 else Source).model_fields
        known = [info.alias or name for name, info in fields.items()]
        near = difflib.get_close_matches(str(key[-1]), known, n=1)
        return "no such key" + (f"; did you mean {near[0]}?" if near else "")
    return _IN_TOML.get(kind) or message.removeprefix("Value error, ")


def write(source: Source, path: Path, *, overwrite: bool = False) -> None:
    """Write what differs from the defaults, each key under what it means; whole or not at all.

    Raises SourceError where the file exists and ``overwrite`` does not allow it, OSError where it cannot be written.
    """
    if path.exists() and not overwrite:
        raise SourceError([f"{path}: exists already"])
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(toml(source), encoding="utf-8")
    beside.replace(path)


def toml(source: Source) -> str:
    """The text of a source's file."""
    document = tomlkit.document()
    _fill(document, source)
    return tomlkit.dumps(document)


def _fill(table: tomlkit.TOMLDocument | Table, model: BaseModel) -> None:
    for name, info in type(model).model_fields.items():
        value, meaning = getattr(model, name), info.description or ""
        if not info.is_required() and value == info.default:
            continue
        if isinstance(value, BaseModel):
            table.add(name, _table(value, meaning))
        elif isinstance(value, tuple) and isinstance(value[0], BaseModel):
            tables = tomlkit.aot()
            for part in value:
                tables.append(_table(part, meaning))
            table.add(name, tables)
        else:
            table.add(tomlkit.comment(meaning))
            table.add(info.alias or name, _array(value) if isinstance(value, tuple) else value)


def _table(model: BaseModel, meaning: str) -> Table:
    table = tomlkit.table()
    table.comment(meaning)
    _fill(table, model)
    return table


def _array(values: tuple[str, ...]) -> Array:
    array = tomlkit.array()
    array.extend(values)
    return array.multiline(True)
