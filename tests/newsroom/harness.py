"""The newsroom in a process of its own, for the time of a ``with`` block."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.newsroom import sources
from tests.newsroom.log import Entry
from tests.newsroom.outlets import OUTLETS

ROOT = Path(__file__).parents[2]
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # whatever proxy is set


@dataclass(frozen=True, slots=True)
class Room:
    """A running newsroom."""

    port: int

    def url(self, k: int, path: str = "") -> str:
        """An address of outlet ``k``; without a path its feed, sitemap or index page."""
        outlet = OUTLETS[k]
        path = path or outlet.feed or outlet.sitemap or outlet.pages[0]
        return self.at(outlet.host, path)

    def other(self, number: int, path: str = "/feed.xml") -> str:
        """An address of generic outlet ``number``, from 0: each is a host of its own, the first 250 are 127.0.1.x."""
        return self.at(f"127.{number // 250}.1.{1 + number % 250}", path)

    def at(self, host: str, path: str) -> str:
        """An address of any host of 127/8."""
        return f"http://{host}:{self.port}{path}"

    def faults(self, count: int | None = None, spread: int = 1) -> list[tuple[str, str]]:
        """Faults and their addresses, as ``/fault/feed.xml`` lists them; without a count, each fault once."""
        from tests.newsroom.app import fault_names, fault_urls

        urls = fault_urls(self.port, count or len(fault_names()), spread)
        return [(name, url) for name, _, url in urls]

    def fault_feed(self, count: int, spread: int = 1) -> str:
        """The address of the feed that lists ``count`` of them."""
        return self.at("127.0.2.1", f"/fault/feed.xml?n={count}&spread={spread}")

    def advance(self) -> int:
        """Go to the next edition, and give its number."""
        edition: int = self._control("POST", "advance")["edition"]
        return edition

    def reset(self) -> None:
        """Back to edition 0, with an empty log."""
        self._control("POST", "reset")

    def log(self) -> list[Entry]:
        """All requests so far, in order of their arrival."""
        return [Entry(**json.loads(line)) for line in self._ask("GET", "log").splitlines()]

    def sources(self, folder: Path) -> list[Path]:
        """Write one source file for each outlet."""
        return sources.write(folder, self.port)

    def _control(self, method: str, name: str) -> dict[str, Any]:
        state: dict[str, Any] = json.loads(self._ask(method, name))
        return state

    def _ask(self, method: str, name: str) -> bytes:
        request = urllib.request.Request(self.at("127.0.0.1", f"/__/{name}"), method=method)
        with _DIRECT.open(request, timeout=30) as answer:
            body: bytes = answer.read()
        return body


@contextmanager
def newsroom(now: datetime | None = None) -> Iterator[Room]:
    """A newsroom of its own, stopped at the end; ``now`` (UTC): the day that it takes for today.

    It ends by itself, too, when this process dies. Raises RuntimeError where it does not start.
    """
    command = [sys.executable, "-m", "tests.newsroom", "--port", "0", "--until-input-ends"]
    command += ["--now", f"{now:%Y-%m-%d}"] if now else []
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin and process.stdout
        try:
            port = process.stdout.readline().strip()
            if not port.isdigit():
                raise RuntimeError(f"the newsroom did not start; it ended with {process.wait(5)}")
            yield Room(int(port))
        finally:
            process.stdin.close()
            try:
                process.wait(3)
            except subprocess.TimeoutExpired:
                process.kill()
