"""A child process that is started again when it ends, and never outlives this one."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

FIRST_DELAY = 1.0
"""Seconds before a child that ended is started again: doubled each time."""
STEADY = 120.0
"""Seconds after which a child counts as running, and the next delay is the first again."""
MOST_ENDS = 6
"""Ends in a row, none of a steady child, after which it is hopeless."""

_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1


class Child:
    """One child process of a given name; ``told`` gets a line each time that it ends by itself.

    Start it from the main thread: Linux kills it when the thread that started it ends.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        told: Callable[[str], None],
        folder: Path | None = None,
        quiet: bool = False,
        delay: float = FIRST_DELAY,
    ) -> None:
        """Start nothing yet; ``quiet`` drops what it prints, but for its errors."""
        self.name, self._told = name, told
        self._command, self._environment, self._folder = command, environment, folder
        self._output = subprocess.DEVNULL if quiet else None
        self._process: subprocess.Popen[bytes] | None = None
        self._first_delay, self._ends, self._started, self._due = delay, 0, 0.0, 0.0

    def start(self) -> None:
        """Start it, in a process group of its own: Ctrl-C reaches this process alone, which stops each in its turn."""
        parent = os.getpid()

        def die_with_parent() -> None:
            if _LIBC:
                _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
                if os.getppid() != parent:  # it died before the line above
                    os._exit(1)

        self._started = time.monotonic()
        self._process = subprocess.Popen(
            self._command,
            env=dict(self._environment),
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            process_group=0,
            preexec_fn=die_with_parent,  # noqa: PLW1509 (this process has one thread)
        )

    @property
    def running(self) -> bool:
        """Whether it runs now."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._process.pid if self._process and self.running else None

    def look_after(self) -> bool:
        """Whether it has ended since the last look; tells why. ``start_when_due`` then starts it again."""
        if self._process is None or self.running:
            return False
        if time.monotonic() - self._started > STEADY:
            self._ends = 0
        delay = self._first_delay * 2**self._ends
        self._ends += 1
        self._told(f"{self.name} {_ending(self._process.returncode)}; starting it again in {delay:.0f} s")
        self._process, self._due = None, time.monotonic() + delay
        return True

    @property
    def hopeless(self) -> bool:
        """Whether it has ended too often, soon after each start."""
        return self._ends >= MOST_ENDS

    def start_when_due(self) -> None:
        """Start it again if it has ended and its delay is over."""
        if self._process is None and time.monotonic() >= self._due:
            self.start()

    def ask_to_stop(self) -> None:
        """Send SIGTERM, once."""
        if self._process and self.running:
            self._process.terminate()

    def stop(self, seconds: float) -> None:
        """Wait so long for it to end, then kill it with whatever it has started in its process group."""
        if not self._process:
            return
        try:
            self._process.wait(max(0.0, seconds))
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def _ending(code: int) -> str:
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
