"""Labelled pages that the line classifier is trained on."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Page:
    """Non-empty lines, and which of them are body."""

    lines: list[str]
    body: NDArray[np.bool_]


def read(folder: Path) -> list[Page]:
    """The pages of ``folder``: ``docs.jsonl.gz`` (``id`` and ``text``, a block a line) and ``gold.jsonl`` (``id`` and
    ``labels``, 1 for a line of the body)."""
    with (folder / "gold.jsonl").open(encoding="utf-8") as rows:
        labels = {row["id"]: row["labels"] for row in map(json.loads, rows)}
    pages = []
    with gzip.open(folder / "docs.jsonl.gz", "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            lines = [line.strip() for line in row["text"].split("\n")]
            body = np.array(labels[row["id"]], np.bool_)
            filled = [number for number, line in enumerate(lines) if line]
            if filled:
                pages.append(Page([lines[number] for number in filled], body[filled]))
    return pages
