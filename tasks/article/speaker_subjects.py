"""The subject of a sentence: past what stands before it, and by name where a name explains it."""

from __future__ import annotations

from tasks.article.speaker_names import is_full_name, split_roles
from tasks.article.speaker_phrases import Mention, NounPhrases
from tasks.article.speaker_sentences import DASHES, PUNCTUATION, QUOTES
from tasks.article.speaker_words import GIVEN, INSTITUTIONS

_DATELINE = 10  # tokens of a dateline, dash included
_PHRASE = 8  # tokens between a subject's head and the comma before the name in apposition


class Phrases(NounPhrases):
    """Noun phrases of one sentence, and which of them is its subject."""

    def subject(self, limit: int) -> Mention | None:
        """The subject of the sentence, past any fronted phrase, as far as it stands before ``limit``."""
        at = self._past_dateline()
        for _ in range(4):
            while at < limit and (
                self.lower[at] in self.words.connectors or self.tokens[at] in (",", "—", "–", "-", "(", "…")
            ):
                at += 1
            if at >= limit:
                return None
            low = self.lower[at]
            fronted = (
                low in self.words.fronting
                or low in self.words.prepositions
                or low.endswith("ing")
                or (low.endswith("ed") and low not in GIVEN and low not in INSTITUTIONS)
            )
            if not fronted or self.tokens[at] in QUOTES:
                break
            comma = next((i for i in range(at, limit) if self.tokens[i] == ","), None)
            if comma is None:
                return None
            at = comma + 1
        if at >= limit or self.tokens[at] in PUNCTUATION:
            return None
        found = self.starting(at, limit)
        if found is not None and found.kind == "description":
            return self._behind_comma(found.end, limit) or found
        return found

    def _past_dateline(self) -> int:
        """Past the place and agency that an article begins with: HALDEN (CP) —."""
        if len(self.tokens[0]) < 3 or not self.tokens[0].isupper():
            return 0
        return next((i + 1 for i, token in enumerate(self.tokens[:_DATELINE]) if token in DASHES), 0)

    def _behind_comma(self, at: int, limit: int) -> Mention | None:
        """The person named in apposition or behind a phrase of time ("An hour after the gun, Ann Lowe came in")."""
        comma = next((i for i in range(at, min(limit, at + _PHRASE)) if self.tokens[i] == ","), limit)
        inner = end = self.past_roles(comma + 1, limit)
        while end < limit and self.in_name(end):
            end += 1
        if end >= limit or end == inner or self.lower[end] == "and":
            return None
        name = split_roles(self.tokens[inner:end])[1]
        if is_full_name(name) and name[0].lower() in GIVEN:
            return self.mention("name", inner, end, tuple(name))
        return None
