import numpy as np

from tasks.article.line_trees import DEPTH, LEAVES, Scale, Trees
from tasks.train_trees import Sample, grow


def test_each_answer_leads_a_tree_to_one_half_of_its_leaves() -> None:
    table = np.array([[0, 9, 0, 9], [0, 0, 9, 9]], np.uint8)
    leaves = np.zeros((1, LEAVES), np.float32)
    leaves[0, [0, LEAVES // 2, 1, LEAVES // 2 + 1]] = 1, 2, 4, 8
    rows = np.array([0] + [1] * (DEPTH - 1))
    limits = np.array([5] + [20] * (DEPTH - 2) + [5], np.uint8)
    assert Trees(rows, limits, leaves, np.float32(0.5)).odds(table).tolist() == [0.5, 1, 2, 4]


def test_features_become_bytes_and_never_the_one_for_what_is_not_there() -> None:
    scale = Scale(np.array([10, -1], np.float32), np.array([1, 100], np.float32))
    table = np.array([[-1e9, 10, 11.4, 1e9], [-1, 0, 1, 2]], np.float32)
    assert scale.bytes(table).tolist() == [[1, 1, 2, 255], [1, 101, 201, 255]]


def test_grown_trees_learn_what_depends_on_two_features_at_once_and_are_the_same_again() -> None:
    rng = np.random.default_rng(7)
    table = rng.integers(0, 256, (5, 4000)).astype(np.uint8)
    target = ((table[1] > 99) != (table[3] > 150)).astype(np.float32)
    sample = Sample(table, target, np.ones(4000, np.float32))
    arrays = grow(sample, "first", 40, 1)
    odds = Trees.of(arrays, "first").odds(table)
    assert ((odds > 0) == (target > 0)).mean() > 0.97
    again = grow(sample, "first", 40, 1)
    assert {name: array.tobytes() for name, array in arrays.items()} == {
        name: array.tobytes() for name, array in again.items()
    }
