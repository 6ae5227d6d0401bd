"""docs/server.md, followed word by word in a folder that stands for the machine.

``python -m tests.server_docs`` does it with an installation of its own, which needs the packages and minutes.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.crawl.site import site

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "server.md"
FOLDERS = ("/opt/newslake", "/var/lib", "/var/backups", "/etc/systemd/system", "/usr/local/bin")
NOT_HERE = {"server", "engine", "cluster"}
"""Blocks that need PostgreSQL's own user, a container engine or a cluster; tests of their own look at what they use."""

# Commands that only root may give, or that change the machine, are noted and pass; a service once started ingests.
_NOTED = ("apt-get", "useradd", "userdel", "adduser", "systemctl", "journalctl")
_SUDO = 'if [ "$1" = --login ]; then cd "$HOME"; shift 3; fi; exec "$@"'
_INSTALL = """for word; do
    shift
    case $word in --owner=*|--group=*) ;; *) set -- "$@" "$word" ;; esac
done
exec /usr/bin/install "$@\""""
# An environment of its own, or one that is what the tests run in.
_OWN_ENVIRONMENT = f'exec {sys.executable} "$@"'
_THIS_ENVIRONMENT = f"""mkdir -p .venv/bin
printf '#!/bin/sh\\nexit 0\\n' > .venv/bin/pip
printf '#!/bin/sh\\nexec {sys.executable} -m flows.cli "$@"\\n' > .venv/bin/newslake
chmod +x .venv/bin/*"""


def blocks(page: str) -> list[tuple[str, str]]:
    """Label, mostly empty, and text of each block of shell commands."""
    return re.findall(r"^```sh(?: (\w+))?\n(.*?)^```$", page, re.M | re.S)


def follow(machine: Path, *, install: bool) -> Iterator[tuple[str, subprocess.CompletedProcess[str]]]:
    """Run the page's blocks, each as one shell, and yield each with its end; whoever reads may stop at a failure."""
    environment = _prepare(machine, install)
    with site() as served:
        served.article("/ferry", "Ferry to sail again before winter")
        served.feed("/feed", {"/ferry": ""})
        for label, text in blocks(PAGE.read_text(encoding="utf-8")):
            if label not in NOT_HERE:
                adapted = adapt(text, machine, f"{served.url}/feed")
                done = subprocess.run(
                    ["sh", "-eu", "-c", adapted], env=environment, cwd=machine, capture_output=True, text=True
                )
                yield text, done


def adapt(text: str, machine: Path, url: str) -> str:
    """A block whose folders are in ``machine``, and whose repository and source are at hand."""
    for folder in FOLDERS:
        text = re.sub(rf"(?<![\w.]){folder}", f"{machine}{folder}", text)
    text = re.sub(r"git clone \S+", f"git clone --quiet {machine}/origin.git", text)
    text = text.replace("sources add https://", f"sources add --allow-private --id shorepost {url} #")
    outside = re.sub(re.escape(str(machine)) + r"\S*", "", text)
    assert not re.search(r"(?<![\w./:])/(?!dev/stdin|dev/null|bin/bash)\w", outside), (
        outside
    )  # root may run the tests
    return text


def _prepare(machine: Path, install: bool) -> dict[str, str]:
    """Make the machine's folders and commands; returns the environment of its shells."""
    for folder in FOLDERS[1:]:
        (machine / folder[1:]).mkdir(parents=True)
    commands = {name: f'echo {name} "$@" >> {machine}/noted' for name in _NOTED}
    commands["systemctl"] += '\n[ "$*" != "enable --now newslake" ] || (cd "$HOME" && newslake ingest)'
    commands |= {"sudo": _SUDO, "install": _INSTALL}
    commands |= {"python3": _OWN_ENVIRONMENT if install else _THIS_ENVIRONMENT}
    for name, script in commands.items():
        command = machine / "commands" / name
        command.parent.mkdir(exist_ok=True)
        command.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        command.chmod(0o755)
    origin = machine / "origin.git"
    for arguments in (["init", "-b", "main"], ["fetch", "--depth=1", ROOT.as_uri(), "HEAD:main"]):
        subprocess.run(["git", f"--git-dir={origin}", *arguments, "--quiet"], check=True)
    kept = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "LANG", "TMPDIR"))}
    own = {} if install else {"PYTHONPATH": str(ROOT)}
    path = f"{machine}/commands:{machine}/usr/local/bin:/usr/bin:/bin"
    return kept | own | {"PATH": path, "HOME": f"{machine}/var/lib/newslake"}


def main() -> None:
    """Follow the page, show what each block printed, and stop at the first that fails."""
    with tempfile.TemporaryDirectory(prefix="newslake-server-") as folder:
        for text, done in follow(Path(folder), install=True):
            print(f"\n{text}{done.stdout}{done.stderr}", flush=True)
            if done.returncode:
                sys.exit(f"ended with {done.returncode}")
    print("docs/server.md works as it is written")


if __name__ == "__main__":
    main()
