"""One address on its way: the redirects so far, the answer that it got, and what that took."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urljoin

import httpx

from tasks.files.model import Outcome
from tasks.web import address, headers
from tasks.web.body import Body
from tasks.web.failure import NETWORK_ERRORS, Failure
from tasks.web.model import Redirect, Request, Response

# A body of more bytes waits for its turn, so that many large ones at once do not fill the memory.
_LARGE = 1 << 20
# How many bytes, for how many seconds, are read of a body that nobody wants.
_DRAINED = 1 << 16
_DRAINED_FOR = 1.0


@dataclass
class Way:
    """Where an address stands. ``whole`` False: of a body that is too long, its first ``max_bytes`` are the body."""

    request: Request
    url: httpx.URL
    max_redirects: int
    whole: bool = True
    attempts: int = 0
    _elapsed: float = 0.0
    _began: float | None = None
    _redirects: list[Redirect] = field(default_factory=list)
    _visited: set[tuple[str, str | None]] = field(default_factory=set)
    _answer: httpx.Response | None = None
    _final_url: str | None = None
    _received: int = 0
    _ended: bool = False

    @property
    def moved(self) -> bool:
        """Whether a redirect was followed."""
        return bool(self._redirects)

    def asking(self) -> None:
        """A request is about to be made: what came before it is no answer to it."""
        self._answer = None
        self._received = 0

    def begin(self) -> None:
        """Time counts from here."""
        self._began = time.monotonic()

    def pause(self) -> float:
        """Time no longer counts. The seconds since ``begin``."""
        spent = self._running()
        self._elapsed += spent
        self._began = None
        return spent

    def _running(self) -> float:
        return 0.0 if self._began is None else time.monotonic() - self._began

    def check(self, sent: httpx.Request) -> None:
        """Raises Failure if this very request was answered with a redirect before.

        A site may set a cookie and send us back, so only the same address with the same cookies is a circle.
        """
        if self.moved and _key(sent) in self._visited:
            raise Failure(Outcome.REDIRECT_LOOP, "redirects in a circle")

    def answered(self, answer: httpx.Response) -> None:
        """The head of an answer is there."""
        self._answer = answer
        self._final_url = str(self.url)
        self._ended = False

    def follow(self, location: str, sent: httpx.Request) -> None:
        """Moves on to where a redirect leads. Raises Failure."""
        assert self._answer is not None
        try:
            joined = urljoin(str(self.url), location)
        except ValueError as error:
            raise Failure(Outcome.REDIRECT_LOOP, f"redirected to no address: {error}") from None
        target = address.parse(joined, allow_private=self.request.allow_private)
        if len(self._redirects) == self.max_redirects:
            raise Failure(Outcome.REDIRECT_LOOP, f"more than {self.max_redirects} redirects")
        self._visited.add(_key(sent))
        self._redirects.append(Redirect(self._answer.status_code, str(target)))
        self.url = target

    async def read(self, answer: httpx.Response, room: asyncio.Semaphore) -> bytes:
        """The body, decompressed; a large one waits in between until there is ``room`` for it. Raises Failure."""
        limit = self.request.max_bytes
        declared = answer.headers.get("content-length", "")
        if self.whole and declared.isdecimal() and (len(declared) > 15 or int(declared) > limit):
            raise Failure(Outcome.TOO_LARGE, f"longer than {limit} bytes: {declared[:20]}")
        body = Body(answer.headers.get("content-encoding", ""), limit)
        is_large = False
        try:
            async for chunk in answer.aiter_raw():
                body.feed(chunk)
                if body.size > _LARGE and not is_large:
                    is_large = await room.acquire()
            self._ended = True
            return body.finish()
        except Failure as failed:
            if self.whole or failed.outcome is not Outcome.TOO_LARGE:
                raise
            return body.head()
        finally:
            self._received = body.received
            if is_large:
                room.release()

    async def drain(self, answer: httpx.Response) -> None:
        """Reads what little is left, so that the connection can be used again; its status has said all."""
        with contextlib.suppress(TimeoutError, *NETWORK_ERRORS):
            async with asyncio.timeout(_DRAINED_FOR):
                async for _ in answer.aiter_raw():
                    self._received = answer.num_bytes_downloaded
                    if self._received > _DRAINED:
                        return
                self._ended = True

    async def leave(self, answer: httpx.Response) -> None:
        """Lets go of the answer, read or not.

        httpcore does not reset an HTTP/2 stream that is given up: what the server still sends on it would use up the
        window that all streams share. The connection goes with it.
        """
        if not self._ended and answer.http_version == "HTTP/2":
            await answer.extensions["network_stream"].aclose()
        await answer.aclose()

    def response(
        self,
        outcome: Outcome,
        error: str | None = None,
        *,
        body: bytes | None = None,
        retry_at: datetime | None = None,
    ) -> Response:
        """How it ended."""
        given = self._answer.headers if self._answer is not None else httpx.Headers()
        media, charset = headers.content_type(given.get("content-type"))
        return Response(
            request=self.request,
            outcome=outcome,
            fetched_at=datetime.now(UTC),
            body=body,
            status=self._answer.status_code if self._answer is not None else None,
            headers=headers.received(given),
            final_url=self._final_url,
            redirects=tuple(self._redirects),
            content_type=media,
            charset=charset,
            retry_at=retry_at,
            size=len(body or b""),
            received=self._received,
            elapsed_ms=1000 * (self._elapsed + self._running()),
            attempts=self.attempts,
            error=error,
        )


def _key(sent: httpx.Request) -> tuple[str, str | None]:
    return str(sent.url), sent.headers.get("cookie")
