"""What a Prefect server must hold: the work pool, the automations and the deployments."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tasks.automations import CRASHED_RUNS, watch_after_failure
from tasks.serving.prefect_api import PrefectAPI, PrefectError

TICK = 0.25
"""Seconds between two looks at what is under way."""
OWN_DEPLOYMENTS = Path(__file__).parents[2] / "deployments" / "prefect.yaml"


def prepare(api: PrefectAPI) -> None:
    """Make the pool and the automation of crashed runs, or bring them up to date. Raises PrefectError.

    Runs are begun by this Python in this folder, which must be there on each machine that has a worker.
    """
    api.ensure_pool(str(Path.cwd()), f"{sys.executable} -m prefect.engine")
    api.ensure_automation(CRASHED_RUNS)


def prefect(*arguments: str) -> list[str]:
    """The command line of one of Prefect's commands."""
    return [sys.executable, "-m", "prefect", *arguments]


def deploy(
    api: PrefectAPI,
    deployments: Path,
    environment: Mapping[str, str],
    told: Callable[[str], None],
    stopping: Callable[[], bool] = lambda: False,
) -> None:
    """Apply all deployments of a file, and have one that is called ``watch`` run when a run of another has failed.

    ``told`` gets what Prefect says if it will not. Raises PrefectError, also where it is given up because of
    ``stopping``: on a busy machine it takes minutes.
    """
    command = prefect("--no-prompt", "deploy", "--all", "--prefect-file", str(deployments))
    with subprocess.Popen(
        command, env=dict(environment), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        said = None
        while said is None:
            try:
                said, _ = process.communicate(timeout=TICK)
            except subprocess.TimeoutExpired:
                if stopping():
                    process.kill()
                    raise PrefectError("stopped while the deployments were applied") from None
    if process.returncode:
        told(said)
        raise PrefectError(f"the deployments of {deployments} could not be applied, as told above")
    found = api.deployments()
    if watch := next((each["id"] for each in found if each["name"] == "watch"), None):
        others = [each["id"] for each in found if each["name"] != "watch"]
        api.ensure_automation(watch_after_failure(watch, others))
