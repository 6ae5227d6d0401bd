"""What a process of a benchmark took of memory."""

from __future__ import annotations

from pathlib import Path


def peak() -> float:
    """The most that this process has had, in MiB; not ``ru_maxrss``, which begins with what its parent had."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) / 1024
