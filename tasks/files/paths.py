"""From what stands on the command line to the files it means, in one order that never changes."""

from __future__ import annotations

import errno
import os
import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import quote

from tasks.files.model import Document, Outcome
from tasks.files.streams import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

STDIN = "-"
_PATTERN = re.compile(r"[*?\[]")
_NOT_THERE = {errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ESTALE}
Identity = tuple[int, ...]  # device and inode


def listing(paths: Sequence[str], leave_out: str | None = None) -> Iterator[str | Document]:
    """Absolute paths of files (or "-"), and a Document for each thing that leads to no file.

    Directories are walked depth first, names sorted, hidden ones left out; each directory once, whatever
    links lead to it. A path that exists as written is never taken for a pattern.
    """
    walked: set[Identity] = set()
    if leave_out and os.path.isdir(leave_out):
        _visited(leave_out, walked)
    for path in paths:
        absolute = os.path.abspath(path) if path else ""
        if path == STDIN:
            yield STDIN
        elif _exists(absolute):
            yield from _walk(absolute, walked, named=True)
        elif _PATTERN.search(path) and _nameable(path):
            yield from _matches(absolute, walked)
        else:
            yield refused(absolute, Outcome.MISSING, "does not exist")


def _nameable(path: str) -> bool:
    """Whether a file can have this name: not with a NUL or half a surrogate pair in it."""
    try:
        return b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        return False


def _exists(path: str) -> bool:
    """Whether something is there, be it a broken link or behind a door that is closed to us."""
    if not path or not _nameable(path):
        return False
    try:
        os.lstat(path)
    except OSError as error:
        return error.errno not in _NOT_THERE
    return True


def _walk(start: str, walked: set[Identity], *, named: bool = False) -> Iterator[str | Document]:
    """The path itself, or all files below it if it is a directory (``named``: by the user)."""
    stack = [(start, os.path.isdir(start))]
    while stack:
        path, is_directory = stack.pop()
        if not is_directory:
            yield path
            continue
        try:
            if _visited(path, walked):
                continue
            names = _names(path)
        except OSError as error:
            yield failed(path, error)
            continue
        if named and path == start and not names:
            yield refused(path, Outcome.EMPTY, "is a directory without files")
        stack.extend((os.path.join(path, name), below) for name, below in reversed(names))


def _visited(directory: str, visited: set[Identity], *rest: int) -> bool:
    """Whether this directory has been seen before, under whatever name; from now on it has."""
    status = os.stat(directory)
    identity = (status.st_dev, status.st_ino, *rest)
    if identity in visited:
        return True
    visited.add(identity)
    return False


def _names(directory: str, *, hidden: bool = False) -> list[tuple[str, bool]]:
    """Sorted names in a directory, the hidden ones or the others, and whether each is itself a directory."""
    with os.scandir(directory) as entries:
        return sorted((e.name, _is_directory(e)) for e in entries if e.name.startswith(".") is hidden)


def _is_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link in a circle, or to where we may not look
        return False


def _matches(pattern: str, walked: set[Identity]) -> Iterator[str | Document]:
    """What a glob pattern matches, by the shell's rules; ``**`` stands for any number of directories."""
    nothing = True
    for match in _expand(pattern):
        nothing = False
        yield from _walk(match, walked)
    if nothing:
        yield refused(pattern, Outcome.MISSING, "matches no file")


def _expand(pattern: str) -> Iterator[str]:
    """Paths that an absolute pattern matches, sorted part by part."""
    visited: set[Identity] = set()
    stack = [(os.sep, tuple(pattern.split(os.sep)[1:]))]
    while stack:
        base, parts = stack.pop()
        if not parts:
            yield base
            continue
        part, rest = parts[0], parts[1:]
        if not _PATTERN.search(part):
            below = os.path.join(base, part)
            if _exists(below):
                stack.append((below, rest))
            continue
        try:
            # Each directory once for each "**": links in a circle end, and so do patterns like **/**/**.
            if part == "**" and _visited(base, visited, len(parts)):
                continue
            names = _names(base, hidden=part.startswith("."))
        except OSError:
            if os.path.isdir(base):  # walking it will say why it cannot be listed
                yield base
            continue
        found: list[tuple[str, tuple[str, ...]]] = []
        if part == "**":
            if rest:
                found.append((base, rest))
            found.extend((os.path.join(base, n), parts if d else rest) for n, d in names if d or not rest)
        else:
            found.extend(
                (os.path.join(base, n), rest) for n, d in names if fnmatchcase(n, part) and (d or not rest)
            )
        stack.extend(reversed(found))


def failed(path: str, error: OSError) -> Document:
    """The record of an operating system's refusal."""
    if error.errno in _NOT_THERE:
        return refused(path, Outcome.MISSING, "does not exist (any more)")
    if error.errno in {errno.EACCES, errno.EPERM}:
        return refused(path, Outcome.UNREADABLE, "may not be read: permission denied")
    return refused(path, Outcome.UNREADABLE, f"cannot be read: {one_line(error.strerror or error)}")


def refused(path: str, outcome: Outcome, reason: str, size: int = 0) -> Document:
    """The record of a path that gives no document."""
    return Document(location=uri(path), outcome=outcome, error=f"{shown(path)} {reason}", size=size)


def uri(path: str) -> str:
    """The file: URI of an absolute path; "stdin:" for "-"."""
    if path == STDIN:
        return "stdin:"
    return "file://" + quote(path.encode("utf-8", _escaping(path)), safe="/~!$&'()+,;=:@")


def shown(path: str) -> str:
    """A path as a message shows it: printable, on one line."""
    if path == STDIN:
        return "standard input"
    name = path.encode("utf-8", _escaping(path)).decode("utf-8", "replace")
    return "".join(c if c.isprintable() else "�" for c in name) or '""'


def _escaping(path: str) -> str:
    """Names are bytes: what is not UTF-8 in them comes as low surrogates and goes out as it was."""
    try:
        path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return "replace"
    return "surrogateescape"
