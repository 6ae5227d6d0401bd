"""robots.txt by RFC 9309, asked for once per origin and run."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import httpx
from protego import Protego

from tasks.files.model import Outcome
from tasks.web.failure import Failure
from tasks.web.model import Request, Response

MAX_BYTES = 500 << 10
MAX_REDIRECTS = 5
# A host may ask for more, but a run would not end.
MAX_DELAY = 30.0

_ALLOWED = frozenset(
    {
        Outcome.EMPTY,
        Outcome.NOT_FOUND,
        Outcome.GONE,
        Outcome.DENIED,
        Outcome.CLIENT_ERROR,
        Outcome.REDIRECT_LOOP,
    }
)
# A line ends with CR, LF or both.
_AGENT = re.compile(r"((?:^|(?<=[\r\n]))[ \t]*user[ -]?agent[ \t:]*)([A-Za-z_-]+)[^\r\n]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rules:
    """What one origin's robots.txt says to us.

    ``refusal`` is set where it could not be had and nothing may therefore be fetched: outcome, reason and when to ask
    again. ``crawl_delay`` in seconds, at most ``MAX_DELAY``.
    """

    agent: str
    parsed: Protego | None = None
    sitemaps: tuple[str, ...] = ()
    crawl_delay: float = 0.0
    refusal: tuple[Outcome, str, datetime | None] | None = None

    def check(self, url: httpx.URL) -> None:
        """Raises Failure (``robots``, ``deferred`` or ``address``) where the address may not be fetched."""
        if self.refusal is not None:
            outcome, reason, retry_at = self.refusal
            raise Failure(outcome, reason, retry_at=retry_at)
        if self.parsed is not None and not self.parsed.can_fetch(str(url), self.agent):
            raise Failure(Outcome.ROBOTS, "forbidden by robots.txt")


class Robots:
    """The rules of all origins of a run."""

    def __init__(
        self,
        agent: str,
        ask: Callable[[Request], Awaitable[Response]],
        seen: Callable[[Response], None],
    ) -> None:
        """``agent``: our product token. ``ask`` fetches a robots.txt; ``seen`` is told of each answer."""
        self._agent = agent
        self._ask = ask
        self._seen = seen
        self._rules: dict[tuple[str, bool], asyncio.Task[Rules]] = {}

    async def rules(self, url: httpx.URL, like: Request) -> Rules:
        """The rules for an address; robots.txt is asked for as politely as ``like``.

        All who need it wait for the same answer, whether or not the one who came first is cancelled.
        """
        address = f"{url.scheme}://{url.netloc.decode('ascii')}/robots.txt"
        key = (address, like.allow_private)
        if key not in self._rules:
            self._rules[key] = asyncio.create_task(self._fetch(address, like))
        task = self._rules[key]
        return task.result() if task.done() else await asyncio.shield(task)

    async def close(self) -> None:
        """Gives up what is still under way."""
        for task in self._rules.values():
            task.cancel()
        await asyncio.gather(*self._rules.values(), return_exceptions=True)

    async def _fetch(self, address: str, like: Request) -> Rules:
        response = await self._ask(
            Request(
                address,
                allow_private=like.allow_private,
                obey_robots=False,
                concurrency=like.concurrency,
                delay=like.delay,
                max_bytes=MAX_BYTES,
            )
        )
        self._seen(response)
        return read(response, self._agent)


def read(response: Response, agent: str) -> Rules:
    """The rules that an answer means: 2xx is parsed, 4xx allows everything, anything else nothing for now.

    Of the 4xx, 429 is no word about robots.txt but a plea to wait. An answer that cannot be had for its address is
    refused for the same reason as the pages.
    """
    if response.body is not None:
        return _parsed(response.body, agent)
    if response.outcome in _ALLOWED:
        return Rules(agent)
    refused = response.outcome is Outcome.ADDRESS and response.final_url is None
    outcome = Outcome.ADDRESS if refused else Outcome.DEFERRED
    reason = f"no robots.txt ({response.outcome}): {response.error}"
    return Rules(agent, refusal=(outcome, reason, response.retry_at))


def _parsed(body: bytes, agent: str) -> Rules:
    text = _AGENT.sub(lambda line: _exact(line, agent), body.decode("utf-8-sig", "replace"))
    parsed = Protego.parse(text)
    delay = min(parsed.crawl_delay(agent) or 0.0, MAX_DELAY)
    return Rules(agent, parsed, tuple(parsed.sitemaps), delay)


def _exact(line: re.Match[str], agent: str) -> str:
    """Protego takes any beginning of our name for our name; the standard wants the whole of it."""
    return line[1] + (agent if line[2].lower() == agent else "!")
