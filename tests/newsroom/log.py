"""The newsroom's own log: one row a request, for tests that prove politeness."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

_OF_INTEREST = (
    "host", "user-agent", "if-none-match", "if-modified-since", "accept", "accept-encoding", "cookie", "referer",
    "authorization", "range", "from",
)  # fmt: skip


@dataclass(slots=True)
class Entry:
    """One request. Times are of the machine's monotonic clock, in seconds; ``end`` is None while it is answered.

    ``host``: the address that was connected to. ``target``: path and query as asked. ``bytes``: of the body, on the
    raw port of everything sent. ``status`` is 0 where none was sent.
    """

    host: str
    port: int
    method: str
    target: str
    start: float
    end: float | None = None
    status: int = 0
    bytes: int = 0
    headers: dict[str, str] = field(default_factory=dict)

    def finish(self) -> None:
        """The answer is over."""
        self.end = time.monotonic()


class Log:
    """All requests since the start or the last reset, in order of their arrival."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._counts: dict[str, int] = {}

    def begin(self, host: str, port: int, method: str, target: str, headers: Mapping[str, str]) -> Entry:
        """A request has come in."""
        kept = {name: headers[name] for name in _OF_INTEREST if name in headers}
        entry = Entry(host, port, method, target, time.monotonic(), headers=kept)
        self.entries.append(entry)
        return entry

    def count(self, address: str) -> int:
        """How often an address was asked for before this time."""
        before = self._counts.get(address, 0)
        self._counts[address] = before + 1
        return before

    def clear(self) -> None:
        """Forget everything."""
        self.entries.clear()
        self._counts.clear()

    def lines(self) -> str:
        """As JSON lines."""
        return "".join(json.dumps(asdict(entry)) + "\n" for entry in self.entries)
