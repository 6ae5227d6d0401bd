"""``python -m tests.newsroom.serve_demo``: `newslake serve` over the newsroom, which goes to press each minute."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
import yaml

from tests.newsroom import newsroom

DEPLOYMENTS = Path(__file__).parents[2] / "deployments" / "prefect.yaml"


def often(folder: Path, schedule: dict[str, Any]) -> Path:
    """The deployments as they are, but for an ingest on another schedule, which asks for every list at once."""
    content = yaml.safe_load(DEPLOYMENTS.read_text(encoding="utf-8"))
    (ingest,) = (found for found in content["deployments"] if found["name"] == "new")
    ingest |= {"schedules": [schedule], "parameters": {"minutes": 13, "force": True}}
    file = folder / "prefect.yaml"
    file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return file


@click.command()
@click.option("--port", default=4200, show_default=True)
@click.option("--every", default=60, show_default=True, help="Seconds from one ingest to the next.")
def main(port: int, every: int) -> None:
    """Serve until Ctrl-C; the lake and Prefect's database are gone then."""
    with newsroom() as room, tempfile.TemporaryDirectory(prefix="newslake-demo-") as place:
        folder = Path(place)
        room.sources(folder / "sources")
        deployments = often(folder, {"interval": every, "timezone": "UTC"})
        command = [
            sys.executable,
            "-m",
            "flows.cli",
            "serve",
            "--port",
            str(port),
            "--home",
            str(folder / "home"),
        ]
        command += ["--lake", str(folder / "lake"), "--sources", str(folder / "sources")]
        command += ["--deployments", str(deployments)]
        environment = os.environ | {"NEWSLAKE_CONTACT": "demo@newslake.example"}
        print(f"the lake: newslake sql --lake {folder / 'lake'}", flush=True)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with subprocess.Popen(command, env=environment) as serving:
            try:
                while serving.poll() is None:
                    with suppress(subprocess.TimeoutExpired):
                        serving.wait(every)
                    room.advance()
            except KeyboardInterrupt:
                serving.terminate()
                serving.wait()
        sys.exit(serving.returncode)


if __name__ == "__main__":
    main()
