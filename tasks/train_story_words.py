"""Counts in how many English texts a term stands, for ``tasks.linking.story_vectors``.

``python -m tasks.train_story_words FOLDER… --out tasks/linking/data/story_words.npz``, which ``make train`` runs, takes
ten seconds. It reads ``body`` of ``gold.jsonl`` in each folder and writes figures; no text is stored, and the same
texts give the same bytes.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Final

import numpy as np

from tasks.article.language import identify
from tasks.link_stories import features_of
from tasks.linking.story_terms import opening

LEAST: Final = 2  # texts that a term stands in, to be worth the room


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Count in how many English texts each term stands.")
    parser.add_argument("folders", type=Path, nargs="+", help="folders with gold.jsonl")
    parser.add_argument("--out", type=Path, required=True, help="the .npz file to write")
    options = parser.parse_args()
    total, counts = 0, Counter[int]()
    for folder in options.folders:
        with (folder / "gold.jsonl").open(encoding="utf-8") as rows:
            for row in rows:
                text = json.loads(row)["body"]
                if identify(text)[0].value == "en":
                    total += 1
                    (found,) = features_of([opening(text)])
                    counts.update(set(found.numbers.tolist()))
    kept = sorted(n for n, count in counts.items() if count >= LEAST)
    texts = np.array([counts[n] for n in kept], np.uint16)
    np.savez_compressed(options.out, numbers=np.array(kept, np.int32), texts=texts, total=np.array(total))


if __name__ == "__main__":
    main()
