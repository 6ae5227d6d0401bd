"""One name in all its spellings: what Sergei, Sergey and Sergej Ryabkov, or Сергей Рябков, have in common.

A name's key is made of its words as they sound, roughly. Two persons of one name have one key; what the key cannot
tell, such as Mohamed from Muhammad, stays apart.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

from tasks.article.identity import digest
from tasks.article.speaker_names import is_role
from tasks.article.speaker_words import POSTNOMINALS, SUFFIXES, TITLES

# Letters of scripts other than Latin, Greek, Cyrillic, Armenian and Georgian: what they sound like takes a dictionary.
_OTHER_LETTER = re.compile(r"[^\W\d_\u0000-\u058f\u10a0-\u10ff\u1e00-\u1fff]")
_APART = re.compile(r"[\s\u00a0\-‐–・·]+")
_NO_LETTER = re.compile(r"[^a-z0-9]")
_PATRONYMIC = re.compile(r"\w{2,}(?:[oe]v[iy](?:c|ts)h|[oei](?:v|ch)na)\Z")
_ARTICLES = frozenset(("al", "el", "the"))  # written, joined or left out as it pleases
# Below so many letters a sound says too little: Shen and Chen, Ian and Jan, Sara and Zara are different names.
_LONG = 5
_DOUBLED = re.compile(r"(.)\1+")
_PLAIN = (
    (re.compile("ph"), "f"),
    (re.compile("ck|c(?![heiy])"), "k"),
    (re.compile("w"), "v"),
    (re.compile("(?<!^)y"), "i"),
    (re.compile("(?<=[^csk])h"), ""),
)
_ROUGH = (
    (re.compile("shch|s?tsch|tch|sch|szcz|[csz]h|[cs]z"), "\0"),
    (re.compile("kh"), "h"),
    (re.compile("ph"), "f"),
    (re.compile("gu(?=[eiy])"), "g"),
    (re.compile("qu|ck|q|c(?![eiy])"), "k"),
    (re.compile("x"), "ks"),
    (re.compile("w"), "v"),
    (re.compile("[yj]"), "i"),
    (re.compile("ou|ue"), "u"),
    (re.compile("[oa]e"), lambda match: match[0][0]),
    (re.compile("z|c"), "s"),
    (re.compile("(?<!^)h"), ""),
    (re.compile("i+"), "i"),
    (re.compile("ie"), "e"),
    (re.compile("\0"), "c"),
)


def name_id(name: str) -> str:
    """The same for one name in all spellings: 32 hexadecimal digits."""
    return digest("name", key(name))


@lru_cache(maxsize=1 << 16)
def key(name: str) -> str:
    """What all spellings of a name have in common: its words as they sound, parted by blanks.

    Titles before it, initials and patronymics in the middle, and honours behind it play no part.
    """
    return " ".join(map(_sound, parts(name)))


def compatible(one: str, other: str) -> bool:
    """Whether two names may be one person's: of one key, or one of them is the other's surname alone."""
    mine, its = key(one).split(" "), key(other).split(" ")
    if len(mine) > 1 and len(its) > 1:
        return mine == its
    return mine[-1] == its[-1]


def parts(name: str) -> list[str]:
    """The words of a name, in order, that tell it from others, in ASCII where they are of an alphabet.

    "Ryabkov, Sergey" is turned round, "King, Jr." is not.
    """
    name = unicodedata.normalize("NFKC", name).strip(" .,;:")
    before, comma, after = name.partition(", ")
    if comma and after.strip(".").lower() not in SUFFIXES | POSTNOMINALS:
        name = f"{after} {before}"
    words = _APART.split(name.replace(",", " "))
    while len(words) > 1 and words[0].lower().rstrip(".") in TITLES | {"the"}:
        del words[0]
    while len(words) > 2 and is_role(words[0].lower()) and words[0][0].islower():
        del words[0]
    while len(words) > 2 and words[-1].lower().strip(".") in POSTNOMINALS:
        del words[-1]
    found = [_ascii(word) for word in words]
    kept = [
        word
        for at, word in enumerate(found)
        if word
        and (at in (0, len(found) - 1) or not (len(word) == 1 or _PATRONYMIC.match(word)))
        and (word not in _ARTICLES or len(found) == 1)
    ]
    return kept or [name.casefold()]


def _ascii(word: str) -> str:
    """A word in small letters of a to z; of a script that is not transliterated as it is."""
    if word.isascii():
        return _NO_LETTER.sub("", word.lower())
    if _OTHER_LETTER.search(word):
        return word.casefold()
    return _NO_LETTER.sub("", anyascii(word.lower()).lower())


@lru_cache(maxsize=1 << 16)
def _sound(word: str) -> str:
    if not word.isascii():
        return word
    rough = word
    for pattern, by in _ROUGH:
        rough = pattern.sub(by, rough)
    rough = _DOUBLED.sub(r"\1", rough)
    if len(rough) >= _LONG:
        return rough
    for pattern, by in _PLAIN:
        word = pattern.sub(by, word)
    return _DOUBLED.sub(r"\1", word)
