"""A lake in an object store: how its address is read, how it is reached, and what its failures say.

Options of the store are named as deltalake names them (``AWS_ENDPOINT_URL``, ``AWS_REGION``, ``AWS_ACCESS_KEY_ID`` …).
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import duckdb
from pyarrow.fs import FileSystem, S3FileSystem, SubTreeFileSystem

# What a commit rests on: a log entry is put only where there is none. The environment must not switch that off.
SAFE = {"AWS_CONDITIONAL_PUT": "etag", "AWS_S3_ALLOW_UNSAFE_RENAME": "false"}

_ADDRESS = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[^/]+)*")
_COLOUR = re.compile(r"\x1b\[\d+m")
_XML = re.compile(r"<\?xml.*?<Code>(\w+)</Code>.*", re.DOTALL)


def is_address(place: str) -> bool:
    """Whether ``place`` is ``s3://bucket/prefix``. Raises ValueError, in words, for other addresses."""
    if "://" not in place:
        return False
    if not _ADDRESS.fullmatch(place) or {".", ".."} & set(place.split("/")):
        raise ValueError(f"{place}: a lake is a folder or s3://bucket/prefix")
    return True


def folder(address: str, options: Mapping[str, str]) -> Path:
    """A relative path of the lake's own: two stores may have buckets of one name."""
    host = urlsplit(options.get("AWS_ENDPOINT_URL", "")).netloc or "s3"
    return Path(host.replace(":", "_"), *address.removeprefix("s3://").split("/"))


@contextlib.contextmanager
def told(address: str) -> Iterator[None]:
    """Tell a failure to reach the store in one line that names ``address``; those of a local disk pass."""
    try:
        yield
    except OSError as error:
        if not address.startswith("s3:"):
            raise
        # The whole is a page of text, with the server's answer.
        raise OSError(f"{address}: {_reason(str(error))}") from None


def _reason(message: str) -> str:
    """The innermost of the reasons that a message nests, with the code that the server answered."""
    steps = [_XML.sub(r"\1", step).strip() for step in _COLOUR.sub("", message).split("↳")]
    return ", ".join(steps[-2:])


def files(address: str, options: Mapping[str, str]) -> FileSystem:
    """What is below ``address``, for pyarrow: by its own client, whose threads never call back into Python."""
    endpoint = urlsplit(options.get("AWS_ENDPOINT_URL", ""))
    store = S3FileSystem(
        access_key=options.get("AWS_ACCESS_KEY_ID"),
        secret_key=options.get("AWS_SECRET_ACCESS_KEY"),
        session_token=options.get("AWS_SESSION_TOKEN"),
        region=options.get("AWS_REGION") or ("us-east-1" if endpoint.netloc else None),
        scheme=endpoint.scheme or "https",
        endpoint_override=endpoint.netloc or None,
    )
    return SubTreeFileSystem(address.removeprefix("s3://"), store)


def native(con: duckdb.DuckDBPyConnection, options: Mapping[str, str]) -> bool:
    """Let a DuckDB session read the store by itself; False where httpfs is not installed or the keys are not known.

    httpfs is loaded and never installed: that would be a download that nobody asked for.
    """
    if not options.get("AWS_ACCESS_KEY_ID"):
        return False
    try:
        con.execute("LOAD httpfs")
    except duckdb.Error:
        return False
    endpoint = urlsplit(options.get("AWS_ENDPOINT_URL", ""))
    secret = {
        "KEY_ID": options["AWS_ACCESS_KEY_ID"],
        "SECRET": options.get("AWS_SECRET_ACCESS_KEY"),
        "SESSION_TOKEN": options.get("AWS_SESSION_TOKEN"),
        "REGION": options.get("AWS_REGION"),
        "ENDPOINT": endpoint.netloc,
        "URL_STYLE": "path" if endpoint.netloc else None,
        "USE_SSL": "false" if endpoint.scheme == "http" else None,
    }
    given = [f", {name} {quoted(value)}" for name, value in secret.items() if value]
    con.execute(f"CREATE OR REPLACE SECRET newslake (TYPE s3{''.join(given)})")
    return True


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"
