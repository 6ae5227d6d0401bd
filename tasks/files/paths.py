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
Identity = tuple[int, int]


def listing(paths: Sequence[str]) -> Iterator[str | Document]:
    """Absolute paths of files (or "-"), and a Document for each thing that leads to no file.

    Directories are walked depth first, names sorted, hidden ones left out; each directory once, whatever links
    lead to it. A path that exists as written is never taken for a pattern.
    """
    walked: set[Identity] = set()
    for path in paths:
        if path == STDIN:
            yield STDIN
            continue
        absolute = os.path.abspath(path) if path else ""
        try:
            found = bool(path) and os.path.lexists(absolute)
        except ValueError:  # a NUL or a lone surrogate: no file can be named so
            found = False
        if found:
            yield from _walk(absolute, walked, named=True)
        elif _PATTERN.search(path) and "\0" not in path:
            yield from _matches(path, absolute, walked)
        else:
            yield refused(absolute, Outcome.MISSING, "does not exist")


def _walk(path: str, walked: set[Identity], *, named: bool = False) -> Iterator[str | Document]:
    """The path itself, or all files below it if it is a directory."""
    if not os.path.isdir(path):
        yield path
        return
    try:
        status = os.stat(path)
        if (status.st_dev, status.st_ino) in walked:
            return
        walked.add((status.st_dev, status.st_ino))
        names = _names(path)
    except OSError as error:
        yield failed(path, error)
        return
    if named and not names:
        yield refused(path, Outcome.EMPTY, "is a directory without files")
    for name, is_directory in names:
        below = os.path.join(path, name)
        if is_directory:
            yield from _walk(below, walked)
        else:
            yield below


def _names(directory: str) -> list[tuple[str, bool]]:
    """Sorted names in a directory, without the hidden ones, and whether each is itself a directory."""
    with os.scandir(directory) as entries:
        return sorted((e.name, e.is_dir()) for e in entries if not e.name.startswith("."))


def _matches(pattern: str, absolute: str, walked: set[Identity]) -> Iterator[str | Document]:
    """What a glob pattern matches, by the shell's rules; ``**`` stands for any number of directories."""
    parts = absolute.split(os.sep)
    fixed = next(i for i, part in enumerate(parts) if _PATTERN.search(part))
    start = os.sep.join(parts[:fixed]) or os.sep
    nothing = True
    for match in dict.fromkeys(_expand(start, parts[fixed:], ())):
        nothing = False
        if isinstance(match, Document):
            yield match
        else:
            yield from _walk(match, walked)
    if nothing:
        yield refused(absolute, Outcome.MISSING, f'matches no file: "{one_line(pattern)}"')


def _expand(base: str, parts: Sequence[str], above: tuple[Identity, ...]) -> Iterator[str]:
    """Paths below ``base`` that the parts of a pattern match; ``above``: where a ``**`` came through."""
    if not parts:
        yield base
        return
    part, rest = parts[0], parts[1:]
    if not _PATTERN.search(part):
        if os.path.lexists(os.path.join(base, part)):
            yield from _expand(os.path.join(base, part), rest, ())
        return
    try:
        status = os.stat(base)
        entries = _names(base) if not part.startswith(".") else _hidden(base)
    except OSError:
        yield from _unlisted(base)
        return
    if part != "**":
        for name, is_directory in entries:
            if fnmatchcase(name, part) and (is_directory or not rest):
                yield from _expand(os.path.join(base, name), rest, ())
        return
    here = (status.st_dev, status.st_ino)
    if here in above:  # a link back to where we came from
        return
    if rest:
        yield from _expand(base, rest, ())
    for name, is_directory in entries:
        if is_directory:
            yield from _expand(os.path.join(base, name), parts, (*above, here))
        elif not rest:
            yield os.path.join(base, name)


def _hidden(directory: str) -> list[tuple[str, bool]]:
    with os.scandir(directory) as entries:
        return sorted((e.name, e.is_dir()) for e in entries if e.name.startswith("."))


def _unlisted(directory: str) -> Iterator[str]:
    """A directory that cannot be listed is itself the match, so that walking it reports why."""
    if os.path.isdir(directory):
        yield directory


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
