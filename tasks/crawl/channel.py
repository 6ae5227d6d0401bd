"""From an event loop in a thread to a plain iterator: what a coroutine puts in, the caller gets."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")

# Bytes that may wait to be taken. A crawl that is faster than what follows it waits, instead of filling memory.
CAPACITY = 16 << 20


class Channel(Generic[T]):
    """Items on their way from coroutines of one event loop to one thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, size: Callable[[T], int]) -> None:
        """``size``: the bytes that an item holds."""
        self._loop = loop
        self._size = size
        self._items: deque[T] = deque()
        self._held = 0
        self._closed = False
        self._filled = threading.Condition()
        self._drained = asyncio.Event()

    async def put(self, item: T) -> None:
        """Hand over an item; waits while too much is held."""
        while self._held >= CAPACITY:
            self._drained.clear()
            if self._held >= CAPACITY:
                await self._drained.wait()
        with self._filled:
            self._items.append(item)
            self._held += self._size(item)
            self._filled.notify()

    def close(self) -> None:
        """Nothing more comes."""
        with self._filled:
            self._closed = True
            self._filled.notify()

    def __iter__(self) -> Iterator[T]:
        """The items, in order, until the channel is closed and empty."""
        while True:
            with self._filled:
                while not self._items and not self._closed:
                    self._filled.wait()
                if not self._items:
                    return
                item = self._items.popleft()
                self._held -= self._size(item)
                emptied = self._held < CAPACITY
            if emptied and not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self._drained.set)
            yield item


def iterate(produce: Callable[[Channel[T]], Awaitable[None]], size: Callable[[T], int]) -> Iterator[T]:
    """What ``produce`` puts into its channel, from an event loop of its own in a thread.

    An exception in ``produce`` is raised here, after the items before it. Closing the iterator cancels ``produce``.
    """
    loop = asyncio.new_event_loop()
    channel: Channel[T] = Channel(loop, size)

    async def run() -> None:
        try:
            await produce(channel)
        finally:
            channel.close()

    thread = threading.Thread(target=_serve, args=(loop,), name="crawl", daemon=True)
    thread.start()
    crawl = asyncio.run_coroutine_threadsafe(run(), loop)
    try:
        yield from channel
        crawl.result()
    finally:
        # At the interpreter's end the thread of an iterator that nobody has closed is gone: to wait for it is for ever.
        if not sys.is_finalizing():
            crawl.cancel()
            asyncio.run_coroutine_threadsafe(_wind_up(), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    loop.run_forever()


async def _wind_up() -> None:
    """Let what was cancelled come to its end."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
