"""The same document gives the same article, whatever was extracted before it, in whichever process."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.mutations import Document, mutated, samples
from tests.bench.mutations_run import digest

ROOT = Path(__file__).parents[2]
DOCUMENTS = samples()


def digests(documents: list[Document]) -> dict[str, str]:
    return {document.name: digest(document) for document in documents}


@pytest.fixture(scope="module")
def in_order() -> dict[str, str]:
    return digests(DOCUMENTS)


def test_samples_differ(in_order: dict[str, str]) -> None:
    assert len(set(in_order.values())) > 0.9 * len(DOCUMENTS)


def test_order_does_not_matter(in_order: dict[str, str]) -> None:
    assert digests(DOCUMENTS[::-1]) == in_order
    assert digests(random.Random(1).sample(DOCUMENTS, len(DOCUMENTS))) == in_order


def test_twice_in_a_row_is_the_same(in_order: dict[str, str]) -> None:
    for document in DOCUMENTS:
        assert digest(document) == digest(document) == in_order[document.name]


def test_garbage_before_it_does_not_matter(in_order: dict[str, str]) -> None:
    for number, document in enumerate(DOCUMENTS):
        digest(mutated(number, DOCUMENTS, hostile=0))
        assert digest(document) == in_order[document.name], document.name


@pytest.mark.parametrize("seed", ["0", "1", "4711"])
def test_hashes_of_strings_do_not_matter(seed: str, in_order: dict[str, str]) -> None:
    code = (
        "from tests.bench.mutations import samples; from tests.bench.mutations_run import digest\n"
        "for document in samples(): print(document.name, digest(document))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    assert dict(line.split() for line in told.splitlines()) == in_order
