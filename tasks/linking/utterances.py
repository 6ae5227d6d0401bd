"""The same utterance in different articles: by the words that quotations share, and by who speaks.

A quotation is known by hashes of runs of its words, of which some are kept: the lesser one of each two neighbours
(winnowing). Wherever two quotations share five words in a row they share a hash, so that a part of a long quotation is
found by its hashes alone, and how many of them it shares tells how much of it the long one holds.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tasks.linking.names import compatible
from tasks.linking.script import is_unspaced
from tasks.linking.window import near

# Words in a run that is hashed. Runs of three are a tenth as telling, runs of five miss more of what was edited.
RUN = 4
# Words that a quotation must have to be found in a longer one, by how many of the two have a known speaker: people
# without a name all say that they will not comment on an ongoing investigation.
LEAST = {2: 5, 1: 8, 0: 12}
# Below so many words all of them must be in the other, from then on half of the hashes: one word in eight may differ.
EDITED = 8
HELD = 0.5
# The fewest words that are one utterance where they are all that was said, by the same known speaker.
EXACT = 3
# Quotations that one is compared with by a hash: the latest of its batch, and of each ten days in the lake, which have
# their utterances from those before them. What a great many say, in a notice or a form, would be the square of their
# number.
LATEST = 16
# Characters without blanks are read as overlapping runs of so many: about as telling as a word.
CHARACTERS = 3

_WORD = re.compile(r"(\[[^\[\]]{0,80}\]|\([.…]+\)|…|\.\.+)|([^\W_]+(?:['’][^\W_]+)*)")
_ODD = np.uint64(0x9E3779B97F4A7C15)


class Quotation(NamedTuple):
    """What is compared of a quotation: ``words`` and kept ``hashes`` it has, ``speaker`` by name; where and when.

    ``published`` is None where unknown; ``place`` is (article, version, number of the quotation in it).
    """

    utterance_id: str
    words: int
    hashes: int
    speaker: str | None
    published: datetime | None
    ingested: datetime
    place: tuple[str, int, int]

    @property
    def seen(self) -> tuple[datetime, tuple[str, int, int]]:
        """What quotations are ordered by: the first one gives the utterance its name."""
        return self.published or self.ingested, self.place


def words(quote: str) -> list[str]:
    """The words of a quotation in small letters, an empty one for each gap: an ellipsis or an insertion in brackets.

    Of scripts that write no blanks, overlapping runs of characters.
    """
    found = [word.lower() for _, word in _WORD.findall(quote.replace("’", "'"))]
    if not is_unspaced(quote):
        return found
    runs: list[str] = []
    for part in "\0".join(found).replace("\0\0", " ").replace("\0", "").split(" "):
        runs += ["", *(part[at : at + CHARACTERS] for at in range(max(1, len(part) - CHARACTERS + 1)))]
    return runs


def hashes(quotes: Sequence[list[str]]) -> list[NDArray[np.int32]]:
    """The kept hashes of each of the quotations, given by their ``words``; ascending, each once.

    None for quotations of fewer than EXACT words.
    """
    known: dict[str, int] = {"": 0}
    flat: list[int] = []
    owners: list[int] = []
    for number, quote in enumerate(quotes):
        padded = quote if len(quote) >= RUN else [*quote, *["\0"] * (RUN - len(quote))]
        if len(quote) < EXACT:
            continue
        for word in (*padded, ""):
            value = known.get(word)
            if value is None:
                value = known[word] = crc32(word.encode("utf-8", "surrogatepass")) | 1 << 32
            flat.append(value)
        owners += [number] * (len(padded) + 1)
    kept, owner = _winnowed(np.array(flat, np.uint64), np.array(owners, np.int64))
    return np.split(kept, np.searchsorted(owner, np.arange(1, len(quotes)))) if quotes else []


def _winnowed(
    tokens: NDArray[np.uint64], owner: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The kept hashes of runs of tokens, 0 being a gap, and whose each is; sorted by both, each once."""
    count = len(tokens) - RUN + 1
    if count <= 0:
        return np.empty(0, np.int32), np.empty(0, np.int64)
    runs = np.zeros(count, np.uint64)
    whole = np.ones(count, bool)
    for at in range(RUN):
        runs = (runs + tokens[at : at + count]) * _ODD
        runs ^= runs >> np.uint64(29)
        whole &= tokens[at : at + count] != 0
    values = runs >> np.uint64(32)
    follows = np.append(whole[1:], False) & whole  # both it and the next
    alone = whole & ~follows & ~np.insert(follows[:-1], 0, False)
    lesser = np.minimum(values, np.append(values[1:], np.uint64(0)))
    chosen = np.concatenate([lesser[follows], values[alone]])
    whose = np.concatenate([owner[:count][follows], owner[:count][alone]]).astype(np.uint64)
    both = np.unique(whose << np.uint64(32) | chosen)
    return (both & np.uint64(0xFFFFFFFF)).astype(np.uint32).view(np.int32), (both >> np.uint64(32)).astype(
        np.int64
    )


def same(one: Quotation, other: Quotation, shared: int) -> bool:
    """Whether two quotations that share so many hashes give the same utterance."""
    if not near((one.published, one.ingested), (other.published, other.ingested)):
        return False
    known = (one.speaker is not None) + (other.speaker is not None)
    if one.speaker is not None and other.speaker is not None and not compatible(one.speaker, other.speaker):
        return False
    shorter = min(one.words, other.words)
    if shorter < LEAST[2]:
        return known == 2 and one.words == other.words and shared == one.hashes == other.hashes
    part = shared / min(one.hashes, other.hashes)
    return shorter >= LEAST[known] and part >= (1 if shorter < EDITED else HELD)


def pairs(kept: Sequence[NDArray[np.int32]]) -> Iterator[tuple[int, int, int]]:
    """The quotations that share hashes, given by these: (number of one, number of another before it, shared).

    Of those that have a hash, only the LATEST before a quotation.
    """
    holders: dict[int, deque[int]] = {}
    for number, of in enumerate(kept):
        others: Counter[int] = Counter()
        for each in of.tolist():
            having = holders.setdefault(each, deque(maxlen=LATEST))
            others.update(having)
            having.append(number)
        for other, shared in others.items():
            yield number, other, shared


def assigned(fresh: Sequence[Quotation], pairs: Iterable[tuple[int, int | Quotation, int]]) -> list[str]:
    """The utterance of each of ``fresh``, which come in the order of ``Quotation.seen``, each with an id of its own.

    ``pairs``: (number of one in ``fresh``, an earlier one there by its number or one of the lake, hashes they share).
    A quotation takes the utterance of the first seen of those that it is the same as. Where it is the same as two
    that were told apart before, they stay apart: what is written of an article never changes.
    """
    matches: dict[int, list[tuple[int | Quotation, int]]] = {}
    for number, other, shared in pairs:
        matches.setdefault(number, []).append((other, shared))
    result = [quotation.utterance_id for quotation in fresh]
    for number in sorted(matches):
        found: list[tuple[tuple[datetime, tuple[str, int, int]], str]] = []
        for other, shared in matches[number]:
            quotation = fresh[other] if isinstance(other, int) else other
            if same(fresh[number], quotation, shared):
                name = result[other] if isinstance(other, int) else quotation.utterance_id
                found.append((quotation.seen, name))
        if found:
            result[number] = min(found)[1]
    return result
