"""Connections that go only to addresses that were checked, whatever a name resolves to meanwhile."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpcore
import httpx

from tasks.files.model import Outcome
from tasks.web.address import is_literal, may_be_asked
from tasks.web.failure import Failure
from tasks.web.proxies import Proxies

# Name and port → IP addresses as strings, the best first. Raises OSError (socket.gaierror) where there is none.
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

# httpcore looks through all of a pool's connections for each request, through the idle ones by their square. Each
# origin therefore has a pool of its own: it holds no more connections than the host's concurrency allows.
_IDLE_FOR = 30.0
# Of more pools than this, those used longest ago are closed: a process may open some thousand sockets. Not one that
# was chosen so many seconds ago at most: its request may be about to begin.
_POOLS = 200
_CHOSEN_FOR = 1.0
# Addresses of one name that are tried.
_TRIED = 4


class Resolver:
    """The system's resolver, in threads of its own: names that time out must not hold up the others."""

    def __init__(self, threads: int) -> None:
        """``threads``: names that are looked up at once."""
        self._threads = ThreadPoolExecutor(threads, "resolve")

    async def __call__(self, host: str, port: int) -> list[str]:
        """The addresses of a name."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(
            self._threads, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
        return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))

    def close(self) -> None:
        """Look-ups under way are left to end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)


async def addresses_of(resolve: Resolve, host: str, port: int) -> Sequence[str]:
    """The addresses of a name, or the address that it is. Raises OSError."""
    return [host] if is_literal(host) else await resolve(host, port)


async def checked(resolve: Resolve, host: str, port: int, *, allow_private: bool) -> Sequence[str]:
    """Those addresses of a name that may be connected to. Raises OSError, and Failure where it has none but others.

    A public address beside a private one is used: only what was checked is connected to, so that nothing private is
    reached, and such a mixture is more often a mistake than an attack.
    """
    found = await addresses_of(resolve, host, port)
    allowed = [address for address in found if may_be_asked(address, allow_private=allow_private)]
    if found and not allowed:
        raise Failure(Outcome.ADDRESS, f"{host} is at {found[0]}, which is not public")
    return allowed


class _Backend(httpcore.AnyIOBackend):
    """Resolves, checks, and connects to the very addresses that it has checked."""

    def __init__(self, resolve: Resolve, *, allow_private: bool) -> None:
        super().__init__()
        self._resolve = resolve
        self._allow_private = allow_private

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        deadline = time.monotonic() + (timeout or 3600.0)
        try:
            async with asyncio.timeout(timeout):
                found = await checked(self._resolve, host, port, allow_private=self._allow_private)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"looking up {host} took too long") from error
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} has no address ({error})") from error
        failed: Exception = httpcore.ConnectError(f"{host} has no address")
        addresses = found[:_TRIED]
        for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            # Each address gets its share of the time, or one that never answers would use up all of it.
            share = max(0.0, deadline - time.monotonic()) / left
            try:
                return await super().connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed


class _Pool(httpx.AsyncHTTPTransport):
    """httpx's transport over a pool that connects through our backend."""

    def __init__(self, verify: ssl.SSLContext, backend: _Backend, proxy: httpx.URL | None) -> None:
        via = None
        if proxy is not None:
            given = httpx.Proxy(proxy)
            via = httpcore.Proxy(str(given.url), auth=given.raw_auth)
        # No super().__init__(): it would build the pool that this one takes the place of.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=verify,
            proxy=via,
            max_connections=None,
            max_keepalive_connections=None,
            keepalive_expiry=_IDLE_FOR,
            http2=True,
            network_backend=backend,
        )
        self.used = time.monotonic()

    @property
    def is_idle(self) -> bool:
        """Whether no request is under way."""
        return all(connection.is_idle() for connection in self._pool.connections)


class Transport(httpx.AsyncBaseTransport):
    """Sends each request over a pool of its own policy and proxy.

    Policies share no connection: one that was opened for ``allow_private`` would carry any request of its origin.
    The extension ``allow_private`` of a request tells its policy. A proxy's own address is the operator's word and
    not checked; the names that it is asked for are, as far as we can resolve them ourselves.
    """

    def __init__(self, resolve: Resolve, proxies: Proxies, verify: ssl.SSLContext) -> None:
        """``verify``: TLS settings of all connections."""
        self._resolve = resolve
        self._proxies = proxies
        self._verify = verify
        # The one used last stands last.
        self._pools: OrderedDict[tuple[bool, httpx.URL | None, str, bytes], _Pool] = OrderedDict()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises what httpx's own transport raises, and Failure (``address``)."""
        allow_private: bool = request.extensions["allow_private"]
        proxy = self._proxies.proxy_for(request.url) if self._proxies else None
        if proxy is not None:
            await self._check_target(request.url, allow_private)
        pool = self._pool(request.url, allow_private, proxy)
        await self._close_idle()
        response = await pool.handle_async_request(request)
        # httpx reads Location even where it is told not to follow, and raises for a bad one.
        if response.has_redirect_location:
            response.extensions["location"] = response.headers.pop("location")
        return response

    async def _check_target(self, url: httpx.URL, allow_private: bool) -> None:
        host = url.raw_host.decode("ascii")
        try:
            await checked(self._resolve, host, url.port or 0, allow_private=allow_private)
        except (OSError, UnicodeError):
            return  # a name that only the proxy can resolve

    def _pool(self, url: httpx.URL, allow_private: bool, proxy: httpx.URL | None) -> _Pool:
        key = (allow_private, proxy, url.scheme, url.netloc)
        pool = self._pools.get(key)
        if pool is None:
            backend = _Backend(self._resolve, allow_private=allow_private or proxy is not None)
            pool = self._pools[key] = _Pool(self._verify, backend, proxy)
        self._pools.move_to_end(key)
        pool.used = time.monotonic()
        return pool

    async def _close_idle(self) -> None:
        """Close the idle pools that are too many."""
        while len(self._pools) > _POOLS:
            before = time.monotonic() - _CHOSEN_FOR
            # Slow hosts are passed over: they must not keep all that came after them open.
            idle = (key for key, pool in self._pools.items() if pool.used < before and pool.is_idle)
            key = next(idle, None)
            if key is None:
                return
            await self._pools.pop(key).aclose()

    async def aclose(self) -> None:
        """Closes every connection."""
        for pool in self._pools.values():
            await pool.aclose()


def extensions(allow_private: bool, sent: Callable[[], None] | None) -> dict[str, Any]:
    """A request's extensions: its policy, and who is told at the moment that it goes out."""
    given: dict[str, Any] = {"allow_private": allow_private}
    if sent is not None:

        async def trace(event: str, info: dict[str, Any]) -> None:
            # A proxy is sent CONNECT before; the host itself hears of us with the request that follows.
            if event.endswith("send_request_headers.started") and info["request"].method != b"CONNECT":
                sent()

        given["trace"] = trace
    return given
