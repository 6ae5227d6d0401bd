"""Serves the newsroom: uvicorn for the application, a bare asyncio server for what HTTP forbids."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import uvicorn

from tests.newsroom.app import Newsroom
from tests.newsroom.articles import World
from tests.newsroom.raw import RawServer

_TRIES = 50
BACKLOG = 2048


def sockets(port: int) -> tuple[socket.socket, socket.socket]:
    """Two bound sockets, on ``port`` (0: any) and the port after it. Raises OSError where they are taken."""
    for attempt in range(_TRIES):
        first = _bound(port)
        try:
            return first, _bound(first.getsockname()[1] + 1)
        except OSError:
            first.close()
            if port or attempt == _TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _bound(port: int) -> socket.socket:
    # asyncio sets TCP_NODELAY only where the protocol is named; without it an answer takes 40 ms.
    handle = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    handle.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        handle.bind(("0.0.0.0", port))  # every address of 127/8 is a host
    except OSError:
        handle.close()
        raise
    return handle


async def serve(
    port: int, now: datetime | None, ready: Callable[[int], None], until_input_ends: bool
) -> None:
    """Serve until a signal comes, or standard input ends where that is asked for.

    ``ready`` is told the port once it is listened on.
    """
    front, raw = sockets(port)
    port = front.getsockname()[1]
    room = Newsroom(World.opened(now or datetime.now(UTC)), port)
    config = uvicorn.Config(
        room, lifespan="off", log_level="warning", access_log=False, backlog=BACKLOG, http="h11", loop="asyncio",
        server_header=False, timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = uvicorn.Server(config)
    below = await asyncio.start_server(RawServer(room.log, room.site.generic_page), sock=raw, backlog=BACKLOG)
    front.listen(BACKLOG)
    if until_input_ends:
        asyncio.get_running_loop().add_reader(sys.stdin, lambda: setattr(server, "should_exit", True))
    ready(port)
    await server.serve(sockets=[front])
    below.close()
