"""The polite HTTP client: one address in, one recorded outcome out."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType

import httpx

from tasks.files.model import Outcome
from tasks.web import address, failure, headers, retry, robots
from tasks.web.cookies import Cookies, none_kept
from tasks.web.exchange import Way
from tasks.web.failure import Failure
from tasks.web.hosts import Host, Hosts, Turn
from tasks.web.model import Request, Response
from tasks.web.proxies import Proxies
from tasks.web.transport import Resolve, Resolver, Transport, extensions

_OUTCOMES = {
    204: Outcome.EMPTY,
    205: Outcome.EMPTY,
    404: Outcome.NOT_FOUND,
    410: Outcome.GONE,
    429: Outcome.RATE_LIMITED,
    **dict.fromkeys((401, 402, 403, 407, 451), Outcome.DENIED),
    **dict.fromkeys(range(500, 600), Outcome.SERVER_ERROR),
}


@dataclass(frozen=True)
class Options:
    """How the client behaves. Times are seconds.

    ``connect``, ``read`` and ``total`` bound each attempt: to connect, between two reads, and for the whole address
    with its redirects and body, waiting for politeness not included. ``attempts``: how often an address is tried.
    ``backoff``: bound of the first pause between two of them; it doubles. ``concurrency``: requests at once, all hosts
    together. ``wait``: the longest Retry-After that is waited out; a longer one ends in ``deferred``.
    ``resolve``: name and port → IP addresses, in place of the system's resolver. ``verify``: TLS settings in place of
    the usual ones.
    """

    user_agent: str
    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0
    attempts: int = 3
    backoff: float = 1.0
    concurrency: int = 64
    max_redirects: int = 10
    wait: float = 60.0
    proxies: Proxies = field(default_factory=Proxies)
    resolve: Resolve | None = None
    verify: ssl.SSLContext | None = None


# Bodies of more than a megabyte that are read at once.
_LARGE_AT_ONCE = 4


def ignore(response: Response) -> None:
    """Nobody wants to see robots.txt."""


class Client:
    """Fetches addresses, each politely, by robots.txt, within its deadlines and limits. An async context manager.

    What a run learns (cookies, rules, how slow a host wants it) lives and dies with the client.
    """

    def __init__(self, options: Options, robots_seen: Callable[[Response], None] = ignore) -> None:
        """``robots_seen`` is told of each robots.txt answer, once per origin. Raises ValueError for bad options."""
        # They would write every address and, at DEBUG, every header, cookies among them.
        for name in ("httpx", "httpcore", "hpack"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self._options = options
        self._hosts = Hosts(options.concurrency, options.wait)
        self._robots = robots.Robots(
            headers.product_token(options.user_agent), self._fetch_robots, robots_seen
        )
        self._cookies = Cookies()
        self._large = asyncio.Semaphore(_LARGE_AT_ONCE)
        self._resolver = Resolver(options.concurrency)
        verify = options.verify or httpx.create_ssl_context(trust_env=False)
        resolve = options.resolve or self._resolver
        self._http = httpx.AsyncClient(
            transport=Transport(resolve, options.proxies, verify),
            headers=headers.standing(options.user_agent),
            cookies=none_kept(),
            timeout=httpx.Timeout(options.read, connect=options.connect, pool=None),
            trust_env=False,
        )

    async def __aenter__(self) -> Client:
        """Nothing is asked for yet."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Closes every connection."""
        await self._robots.close()
        await self._http.aclose()
        self._resolver.close()

    async def fetch(self, request: Request) -> Response:
        """How asking ended. Raises nothing that the network, or the address, is to blame for."""
        return await self._fetch(request, self._options.max_redirects)

    async def sitemaps(self, at: str | Request) -> list[str]:
        """The Sitemap lines of the robots.txt of an address's origin, as written; none where it cannot be had.

        A Request also tells how politely, and whether a private address is allowed.
        """
        request = Request(at) if isinstance(at, str) else at
        try:
            url = address.parse(request.url, allow_private=request.allow_private)
        except Failure:
            return []
        return list((await self._robots.rules(url, request)).sitemaps)

    async def _fetch_robots(self, request: Request) -> Response:
        return await self._fetch(request, robots.MAX_REDIRECTS, whole=False)

    async def _fetch(self, request: Request, max_redirects: int, *, whole: bool = True) -> Response:
        """``whole`` False: of a body that is too long, its first ``max_bytes`` are the body."""
        try:
            url = address.parse(request.url, allow_private=request.allow_private)
        except Failure as failed:
            return Response(request, failed.outcome, datetime.now(UTC), error=str(failed))
        way = Way(request, url, max_redirects, whole)
        while True:
            try:
                return await self._attempt(way)
            except Failure as failed:
                if not failed.retry or way.attempts >= self._options.attempts:
                    return way.response(failed.outcome, str(failed), retry_at=failed.retry_at)
                if failed.retry_at is None:  # else the host's queue does the waiting
                    await asyncio.sleep(retry.backoff(way.attempts, self._options.backoff))

    async def _attempt(self, way: Way) -> Response:
        """From where the way stands to its end. Raises Failure."""
        left = self._options.total
        counted = False
        while True:
            way.asking()
            request = way.request
            host = self._hosts[way.url.raw_host.decode("ascii")]
            host.at_least(request.delay, request.concurrency)
            if request.obey_robots:
                rules = await self._robots.rules(way.url, request)
                rules.check(way.url)
                host.at_least(rules.crawl_delay)
            async with host.turn() as turn:
                way.attempts += not counted
                counted = True
                way.begin()
                try:
                    async with asyncio.timeout(left):
                        response = await self._ask(way, host, turn)
                except TimeoutError:
                    raise Failure(
                        Outcome.TIMEOUT, f"not done within {self._options.total:g} seconds"
                    ) from None
                except failure.NETWORK_ERRORS as error:
                    raise failure.of_error(error) from error
                finally:
                    left -= way.pause()
            if response is not None:
                return response

    async def _ask(self, way: Way, host: Host, turn: Turn) -> Response | None:
        """One request; None where it ended in a redirect that the way has taken. Raises Failure, NETWORK_ERRORS."""
        request = way.request
        conditional = {} if way.moved else headers.validators(request)
        sent = self._http.build_request(
            "GET",
            way.url,
            headers=conditional,
            extensions=extensions(request.allow_private, turn.sent if host.delay else None),
        )
        self._cookies.attach(sent)
        way.check(sent)
        answer = await self._http.send(sent, stream=True)
        way.answered(answer)
        status = answer.status_code
        try:
            if status in {200, 203}:
                body = await way.read(answer, self._large)
            else:
                await way.drain(answer)
        finally:
            await way.leave(answer)
        self._cookies.keep(answer)
        if "location" in answer.extensions:
            way.follow(answer.extensions["location"], sent)
            return None
        if status in {200, 203}:
            host.succeeded(turn)
            if not body:
                return way.response(Outcome.EMPTY, "the body is empty")
            return way.response(Outcome.READ, body=body)
        if status == 304 and conditional:
            host.succeeded(turn)
            return way.response(Outcome.UNCHANGED)
        raise self._refused(status, answer.headers.get("retry-after"), host, turn)

    def _refused(self, status: int, asked: str | None, host: Host, turn: Turn) -> Failure:
        """The failure that a status means; the host is slowed down where it asks for it."""
        outcome = _OUTCOMES.get(status, Outcome.CLIENT_ERROR)
        if status in retry.THROTTLED:
            host.throttled(turn)
        elif status not in retry.RETRIED:
            host.succeeded(turn)
            return Failure(outcome, f"HTTP {status}")
        now = datetime.now(UTC)
        at = retry.retry_after(asked, now)
        if at is not None:
            host.close_until(at)
            if (at - now).total_seconds() > self._options.wait:
                reason = f"HTTP {status}, the host asked to wait until {at:%F %T}Z"
                return Failure(Outcome.DEFERRED, reason, retry_at=at)
        return Failure(outcome, f"HTTP {status}", retry=True, retry_at=at)
