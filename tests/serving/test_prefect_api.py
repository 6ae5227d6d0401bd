"""A Prefect server is logged in to where it asks for it, and what is none is told in a line."""

from __future__ import annotations

import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tasks.serving.prefect_api import PrefectAPI, PrefectError

LOGIN = f"Basic {b64encode(b'ada:hush:2').decode()}"


@contextmanager
def server(body: bytes) -> Iterator[str]:
    """One that answers with ``body`` whoever logs in as LOGIN; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.headers["Authorization"] == LOGIN else 401)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}/api"
        listening.shutdown()


def test_a_server_that_asks_for_a_login() -> None:
    with server(b'"3.8.8"') as url:
        with closing(PrefectAPI(url, "ada:hush:2")) as api:
            assert api.ask("GET", "/admin/version") == "3.8.8"
        with closing(PrefectAPI(url)) as api, pytest.raises(PrefectError, match="401"):
            api.ask("GET", "/admin/version")


def test_a_server_that_is_not_prefect() -> None:
    with (
        server(b"<html>") as url,
        closing(PrefectAPI(url, "ada:hush:2")) as api,
        pytest.raises(PrefectError, match="something other than Prefect"),
    ):
        api.ask("GET", "/admin/version")
