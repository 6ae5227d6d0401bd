"""Damaged and hostile documents, made of sound ones; the same number gives the same document.

``Pool`` holds the sound ones: our sample pages and texts, or those of a folder of evaluation sets.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.bench import mutations_hostile

TESTS = Path(__file__).parents[1]
SETS = ("html_meta", "html_news", "html_body", "html_date", "text_guides", "text_news", "text")
CHARSETS = (
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-32",
    "cp1252",
    "cp1251",
    "shift_jis",
    "gb18030",
    "euc-kr",
    "utf-7",
)
# Each holds bytes that some decoder, parser or pattern may stumble over.
ODD = (
    b"\0",
    b"\0" * 5_000,
    b"\xff",
    b"\xfe\xff",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\xed\xb0\x80",
    b"\xf4\x90\x80\x80",
    b"\xc0\xaf",
    b"\r",
    b"\x0b\x0c\x85",
    b"\xe2\x80\xa8",
    b"\xe2\x80\xae",
    b"\xcc\x81" * 2_000,
    b"&#0;&#x110000;&#xd800;&",
    b"\x1b$B",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"]]>",
    b"</script>",
    b"<script>",
    b"</body></html>",
    b"<plaintext>",
    b"<frameset>",
    b"<template>",
    b"<table>",
    b"<svg>",
    b"<math>",
    b"<base href='http://[::1'>",
    b'"',
    b"'",
    b">",
    b"<",
)
_TAG = re.compile(rb"</?[a-zA-Z][^<>]{0,200}>")
_HEAD = re.compile(rb"</head|<body", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Document:
    """``name`` tells the sound document and what was done to it."""

    name: str
    data: bytes
    media: Literal["html", "text"]


Pool = Sequence[Document]


def samples() -> list[Document]:
    """Our own sample pages and texts."""
    files = sorted([*TESTS.glob("samples/*/*"), *TESTS.glob("golden/articles/*/input.*")])
    found: list[Document] = []
    for file in files:
        if file.suffix in {".html", ".txt"}:
            name = "/".join(file.parts[-2:])
            found.append(Document(name, file.read_bytes(), "html" if file.suffix == ".html" else "text"))
    return found


def sets(folder: Path) -> list[Document]:
    """The pages and texts of a folder of evaluation sets."""
    found: list[Document] = []
    for name in SETS:
        html = name.startswith("html")
        with gzip.open(folder / name / ("pages.jsonl.gz" if html else "docs.jsonl.gz"), "rt") as lines:
            for row in map(json.loads, lines):
                body = row["html" if html else "text"].encode("utf-8", "surrogatepass")
                found.append(Document(f"{name}/{row['id']}", body, "html" if html else "text"))
    return found


def mutated(number: int, pool: Pool, *, hostile: float = 0.01) -> Document:
    """The mutation ``number`` of documents of the pool; ``hostile``: share of those that are made large and slow."""
    rng = random.Random(number)
    sound = rng.choice(pool)
    data, done = sound.data, [sound.name]
    if rng.random() < hostile:
        construct = rng.choice(
            mutations_hostile.IN_PAGES if sound.media == "html" else mutations_hostile.IN_TEXTS
        )
        made = construct(rng).encode("utf-8", "surrogatepass")
        at = _place(data, rng) if rng.random() < 0.8 else len(data)
        data = data[:at] + made + data[at:]
        done.append(construct.__name__)
    else:
        for _ in range(rng.choice((1, 1, 2, 3))):
            mutation = rng.choice(MUTATIONS)
            data = mutation(data, rng, pool)
            done.append(mutation.__name__)
    return Document(" ".join(done), data, sound.media)


def _place(data: bytes, rng: random.Random) -> int:
    """Where something is put: at the end of the head, or anywhere."""
    head = _HEAD.search(data)
    return head.start() if head and rng.random() < 0.3 else rng.randint(0, len(data))


def _span(data: bytes, rng: random.Random, longest: int = 20_000) -> tuple[int, int]:
    start = rng.randint(0, len(data))
    return start, min(len(data), start + rng.randint(0, longest))


def truncated(data: bytes, rng: random.Random, pool: Pool) -> bytes:
    return data[: rng.randint(0, len(data))]


def beheaded(data: bytes, rng: random.Random, pool: Pool) -> bytes:
    return data[rng.randint(0, len(data)) :]


def spliced(data: bytes, rng: random.Random, pool: Pool) -> bytes:
    """The beginning of one and the end of another one."""
    other = rng.choice(pool).data
    return data[: rng.randint(0, len(data))] + other[rng.randint(0, len(other)) :]


def joined(data: bytes, rng: random.Random, pool: Pool) -> bytes:
    return data + rng.choice(pool).data


def flipped(data: bytes, rng: random.Random, pool: Pool) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 10, 100, 1_000)) if data else 0):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def re_encoded(data: bytes, rng: random.Random, pool: Pool) -> bytes:
    """Its text in another charset; it still declares the old one."""
    return data.decode("utf-8", "replace").encode(rng.choice(CHARSETS), "replace")


def misread(data: bytes, rng: random.Random, pool: Pool) -> bytes:
    """Decoded with the wrong charset, as broken publishing systems do."""
    return data.decode(rng.choice(("latin-1", "cp1251", "shift_jis", "utf-16-le")), "replace").encode()


def misdeclared(data: bytes, rng: random.Random, pool: Pool) -> bytes:
    name = rng.choice((*CHARSETS, "x-user-defined", "none", "undefined", "idna", "hex", "rot13")).encode()
    return b"<meta charset=" + name + b">" + data


def cut_out(data: bytes, rng: random.Random, pool: Pool) -> bytes:
    start, stop = _span(data, rng)
    return data[:start] + data[stop:]


def repeated(data: bytes, rng: random.Random, pool: Pool) -> bytes:
    """A passage of it many times over."""
    start, stop = _span(data, rng, 2_000)
    return data[:stop] + data[start:stop] * rng.choice((1, 5, 50)) + data[stop:]


def strewn(data: bytes, rng: random.Random, pool: Pool) -> bytes:
    """Odd bytes in some places."""
    for _ in range(rng.choice((1, 3, 20))):
        at = rng.randint(0, len(data))
        data = data[:at] + rng.choice(ODD) + data[at:]
    return data


def unquoted(data: bytes, rng: random.Random, pool: Pool) -> bytes:
    """Some quotation marks lost."""
    mark = rng.choice((b'"', b"'", "”".encode(), "“".encode(), "»".encode(), b"="))
    parts = data.split(mark)
    share = rng.choice((0.01, 0.5))
    return b"".join(part if rng.random() < share else part + mark for part in parts[:-1]) + parts[-1]


def untagged(data: bytes, rng: random.Random, pool: Pool) -> bytes:
    """Some tags lost, or out of place."""
    lost = rng.choice((0.02, 0.3))
    moved: list[bytes] = []

    def change(match: re.Match[bytes]) -> bytes:
        if rng.random() >= lost:
            return match[0]
        moved.append(match[0])
        return moved.pop(0) if rng.random() < 0.5 else b""

    return _TAG.sub(change, data)


def unbroken(data: bytes, rng: random.Random, pool: Pool) -> bytes:
    """All in one line."""
    return data.replace(b"\n", rng.choice((b" ", b"", b"\r", b"\n\n\n")))


def shouted(data: bytes, rng: random.Random, pool: Pool) -> bytes:
    return data.upper()


MUTATIONS: tuple[Callable[[bytes, random.Random, Pool], bytes], ...] = (
    truncated, beheaded, spliced, joined, flipped, re_encoded, misread, misdeclared, cut_out, repeated, strewn,
    unquoted, untagged, unbroken, shouted,
)  # fmt: skip
