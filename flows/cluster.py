"""Extraction on a Dask cluster: each big batch is one Prefect task, which a worker of the cluster runs.

Workers get captures and give articles back. They reach Prefect's server, to tell how their task does, and not the lake.
"""

from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from contextvars import copy_context
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.settings import get_current_settings

from tasks.article import EXTRACTOR_VERSION
from tasks.extract import Cluster, Quirks, extract_rows
from tasks.lake.store import LakeError

if TYPE_CHECKING:
    from prefect_dask.task_runners import DaskTaskRunner

# Seconds that a cluster has to start its first worker.
PATIENCE = 120
# The step that waits for it is what is retried: see flows.load.
_EXTRACT = task(name="extract-on-cluster", cache_policy=NO_CACHE, persist_result=False)(extract_rows)


class Dask:
    """A cluster that a runner is connected to: see ``tasks.extract.Cluster``."""

    def __init__(self, runner: "DaskTaskRunner") -> None:
        """``runner`` is started. Raises TimeoutError where its cluster has no worker."""
        self._runner = runner
        # Of the flow, not of the step that extracts: a task within a step takes the step's arguments along to the
        # workers, the batch once more, and the lake with its keys.
        self._context = copy_context()
        runner.client.wait_for_workers(1, PATIENCE)
        self.batches = sum(runner.client.nthreads().values())  # type: ignore[no-untyped-call]

    def __call__(self, captures: pa.Table, quirks: Quirks) -> pa.Table:
        """An article a capture, by a worker. Another one takes over from a worker that dies.

        Raises BrokenProcessPool where several have died of the same batch, LakeError where the worker has an extractor
        of another version.
        """
        from distributed import KilledWorker

        try:
            arguments = {"captures": captures, "quirks": quirks}
            articles = self._context.copy().run(self._runner.submit, _EXTRACT, arguments).result()
        except KilledWorker as error:
            raise BrokenProcessPool(str(error)) from error
        if others := set(pc.unique(articles["extractor_version"]).to_pylist()) - {EXTRACTOR_VERSION}:
            raise LakeError(
                f"workers of the Dask cluster have extractor {', '.join(others)}, and this machine {EXTRACTOR_VERSION}:"
                " install one version of newslake on all"
            )
        return articles


@contextmanager
def dask(address: str | None) -> Iterator[Cluster | None]:
    """The cluster whose scheduler is at ``address``, while the running flow uses it; None where there is no address.

    Raises LakeError where something is lacking to use it, OSError where it does not answer.
    """
    if not address:
        yield None
        return
    try:
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError:
        raise LakeError(f"to extract on the cluster {address}, install newslake[cluster]") from None
    if not get_current_settings().api.url:
        raise LakeError(f"to extract on the cluster {address}, set PREFECT_API_URL: its workers report there")
    with DaskTaskRunner(address=address) as runner:
        yield Dask(runner)
