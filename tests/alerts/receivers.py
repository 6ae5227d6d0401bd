"""Receivers of alerts on loopback: an HTTP server and a mail server."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Hook:
    """What an HTTP server took, and how it answers: its status, and how many seconds after it took it."""

    status: int = 200
    delay: float = 0.0
    port: int = 0
    taken: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    asked: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks/hushhush"

    def statuses(self) -> list[tuple[str, str]]:
        return [(body["key"], body["status"]) for body in self.taken]


@contextmanager
def hook() -> Iterator[Hook]:
    """A webhook's receiver."""
    state = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            state.asked += 1
            if state.status < 300:
                state.headers.append({name.lower(): value for name, value in self.headers.items()})
                state.taken.append(body)
            time.sleep(state.delay)
            self.send_response(state.status)
            if state.status == 302:
                self.send_header("location", "/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        block_on_close = False  # one that sleeps is not waited for

        def handle_error(self, *_: object) -> None:
            pass  # who asked is gone

    with Server(("127.0.0.1", 0), Handler) as server:
        state.port = server.server_port
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield state
        server.shutdown()


@dataclass
class Post:
    """What a mail server took, as whom, and what it answers to each mail: its own line, or that it took it."""

    answer: str = "250 taken"
    port: int = 0
    taken: list[Message] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    users: list[str] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.taken.append(message_from_bytes(envelope.content))
            self.recipients.append(envelope.rcpt_tos)
        return self.answer

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.users.append(data.login.decode())
        return AuthResult(success=data.password == b"hushhush", handled=False)


@contextmanager
def post(tls: ssl.SSLContext | None = None, *, login: bool = False) -> Iterator[Post]:
    """A mail server; with ``tls`` it offers STARTTLS, with ``login`` it takes mail of those who log in alone."""
    state = Post()
    controller = Controller(
        state, hostname="127.0.0.1", port=0, tls_context=tls, authenticator=state.authenticate,
        auth_required=login, auth_require_tls=tls is not None, require_starttls=tls is not None,
    )  # fmt: skip
    controller.port = _free_port()
    controller.start()
    state.port = controller.port
    try:
        yield state
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
