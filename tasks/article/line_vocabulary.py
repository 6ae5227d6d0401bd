"""Words that tell page furniture from running text, as weights by hash bucket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

BUCKETS: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Weights of words and of pairs of neighbouring words by hash bucket; above 0 speaks for body."""

    words: NDArray[np.float32]
    pairs: NDArray[np.float32]
