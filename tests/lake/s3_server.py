"""An S3 server for the tests, on loopback and in memory: ``python -m tests.lake.s3_server`` prints its port.

A store decides a conditional put at once; moto looks first and writes then, so it is given one request at a time.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server


def serve() -> None:
    """Serve until killed."""
    app = DomainDispatcherApplication(create_backend_app)
    one_at_a_time = threading.Lock()

    def answer(environment: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        with one_at_a_time:
            return app(environment, start)

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, answer, threaded=True)
    print(server.port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    serve()
