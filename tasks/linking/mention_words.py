"""The word lists behind the search for names, read once."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Final

_LISTS = tomllib.loads(
    resources.files("tasks.linking").joinpath("data", "mention_words.toml").read_text(encoding="utf-8")
)


def _words(name: str) -> frozenset[str]:
    return frozenset(_LISTS[name].split())


OFFICES: Final = _words("offices")
ANYBODYS: Final = _words("anybodys")
ORGANISATION_ENDS: Final = _words("organisation_ends")
ORGANISATION_OF: Final = _words("organisation_of")
ORGANISATION_COMMON: Final = _words("organisation_common")
BEHIND_COUNTRY: Final = _words("behind_country")
BEFORE_OF: Final = _words("before_of")
NO_GIVEN: Final = _words("no_given")
NO_SURNAMES: Final = _words("no_surnames")
PLACE_GIVEN: Final = _words("place_given")
