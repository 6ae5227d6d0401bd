"""A site on loopback, for tests: what its paths answer is given, what it is asked is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass
class Site:
    """``url`` has no slash at its end. ``pages``: path → body, in which {site} stands for ``url``; others are 404."""

    url: str
    pages: Mapping[str, str]
    asked: list[str] = field(default_factory=list)


@contextmanager
def serve(pages: Mapping[str, str]) -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            found = site.pages.get(self.path)
            body = b"nothing here" if found is None else found.replace("{site}", site.url).encode()
            self.send_response(404 if found is None else 200)
            self.send_header(
                "Content-Type", "text/plain" if self.path == "/robots.txt" else "text/html; charset=utf-8"
            )
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *message: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site = Site(f"http://127.0.0.1:{server.server_port}", pages)
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()


def rss(*paths: str, title: str = "Shore Post", language: str = "en-IE") -> str:
    """A feed whose items are these paths of the site, each newer than the one after it."""
    items = "".join(
        f"<item><title>Story {path}</title><link>{{site}}{path}</link>"
        f"<pubDate>Fri, 20 Nov 2026 {20 - n:02}:00:00 +0000</pubDate></item>"
        for n, path in enumerate(paths)
    )
    return f'<rss version="2.0"><channel><title>{title}</title><language>{language}</language>{items}</channel></rss>'


def sitemap(*paths: str) -> str:
    """A sitemap of these paths of the site."""
    urls = "".join(f"<url><loc>{{site}}{path}</loc></url>" for path in paths)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


def story(title: str, author: str) -> str:
    """An article's page."""
    paragraphs = "".join(
        f"<p>The harbour office said on day {day} that the ferry to the islands would sail again before winter, "
        "and that every passenger who had paid for a crossing would be asked to choose another date.</p>"
        for day in range(1, 7)
    )
    return (
        f'<html lang="en"><head><title>{title} | Shore Post</title><meta property="og:title" content="{title}">'
        '<meta property="article:published_time" content="2026-11-20T20:00:00Z">'
        f'<meta name="author" content="{author}"></head>'
        f"<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    )
