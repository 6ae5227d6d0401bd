"""Bodies of HTTP answers: Content-Encoding undone within the limits, and what they are."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from tasks.files.model import Limits, Media, Outcome, Refusal
from tasks.files.sniff import HEAD, Kind, sniff
from tasks.files.streams import Codec, Expanding, buffered

if TYPE_CHECKING:
    from collections.abc import Callable

_CODECS: dict[str, Codec] = {"gzip": "gzip", "x-gzip": "gzip", "zstd": "zstd"}
_MAGIC: dict[str, bytes] = {"gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}

_HTML_TYPES = {"text/html", "application/xhtml+xml"}
_UNTYPED = {"", "application/octet-stream", "application/unknown", "unknown/unknown", "text/unknown"}
WHY = {
    Outcome.EMPTY: "has an empty body",
    Outcome.BINARY: "is binary whatever its type says",
    Outcome.NOT_HTML_OR_TEXT: "is neither HTML nor text",
}


def media_of(content_type: str, body: bytes) -> Media | Outcome:
    """What the body of an HTTP answer is, by its type and its first bytes, or why it is no document."""
    mime = content_type.partition(";")[0].strip().lower()
    kind = sniff(body[:HEAD], whole=len(body) <= HEAD).kind
    if mime in _UNTYPED:
        if kind in {Kind.HTML, Kind.TEXT}:
            return "html" if kind is Kind.HTML else "text"
        return Outcome.EMPTY if kind is Kind.EMPTY else Outcome.NOT_HTML_OR_TEXT
    if mime not in _HTML_TYPES and mime != "text/plain":
        return Outcome.NOT_HTML_OR_TEXT
    if kind is Kind.EMPTY:
        return Outcome.EMPTY
    if kind in {Kind.BINARY, Kind.GZIP, Kind.ZSTD, Kind.PARQUET}:
        return Outcome.BINARY
    return "text" if mime == "text/plain" else "html"


def decoded(body: bytes, encodings: str, limits: Limits) -> bytes:
    """The body as it was before these encodings (a header's value) were applied, the last one first.

    A body that is not what its header says stays as it is: many archives store it decoded. Raises Refusal
    for what breaks off, outgrows the limits or is encoded in a way we do not know.
    """
    for encoding in reversed([name.strip().lower() for name in encodings.split(",")]):
        if encoding in {"", "identity", "none", "utf-8"} or not body:
            continue
        if encoding in _CODECS:
            codec = _CODECS[encoding]
            if body.startswith(_MAGIC[codec]):
                body = _expand(body, codec, limits)
        elif encoding == "deflate":
            body = _inflate(body, limits)
        elif encoding == "br":
            body = _unbrotli(body, limits)
        else:
            raise Refusal(Outcome.BAD_RECORD, f"has an unknown Content-Encoding: {encoding[:40]!r}")
    return body


def _expand(body: bytes, codec: Codec, limits: Limits) -> bytes:
    raw = Expanding(io.BytesIO(body), codec, limits)
    data = buffered(raw).read(limits.max_document_bytes + 1)
    if len(data) > limits.max_document_bytes:
        raise _outgrown(len(data), len(body), limits)
    return data


def _inflate(body: bytes, limits: Limits) -> bytes:
    """Servers send deflate with the zlib header (the standard) or without."""
    headed = body[0] & 0x0F == 8 and len(body) > 1 and int.from_bytes(body[:2], "big") % 31 == 0
    try:
        return _expand(body, "zlib" if headed else "deflate", limits)
    except Refusal as refusal:
        if refusal.outcome is Outcome.CORRUPT and body.lstrip()[:1] == b"<":
            return body
        raise


def _unbrotli(body: bytes, limits: Limits) -> bytes:
    """Brotli has no magic bytes: what does not start as it is taken for decoded already."""
    try:
        import brotli  # type: ignore[import-untyped]
    except ImportError:
        raise Refusal(Outcome.BAD_RECORD, "is encoded in Brotli, which is not installed") from None
    decompressor = brotli.Decompressor()
    process: Callable[..., bytes] = decompressor.process
    parts: list[bytes] = []
    size = 0
    data = body
    try:
        while not decompressor.is_finished():
            part = process(data, output_buffer_limit=1 << 20)
            data = b""
            size += len(part)
            parts.append(part)
            if size > limits.max_document_bytes:
                raise _outgrown(size, len(body), limits)
            if not part and decompressor.can_accept_more_data():
                raise Refusal(Outcome.CORRUPT, "breaks off in the middle of its Brotli data")
    except brotli.error:
        if size:
            raise Refusal(Outcome.CORRUPT, "holds broken Brotli data") from None
        return body
    return b"".join(parts)


def _outgrown(size: int, compressed: int, limits: Limits) -> Refusal:
    if size > limits.max_ratio * compressed:
        return Refusal(Outcome.BOMB, f"expands to more than {limits.max_ratio} times its compressed size")
    return Refusal(Outcome.TOO_LARGE, f"is longer than the limit of {limits.max_document_bytes} bytes")
