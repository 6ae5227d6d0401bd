"""A site on loopback whose pages a test sets; it keeps a log of what was asked for."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SENTENCES = (
    "The harbour office of {name} said on Monday that the ferry would not sail before the storm had passed.",
    "Mara Lindqvist, who runs the office, told reporters that {name} had not seen such a swell for twenty years.",
    "Two boats were brought into the inner basin, and the fishermen of {name} spent the night on the quay.",
    "The council of {name} will meet on Thursday to decide whether the old breakwater is to be raised by a metre.",
)


@dataclass
class Page:
    """What a path answers. ``validators``: whether it sends an ETag and heeds If-None-Match."""

    body: str | bytes
    type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    validators: bool = True

    @property
    def bytes(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else self.body.encode()


@dataclass
class Site:
    """``pages``: path → what it answers, 404 for any other. ``asked``: the paths asked for, with the status given."""

    url: str = ""
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, int]] = field(default_factory=list)

    def article(self, path: str, title: str, more: str = "") -> None:
        """Publish an article."""
        text = "".join(f"<p>{sentence.format(name=title)}</p>" for sentence in SENTENCES)
        self.pages[path] = Page(
            f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{text}<p>{more}</p></article>"
            "</body></html>"
        )

    def feed(self, path: str, items: dict[str, str], extra: str = "") -> None:
        """An RSS feed of ``items``: path → the item's other elements."""
        listed = "".join(f"<item><link>{self.url}{p}</link>{more}</item>" for p, more in items.items())
        self.pages[path] = Page(
            f'<rss version="2.0"><channel><title>Shore Post</title>{extra}{listed}</channel></rss>',
            "application/rss+xml",
        )

    def take(self) -> list[str]:
        """The paths asked for since the last call, robots.txt aside."""
        paths = [path for path, _ in self.asked if path != "/robots.txt"]
        self.asked.clear()
        return paths


@contextmanager
def site(host: str = "127.0.0.1") -> Iterator[Site]:
    """Serve a site until the block ends."""
    served = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            page = served.pages.get(self.path, Page("nothing here", status=404))
            etag = f'"{hashlib.md5(page.bytes).hexdigest()}"'
            fresh = page.validators and self.headers.get("If-None-Match") == etag
            status = 304 if fresh else page.status
            served.asked.append((self.path, status))
            body = b"" if fresh else page.bytes
            self.send_response(status)
            if page.validators:
                self.send_header("ETag", etag)
            for name, value in (
                {"Content-Type": page.type, "Content-Length": str(len(body))} | page.headers
            ).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None: ...

    server = ThreadingHTTPServer((host, 0), Handler)
    served.url = f"http://{host}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
