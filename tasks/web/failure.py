"""Why an address could not be fetched, and whether trying again may help."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from datetime import datetime

import h2.exceptions
import httpx

from tasks.files.model import Outcome

# What the network may do to a request. HTTP/2's own errors reach us as they are; a TLS or socket error may as well.
NETWORK_ERRORS = (httpx.TransportError, h2.exceptions.H2Error, OSError)

_USERINFO = re.compile(r"//[^/?#\s]*@")
_LONGEST = 300


class Failure(Exception):
    """Ends one attempt. Never leaves the package.

    ``retry``: whether another attempt may do better. ``retry_at``: before it the host does not want to be asked.
    """

    def __init__(
        self, outcome: Outcome, reason: object, *, retry: bool = False, retry_at: datetime | None = None
    ) -> None:
        """``reason`` is escaped here."""
        super().__init__(escaped(reason))
        self.outcome = outcome
        self.retry = retry
        self.retry_at = retry_at


def escaped(message: object) -> str:
    """A message as one line: control characters escaped, what stands before @ in an address removed, shortened."""
    text = _USERINFO.sub("//", str(message)[: 4 * _LONGEST])
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def of_error(error: Exception) -> Failure:
    """The failure that one of ``NETWORK_ERRORS`` stands for."""
    reason = str(error) or type(error).__name__
    match error:
        case httpx.ConnectTimeout():
            return Failure(Outcome.TIMEOUT, "connecting took too long", retry=True)
        case httpx.TimeoutException():
            return Failure(Outcome.TIMEOUT, "the server sent nothing for too long")
        case httpx.ProxyError():
            refused = reason.startswith("4")  # "403 Forbidden": the proxy's own answer
            return Failure(Outcome.UNREACHABLE, f"the proxy answered {reason}", retry=not refused)
        case httpx.ConnectError():
            final = any(_is_final(cause) for cause in _causes(error))
            return Failure(Outcome.UNREACHABLE, f"no connection: {reason}", retry=not final)
        case _:
            return Failure(Outcome.BROKEN, f"the connection broke off: {reason}", retry=True)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _is_final(error: BaseException) -> bool:
    """A wrong certificate stays wrong, and a name that does not exist will not appear within seconds."""
    return isinstance(error, ssl.SSLCertVerificationError) or (
        isinstance(error, socket.gaierror) and error.errno == socket.EAI_NONAME
    )
