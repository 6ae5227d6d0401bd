"""Stories against labelled texts: ``python -m tests.bench.stories [--bench DIR]``.

Prints B³ precision, recall and F1, milliseconds of CPU an article, and how often stories were split and merged: of
``DIR/stories`` in the order of its file; and of texts cut into parts, those of one text being a story among texts that
are left alone, of ``DIR/text`` with ``text_news`` (news in two dozen languages; several are in truth on one story) and
of ``DIR/text_guides``.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tasks.article.language import identify
from tasks.link_stories import features_of
from tasks.linking.stories import Articles, Clusterer
from tasks.linking.story_terms import opening
from tasks.linking.story_vectors import Frequencies, Vectors, frequencies


def clustered(texts: Sequence[str]) -> Clusterer:
    """The stories of texts, as they come, all at one time."""
    of: dict[str, Frequencies] = {}
    vectors = []
    read = features_of([opening(text) for text in texts])
    for text, terms in zip(texts, read, strict=True):
        vector = frequencies(of, identify(text)[0].value).vector(terms)
        vectors.append((vector.numbers, vector.weights))
    zeros = np.zeros(len(texts))
    ids = [str(place) for place in range(len(texts))]
    clusterer = Clusterer(Articles(ids, Vectors.of(vectors), zeros, zeros))
    for row in range(len(texts)):
        clusterer.add(row)
    return clusterer


def b3(found: Sequence[str], true: Sequence[Any]) -> tuple[float, float, float]:
    both, ours, theirs = Counter(zip(found, true, strict=True)), Counter(found), Counter(true)
    pairs = list(zip(found, true, strict=True))
    precision = sum(both[pair] / ours[pair[0]] for pair in pairs) / len(pairs)
    recall = sum(both[pair] / theirs[pair[1]] for pair in pairs) / len(pairs)
    return precision, recall, 2 * precision * recall / (precision + recall)


def parts(bodies: Sequence[str], seed: int = 0) -> tuple[list[str], list[int]]:
    """Two in five texts in two to six parts, of sentences in a row or picked at random; others whole, or their top."""
    rng = random.Random(seed)
    made: list[tuple[str, int]] = []
    for label, body in enumerate(bodies):
        sentences = [s for s in re.split(r"\n+|(?<=[.!?।。])\s*(?=\S)", body) if s.strip()]
        if len(body) < 600:
            continue
        count = rng.choice((2, 2, 3, 4, 6)) if rng.random() < 0.4 and len(sentences) >= 12 else 1
        count = min(count, len(sentences) // 5) or 1
        if count == 1:
            made.append((" ".join(sentences[: rng.choice((5, 15, 40, 1000))]), label))
            continue
        in_a_row, of = rng.random() < 0.5, defaultdict[int, list[str]](list)
        for place, sentence in enumerate(sentences):
            of[place * count // len(sentences) if in_a_row else rng.randrange(count)].append(sentence)
        made += [(" ".join(some), label) for some in of.values()]
    rng.shuffle(made)
    return [text for text, _ in made], [label for _, label in made]


def report(name: str, texts: Sequence[str], labels: Sequence[Any]) -> list[str]:
    start = time.process_time()
    clusterer = clustered(texts)
    spent = 1000 * (time.process_time() - start) / len(texts)
    found = [clusterer.story[row].id for row in range(len(texts))]
    precision, recall, f1 = b3(found, labels)
    changes: Mapping[str, int] = Counter(clusterer.change.values())
    print(
        f"{name:8} n={len(texts)} stories={len(set(found))} of {len(set(labels))} "
        f"B3_P={precision:.3f} B3_R={recall:.3f} B3_F1={f1:.3f} ms={spent:.2f} "
        f"merges={len(clusterer.merged)} moved: {changes.get('split', 0)} split, {changes.get('merged', 0)} merged"
    )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Score stories on labelled texts.")
    parser.add_argument("--bench", type=Path, default=Path("../shared/bench"))
    parser.add_argument(
        "--out", type=Path, help="where to write {id: story} of DIR/stories, for its score.py"
    )
    options = parser.parse_args()

    def gold(name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (options.bench / name / "gold.jsonl").open(encoding="utf-8")]

    clusters = {row["id"]: row["cluster"] for row in gold("stories")}
    with gzip.open(options.bench / "stories" / "docs.jsonl.gz", "rt", encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines]
    # Half of the texts begin with their address, which an article has in a column of its own.
    texts = [re.sub(r"^http.*\n", "", document["text"]) for document in documents]
    found = report("stories", texts, [clusters[document["id"]] for document in documents])
    if options.out:
        ids = [document["id"] for document in documents]
        options.out.write_text(json.dumps(dict(zip(ids, found, strict=True))), encoding="utf-8")
    report("news", *parts([row["body"] for name in ("text", "text_news") for row in gold(name)]))
    report("guides", *parts([row["body"] for row in gold("text_guides")]))


if __name__ == "__main__":
    main()
