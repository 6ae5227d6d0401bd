import random

import numpy as np
import pytest

from tasks.linking.sketch import LOOKED_UP, SIZE, Sketch, resemblance, sketches, word_hashes


def sketch(*texts: list[str]) -> list[Sketch]:
    words = [word for text in texts for word in text]
    of_text = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    made = sketches(word_hashes(words), of_text, len(texts))
    parts = np.split(made.hashes, np.cumsum(made.lengths)[:-1])
    return [Sketch(part.tolist(), int(count)) for part, count in zip(parts, made.shingles, strict=True)]


def words(count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    return [f"w{rng.randrange(10**6)}" for _ in range(count)]


def shingles(text: list[str]) -> set[tuple[str, ...]]:
    return {tuple(text[at : at + 4]) for at in range(len(text) - 3)}


def test_hashes_are_the_same_on_every_machine() -> None:
    [made] = sketch("the ferry to Marren will not run".split())
    assert made.shingles == 4
    assert made.hashes == [-1873445009, -1764783273, -689913437, 171906704]


def test_each_shingle_counts_once_and_least_hashes_come_first() -> None:
    text = words(10, 1)
    [made] = sketch(text * 3)
    assert made.shingles == len(shingles(text * 3)) == 10
    assert made.hashes == sorted(made.hashes)


def test_no_shingle_reaches_over_two_texts() -> None:
    short, empty, long = sketch(["a", "b", "c"], [], ["d", "e", "f", "g"])
    assert [short.shingles, empty.shingles, long.shingles] == [0, 0, 1]


def test_no_texts() -> None:
    made = sketches(word_hashes([]), np.array([], np.int64), 0)
    assert len(made.hashes) == len(made.shingles) == 0


def test_a_sketch_does_not_depend_on_other_texts() -> None:
    one, other = words(300, 1), words(500, 2)
    assert sketch(one, other)[1] == sketch(other)[0]


@pytest.mark.parametrize("share", [0.25, 0.5, 0.75, 1.0])
def test_parts_are_measured(share: float) -> None:
    whole = words(1_000, 3)
    part = whole[: int(share * len(whole))]
    one, other = sketch(part, whole)
    assert len(one.hashes) == SIZE
    found = resemblance(one, other)
    assert found.contained == 1
    assert found.containing == pytest.approx(share, abs=0.15)
    assert found.similarity == pytest.approx(share, abs=0.15)
    assert resemblance(other, one) == found.turned()


def test_short_texts_are_measured_exactly() -> None:
    one, other = words(60, 4), words(40, 5)
    mixed = one[:30] + other
    a, b = sketch(one, mixed)
    found = resemblance(a, b)
    both = len(shingles(one) & shingles(mixed))
    assert found.similarity == both / len(shingles(one) | shingles(mixed))
    assert found.contained == both / len(shingles(one))
    assert found.containing == both / len(shingles(mixed))


def test_unrelated_texts_share_nothing() -> None:
    one, other = sketch(words(500, 6), words(500, 7))
    assert resemblance(one, other).shared == 0


def test_a_text_cut_to_half_shares_what_it_is_looked_up_by() -> None:
    whole = words(800, 8)
    one, other = sketch(whole[:400], whole)
    assert len(set(one.hashes[:LOOKED_UP]) & set(other.hashes[:LOOKED_UP])) >= 6
