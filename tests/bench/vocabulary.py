"""Synthetic articles whose words are as frequent as those of real ones: what a search index weighs depends on it.

Word frequencies follow Zipf and Mandelbrot, a third of an article's words being its own topic's. On average an article
has 560 words, of which 280 are different, in 3.4 KB; news and guide pages of that length have 290.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tasks.lake.schema import ARTICLES

WORDS = 1_000_000
_LETTERS = np.array(list("etaoinshrdlucmfwypvbgkjqxz"))
_WRITTEN = "12.7 9.1 8.2 7.5 7 6.7 6.3 6.1 6 4.3 4 2.8 2.8 2.4 2.4 2.2 2 1.9 1 1.5 .8 .8 .15 .1 .15 .07"
_SHARES = np.array([float(share) for share in _WRITTEN.split()])
_TOPIC = 40


@lru_cache(maxsize=1)
def vocabulary() -> pa.Array:
    """All words, the most frequent first; the same ones each time."""
    rng = np.random.default_rng(7)
    seen: dict[str, None] = {}
    while len(seen) < WORDS:
        letters = rng.choice(_LETTERS, size=(100_000, 14), p=_SHARES / _SHARES.sum())
        typical = 2.2 + 1.25 * np.log10(len(seen) + 1 + np.arange(100_000))
        lengths = np.clip(rng.normal(typical, 1.5), 1, 14).astype(int)
        for row, length in zip(letters, lengths, strict=True):
            seen.setdefault("".join(row[:length]))
    return pa.array(list(seen)[:WORDS])


def texts(count: int, seed: int) -> pa.Array:
    """``count`` texts; the same seed gives the same ones."""
    rng = np.random.default_rng(seed)
    lengths = np.clip(rng.lognormal(6.25, 0.42, count), 60, 3_000).astype(int)
    of = np.repeat(np.arange(count), lengths)
    shares = np.cumsum(1 / (np.arange(1, WORDS + 1) + 1.2) ** 1.12)
    words = np.searchsorted(shares / shares[-1], rng.random(len(of)))
    topics = (10 ** rng.uniform(1.8, 5.2, size=(count, _TOPIC))).astype(int)
    shares = np.cumsum(1 / np.arange(1, _TOPIC + 1) ** 0.8)
    topical = rng.random(len(of)) < 0.33
    words[topical] = topics[of[topical], np.searchsorted(shares / shares[-1], rng.random(int(topical.sum())))]
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    lists = pa.ListArray.from_arrays(pa.array(offsets), vocabulary().take(pa.array(words)))
    return pc.binary_join(lists, " ")


def articles(count: int, number: int) -> pa.Table:
    """Batch ``number`` of the schema ARTICLES, as it would be committed, of ``count`` articles."""
    rng = np.random.default_rng(1_000_000 + number)
    body = texts(count, number)
    keys = pa.array(rng.integers(-(2**63), 2**63 - 1, count))
    names = pa.array([f"{rng.bytes(16).hex()}" for _ in range(count)])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    published = [start + timedelta(seconds=int(s)) for s in rng.integers(0, 5 * 365 * 86_400, count)]
    title = pc.utf8_slice_codeunits(body, 0, 70)
    known = {
        "article_id": names,
        "key": keys,
        "version": pa.array([1] * count, pa.int32()),
        "capture_id": names,
        "source_id": pa.array(["bench"] * count),
        "url": pc.binary_join_element_wise("https://outlet.example/news/", names, ""),
        "canonical_url": pc.binary_join_element_wise("https://outlet.example/news/", names, ""),
        "outlet": pa.array([f"Outlet {n}" for n in rng.integers(0, 200, count)]),
        "title": title,
        "text": body,
        "published_at": pa.array(published, ARTICLES.schema.field("published_at").type),
        "word_count": pc.list_value_length(pc.utf8_split_whitespace(body)),
        "run_id": pa.array(["bench"] * count),
        "batch": pa.array([number] * count, pa.int64()),
        "ingested_at": pa.array([datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)] * count),
        "month": pa.array(["2026-01"] * count),
    }
    return pa.table(
        [known.get(f.name, pa.nulls(count, f.type)).cast(f.type) for f in ARTICLES.schema],
        schema=ARTICLES.schema,
    )
