"""Copies with realistic edits, found among 20,000 unrelated texts: ``python -m tests.bench.reprints BENCH [--found]``.

BENCH: the folder of evaluation sets. Prints how many copies of each edit are found, by the sketches of the lake and by
bands of MinHashes; and how many of the unrelated ones are linked. ``--found``
prints what is linked of the others, to be looked at: evaluation sets hold real copies.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zlib import crc32

import duckdb
import numpy as np
import pyarrow as pa

from tasks import link_reprints
from tasks.article.identity import digest, key
from tasks.lake.schema_links import LINKS, SIGNATURES
from tests.bench.vocabulary import texts as synthetic

ROOT = Path(__file__).parents[1]
UNRELATED, BATCH = 20_000, 2_000
START = datetime(2026, 10, 1, tzinfo=UTC)
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD = re.compile(rf"{_UNSPACED.pattern}|[^\s{_UNSPACED.pattern[1:-1]}]+\s?|\s")
# What local papers put below a text; 90 words each.
NOTICES = [
    f"The {place} {paper} is a member of the {place} Press Trust and follows its code of practice. Did you see what "
    f"happened, or do you know more about this story? Write to our newsroom at the {street} office, call the desk on "
    f"any weekday between nine and five, or leave a note with the porter. Readers who subscribe before the end of the "
    f"{season} get the {day} supplement free of charge for twelve weeks, with the tide table, the {season} fair guide "
    f"and a voucher for the {street} bakery. Letters of up to 200 words are welcome."
    for place, paper, street, season, day in (
        row.split() for row in (
            "Marren Courier Harbour spring Friday", "Saltby Echo Market summer Saturday",
            "Vell Post Mill autumn Sunday", "Quayford Herald Chapel winter Monday",
            "Drumlin Star Castle Easter Tuesday",
        )
    )
]  # fmt: skip


def bodies(file: Path) -> list[str]:
    """The texts of an evaluation set."""
    return [json.loads(line)["body"] for line in file.open(encoding="utf-8")]


def samples() -> list[str]:
    """Our own texts."""
    files = [*ROOT.glob("golden/**/input.txt"), *ROOT.glob("samples/**/*.txt")]
    return [file.read_text(encoding="utf-8", errors="replace") for file in sorted(files)]


def changed(text: str, share: float, rng: random.Random, others: list[str]) -> str:
    """That share of the words replaced (three in five), left out or given a neighbour."""
    words = _WORD.findall(text)
    for at in rng.sample(range(len(words)), round(share * len(words))):
        kind = rng.random()
        words[at] = "" if kind < 0.2 else (words[at] if kind < 0.4 else "") + rng.choice(others)
    return "".join(words)


def cut(text: str, share: float) -> str:
    """The first part of a text."""
    words = _WORD.findall(text)
    return "".join(words[: round(share * len(words))])


def reordered(text: str, rng: random.Random) -> str:
    """The paragraphs after the first in another order; of a text in one paragraph, the sentences."""
    parts = [part for part in text.split("\n") if part.strip()]
    if len(parts) < 3:
        parts = re.split(r"(?<=[.!?。])\s*", text)
    rest = parts[1:]
    rng.shuffle(rest)
    return "\n\n".join([*parts[:1], *rest])


def headed(text: str) -> str:
    """Another headline, dateline and opening words before the text."""
    head = (
        "Ferries: what the agreement means for commuters\n\nMARREN, Oct 3 (Shore Press) - In a development "
    )
    return f"{head}that surprised few on the waterfront, {text}\n\nReporting by Ada Holm; editing by Jon Vik"


EDITS: dict[str, Callable[[str, random.Random, list[str]], str]] = {
    "the same": lambda text, rng, others: text,
    "1 % of words changed": lambda text, rng, others: changed(text, 0.01, rng, others),
    "3 % of words changed": lambda text, rng, others: changed(text, 0.03, rng, others),
    "10 % of words changed": lambda text, rng, others: changed(text, 0.1, rng, others),
    "cut to 70 %": lambda text, rng, others: cut(text, 0.7),
    "cut to 50 %": lambda text, rng, others: cut(text, 0.5),
    "cut to 25 %": lambda text, rng, others: cut(text, 0.25),
    "notice of 90 words added": lambda text, rng, others: f"{text}\n\n{rng.choice(NOTICES)}",
    "paragraphs reordered": lambda text, rng, others: reordered(text, rng),
    "headline and dateline replaced": lambda text, rng, others: headed(text),
    "cut to 70 %, 3 % changed, notice": lambda text, rng, others: (
        f"{changed(cut(text, 0.7), 0.03, rng, others)}\n\n{rng.choice(NOTICES)}"
    ),
}


def chained(texts: list[str], count: int, rng: random.Random) -> Iterator[str]:
    """Texts of which each two neighbouring words stand so in ``texts``."""
    after: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        words = text.split()
        for word, following in pairwise(words):
            after[word].append(following)
    starts = [word for word in after if word[0].isupper()]
    for _ in range(count):
        word = rng.choice(starts)
        made = [word]
        for _ in range(rng.randint(100, 900)):
            word = rng.choice(after.get(word) or starts)
            made.append(word)
        yield " ".join(made)


def signed(names: list[str], texts: list[str], published: list[datetime], batch: int) -> pa.Table:
    """Rows of SIGNATURES."""
    made = link_reprints.sketched(pa.table({"text": pa.array(texts)}))
    columns = {
        "article_id": names,
        "key": [key(name) for name in names],
        "version": [1] * len(names),
        "published_at": published,
        "published_offset": [0] * len(names),
        "published_precision": ["second"] * len(names),
        "batch": [batch] * len(names),
        "ingested_at": [START + timedelta(days=30)] * len(names),
        **{name: made[name] for name in made.column_names},
    }
    return pa.table(
        [columns.get(f.name, pa.nulls(len(names), f.type)) for f in SIGNATURES.schema], schema=SIGNATURES.schema
    )  # fmt: skip


def minhashes(text: str) -> set[bytes]:
    """32 bands of 4 MinHashes of a text's shingles, as ``datasketch`` makes them: two texts with one in common are
    taken for copies."""
    words = re.findall(r"\w+", text.lower())
    shingles = {crc32(" ".join(words[at : at + 4]).encode()) for at in range(max(1, len(words) - 3))}
    rng = np.random.default_rng(1)
    factors, terms = (rng.integers(1, 2**61 - 1, (128, 1), dtype=np.uint64) for _ in range(2))
    least = ((np.array(sorted(shingles), np.uint64) * factors + terms) >> np.uint64(32)).min(axis=1)
    return {bytes([band]) + least[band * 4 : band * 4 + 4].tobytes() for band in range(32)}


class Lake:
    """What linking reads and writes, in memory."""

    def __init__(self) -> None:
        self.con = duckdb.connect()
        self.con.execute("CREATE SCHEMA base")
        for table in (SIGNATURES, LINKS):
            self.con.register("empty", table.schema.empty_table())
            self.con.execute(f"CREATE TABLE base.{table.name} AS FROM empty")

    def link(self, rows: pa.Table) -> list[dict[str, Any]]:
        """The links that a batch gives."""
        links = link_reprints.rows(self.con, rows)
        for name, of in (("signatures", rows), ("links", links)):
            self.con.register("new", of)
            self.con.execute(f"INSERT INTO base.{name} FROM new")
        return links.to_pylist()


def unrelated(sets: dict[str, list[str]], bench: Path, rng: random.Random) -> list[str]:
    """First the texts of ``sets``, then those of other evaluation sets, then made ones; some with a notice."""
    lines = gzip.decompress((bench / "stories/docs.jsonl.gz").read_bytes()).decode().splitlines()
    real = [text for of in sets.values() for text in of] + bodies(bench / "text_guides/gold.jsonl")
    real += [json.loads(line)["text"] for line in lines]
    made = (UNRELATED - len(real)) // 2
    texts = [*real, *chained(real, made, rng), *synthetic(UNRELATED - len(real) - made, 7).to_pylist()]
    for at in rng.sample(range(len(real), UNRELATED), UNRELATED // 10):
        texts[at] += f"\n\n{rng.choice(NOTICES)}"
    return texts


def main(bench: Path, show_found: bool) -> None:
    """Print the figures."""
    rng, lake = random.Random(7), Lake()
    sets = {
        "own": samples(),
        "text": bodies(bench / "text/gold.jsonl"),
        "text_news": bodies(bench / "text_news/gold.jsonl"),
    }
    sets = {name: [text for text in of if len(_WORD.findall(text)) >= 100] for name, of in sets.items()}
    texts = unrelated(sets, bench, rng)
    names = [digest(str(at)) for at in range(UNRELATED)]
    published = [START + timedelta(minutes=rng.randrange(20 * 1440)) for _ in texts]
    linked = []
    for batch, at in enumerate(range(0, UNRELATED, BATCH), 1):
        part = slice(at, at + BATCH)
        linked += lake.link(signed(names[part], texts[part], published[part], batch))
    print(f"{UNRELATED} unrelated texts, linked: {len(linked)}")
    if show_found:
        text_of = dict(zip(names, texts, strict=True))
        for row in linked:
            print(f"\n{row['kind']} {row['similarity']:.2f} {row['contained']:.2f}")
            for name in (row["article_id"], row["original_id"]):
                print("   ", " ".join(text_of[name].split())[:300])
    twins = {name for row in linked for name in (row["article_id"], row["original_id"])}
    vocabulary = [f"{word} " for text in sets["text"] for word in text.split()]
    first = right = wrong = 0
    for set_name, of in sets.items():
        originals = slice(first, first + len(of))
        print(f"\n{set_name}: {len(of)} texts")
        for number, (edit, change) in enumerate(EDITS.items()):
            copies = [change(text, rng, vocabulary) for text in of]
            ids = [digest(f"{set_name}-{number}-{at}") for at in range(len(of))]
            later = [time + timedelta(hours=3) for time in published[originals]]
            lake.con.execute("BEGIN")
            found = {row["article_id"]: row for row in lake.link(signed(ids, copies, later, 99))}
            lake.con.execute("ROLLBACK")  # each edit by itself
            hits = [
                found[name]["original_id"] in {original, *twins}
                for name, original in zip(ids, names[originals], strict=True)
                if name in found
            ]
            right, wrong = right + sum(hits), wrong + len(hits) - sum(hits)
            excerpts = sum(row["kind"] == "excerpt" for row in found.values())
            banded = sum(bool(minhashes(a) & minhashes(b)) for a, b in zip(of, copies, strict=True))
            print(
                f"  {edit:34} found {sum(hits) / len(of):.3f}, as excerpts {excerpts / len(of):.2f};"
                f" candidates by bands {banded / len(of):.3f}"
            )
        first += len(of)
    print(f"\ncopies found: right {right}, wrong {wrong}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--found" in sys.argv)
