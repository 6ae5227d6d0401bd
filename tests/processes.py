"""Processes of their own, for what dies, is limited, or happens at once.

Each is forked by a server that has imported newslake and done no work: a new interpreter would import for seconds, and
a fork of the tests' own process, which runs threads of Arrow and DuckDB, would freeze.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["numpy.ma", "pytest", "flows.cli", "flows.journeys", "flows.rebuild"])


def alone(work: Callable[..., Any], *arguments: Any) -> Any:
    """What this function of a module returns in a process of its own, in this one's environment.

    Raises what it raises, BrokenProcessPool where it dies without a word.
    """
    with ProcessPoolExecutor(1, _CONTEXT, _environment, (dict(os.environ),)) as pool:
        return pool.submit(work, *arguments).result()


def together(works: Iterable[tuple[Any, ...]]) -> list[Any]:
    """What each function returns, given as a tuple with its arguments, all at once and each in its own process."""
    works = list(works)
    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(lambda work: alone(*work), works))


def _environment(environment: dict[str, str]) -> None:
    """The server's is that of the test which happened to start it."""
    os.environ.clear()
    os.environ.update(environment)
