"""The channel between the event loop and the journey."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tasks.crawl.channel import CAPACITY, Channel, iterate

ROOT = Path(__file__).parents[2]


def test_items_come_in_order() -> None:
    async def produce(channel: Channel[int]) -> None:
        for number in range(1_000):
            await channel.put(number)

    assert list(iterate(produce, lambda item: 1)) == list(range(1_000))


def test_a_fast_producer_waits() -> None:
    put = []

    async def produce(channel: Channel[int]) -> None:
        for number in range(10):
            await channel.put(number)
            put.append(number)

    items = iterate(produce, lambda item: CAPACITY)
    first = next(items)
    time.sleep(0.1)
    assert first == 0
    assert len(put) <= 2
    assert list(items) == list(range(1, 10))


def test_a_failure_comes_after_the_items_before_it() -> None:
    async def produce(channel: Channel[str]) -> None:
        await channel.put("one")
        raise RuntimeError("broken")

    items = iterate(produce, len)
    assert next(items) == "one"
    with pytest.raises(RuntimeError, match="broken"):
        next(items)


def test_whoever_stops_taking_stops_the_producer() -> None:
    ended = threading.Event()

    async def produce(channel: Channel[str]) -> None:
        try:
            await channel.put("one")
            await asyncio.sleep(60)
        finally:
            ended.set()

    items = iterate(produce, len)
    next(items)
    items.close()  # type: ignore[attr-defined]
    assert ended.wait(2)
    assert not [thread for thread in threading.enumerate() if thread.name == "crawl"]


def test_an_iterator_that_nobody_closes_does_not_hold_up_the_process() -> None:
    code = """
import asyncio
from tasks.crawl.channel import iterate
async def produce(channel):
    await channel.put("one")
    await asyncio.sleep(60)
def run():
    items = iterate(produce, len)
    next(items)
    raise RuntimeError("the traceback keeps the iterator")
run()
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=30, capture_output=True, text=True)
    assert done.stderr.endswith("RuntimeError: the traceback keeps the iterator\n")
