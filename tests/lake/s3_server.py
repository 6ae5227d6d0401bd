"""An S3 server for the tests, on loopback and in memory: ``python -m tests.lake.s3_server`` prints its port.

A store decides a conditional put at once; moto looks first and writes then, so it is given one request at a time.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx


def serve() -> None:
    """Serve until killed."""
    # Here, since the tests that talk to it import this module too.
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    app = DomainDispatcherApplication(create_backend_app)
    one_at_a_time = threading.Lock()

    def answer(environment: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        with one_at_a_time:
            return app(environment, start)

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, answer, threaded=True)
    print(server.port, flush=True)
    server.serve_forever()


@contextmanager
def running() -> Iterator[str]:
    """The address of a server in a process of its own, with an empty bucket ``news``."""
    command = [sys.executable, "-m", "tests.lake.s3_server"]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=-1, text=True) as process:
        assert process.stdout
        address = f"http://127.0.0.1:{process.stdout.readline().strip()}"
        httpx.put(f"{address}/news").raise_for_status()
        yield address
        process.kill()


if __name__ == "__main__":
    serve()
