"""A PostgreSQL server of a test, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_DEBIAN = Path("/usr/lib/postgresql")  # each version's programs, which are not on the path
_NOBODY = "nobody"  # PostgreSQL refuses to run as root
_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def programs() -> Path | None:
    """The folder of the newest PostgreSQL's programs here; None where there is none."""
    folders = [path.parent for path in sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: path.parts[-3])]
    if found := shutil.which("initdb"):
        folders.insert(0, Path(found).resolve().parent)
    return next((folder for folder in reversed(folders) if (folder / "postgres").exists()), None)


@contextmanager
def postgres(port: int, patience: float) -> Iterator[str]:
    """Yields the address of its database, as SQLAlchemy takes it; nothing is left behind."""
    folder = programs()
    assert folder
    as_user = ["setpriv", f"--reuid={_NOBODY}", "--clear-groups"] if os.geteuid() == 0 else []
    # Not in pytest's own folder, which only the user who runs the tests may enter.
    with tempfile.TemporaryDirectory(prefix="newslake-postgres-", ignore_cleanup_errors=True) as place:
        if as_user:
            shutil.chown(place, _NOBODY)
        data = Path(place) / "data"
        made = [*as_user, str(folder / "initdb"), "-D", str(data), "-U", "prefect", "-A", "trust"]
        subprocess.run([*made, "-E", "UTF8", "--no-locale", "--no-sync"], check=True, capture_output=True)
        command = [*as_user, str(folder / "postgres"), "-D", str(data), "-p", str(port), "-k", place]
        command += ["-h", "", *(part for setting in _QUICK for part in ("-c", setting))]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                ready = [str(folder / "pg_isready"), "-q", "-h", place, "-p", str(port)]
                deadline = time.monotonic() + patience
                while subprocess.run(ready).returncode:
                    assert process.poll() is None, "PostgreSQL does not start"
                    assert time.monotonic() < deadline, f"PostgreSQL has not started within {patience} s"
                    time.sleep(0.2)
                yield f"postgresql+asyncpg://prefect@/postgres?host={place}&port={port}"
            finally:
                process.terminate()
