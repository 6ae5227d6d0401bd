"""Politeness: whose turn it is at each host.

A host has a queue of its own, first come first served, and only the request at its head waits for a slot, for the
delay and then for one of the slots that all hosts share. One slow host therefore delays no other.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from tasks.files.model import Outcome
from tasks.web.failure import Failure

# Seconds between two starts at a host that said 429 or 503: the first, and the most that it doubles to.
_SLOWED_FIRST = 1.0
_SLOWED_MOST = 60.0
# Added to each delay, so that it is kept at the host too, where one request may come in later than the next.
_JITTER = 0.01


class Turn:
    """One request's leave to be sent."""

    def __init__(self, host: Host) -> None:
        """The host's queue stands still until ``sent`` or the turn's end."""
        self._host: Host | None = host
        self.granted = time.monotonic()

    def sent(self) -> None:
        """The request goes out now: the delay to the next one counts from here."""
        if self._host is not None:
            self._host.started()
            self._host = None


class Host:
    """Turns at one host; ``concurrency`` and ``delay`` only ever become stricter."""

    def __init__(self, everyone: asyncio.Semaphore, longest_wait: float) -> None:
        """``longest_wait``: seconds; a host that asks for more is not waited for."""
        self._everyone = everyone
        self._longest_wait = longest_wait
        self._line = asyncio.Lock()
        self._left = asyncio.Event()
        self._active = 0
        self._concurrency = 1 << 30
        self._delay = 0.0
        self._slowed = 0.0
        self._slowed_at = self._started_at = self._closed_until = float("-inf")

    @property
    def delay(self) -> float:
        """Seconds between two starts, as things stand."""
        return max(self._delay, self._slowed)

    def at_least(self, delay: float, concurrency: int | None = None) -> None:
        """No less than this delay in seconds, no more than this many requests at once."""
        if delay > self._delay:
            self._delay = delay
            self._wait_from_now()
        if concurrency is not None:
            self._concurrency = min(self._concurrency, max(1, concurrency))

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Turn]:
        """Waits for the turn. Raises Failure (``deferred``) where the host has asked for too long a wait."""
        await self._line.acquire()
        turn = Turn(self)
        try:
            await self._admission()
        except BaseException:
            self._line.release()
            raise
        self._active += 1
        turn.granted = time.monotonic()
        if not self.delay:
            turn.sent()
        try:
            yield turn
        finally:
            turn.sent()
            self._active -= 1
            self._left.set()
            self._everyone.release()

    async def _admission(self) -> None:
        """Returns with one of everyone's slots taken."""
        while True:
            while self._active >= self._concurrency:
                self._left.clear()
                await self._left.wait()
            self._check_open()
            if (pause := self._pause()) > 0:
                await asyncio.sleep(pause)
                continue
            await self._everyone.acquire()
            # The host may have asked to wait while we did.
            if self._pause() <= 0:
                return
            self._everyone.release()

    def _pause(self) -> float:
        spacing = self.delay + _JITTER if self.delay else 0.0
        return max(self._started_at + spacing, self._closed_until) - time.monotonic()

    def _check_open(self) -> None:
        left = self._closed_until - time.monotonic()
        if left > self._longest_wait:
            at = datetime.now(UTC) + timedelta(seconds=left)
            raise Failure(Outcome.DEFERRED, f"the host asked to wait until {at:%F %T}Z", retry_at=at)

    def started(self) -> None:
        """For Turn: a request goes out, the next in line may prepare."""
        self._started_at = time.monotonic()
        self._line.release()

    def succeeded(self, turn: Turn) -> None:
        """Halves what the host was slowed down by."""
        if self._slowed and turn.granted > self._slowed_at:
            self._slowed = self._slowed / 2 if self._slowed > _SLOWED_FIRST / 4 else 0.0

    def throttled(self, turn: Turn) -> None:
        """Doubles the delay, once for all requests that were under way together."""
        if turn.granted > self._slowed_at:
            self._slowed = min(_SLOWED_MOST, max(_SLOWED_FIRST, 2 * self.delay))
            self._slowed_at = time.monotonic()
            self._wait_from_now()

    def _wait_from_now(self) -> None:
        """The delay has risen. Without one, nobody looked when the latest request really went out."""
        if self._started_at > float("-inf"):
            self._started_at = time.monotonic()

    def close_until(self, at: datetime) -> None:
        """Nothing is sent to the host before ``at``."""
        left = (at - datetime.now(UTC)).total_seconds()
        self._closed_until = max(self._closed_until, time.monotonic() + left)


class Hosts:
    """All hosts of a run, by name."""

    def __init__(self, concurrency: int, longest_wait: float) -> None:
        """``concurrency``: requests at once, all hosts together."""
        everyone = asyncio.Semaphore(concurrency)
        self._hosts: defaultdict[str, Host] = defaultdict(lambda: Host(everyone, longest_wait))

    def __getitem__(self, name: str) -> Host:
        """The host of that name, in lower case."""
        return self._hosts[name]
