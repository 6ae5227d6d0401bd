"""The newsroom's pages as a web archive, for tests that load them."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.newsroom.articles import Article
from tests.newsroom.templates import Frame, page


def archive(path: Path, pages: Iterable[tuple[Article, str, datetime]]) -> None:
    """Write articles, each at its address as it was captured at a time, to the WARC file ``path``."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=False)
        for article, url, time in pages:
            frame = Frame(url.removesuffix(article.path), url, ("News",), ())
            body = page(article, frame).encode(article.outlet.encoding)
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    url,
                    "response",
                    payload=io.BytesIO(body),
                    http_headers=headers,
                    warc_headers_dict={"WARC-Date": f"{time:%Y-%m-%dT%H:%M:%SZ}"},
                )
            )
