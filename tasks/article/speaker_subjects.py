"""Who a verb of speech belongs to: noun phrases to its left and right, and the subject of a sentence."""

from __future__ import annotations

from typing import Literal, NamedTuple

from tasks.article.speaker_people import is_full_name, is_role, split_roles
from tasks.article.speaker_sentences import DASHES, PUNCTUATION, QUOTES, Sentence
from tasks.article.speaker_words import ENGLISH, INSTITUTIONS, PARTICLES, SUFFIXES, Lexicon

_NO_ADVERB = ENGLISH["no_adverbs"]
_BEFORE_TIME = ENGLISH["before_time"]
_NAME_MONTHS = ENGLISH["name_months"]
_ATTACHED = ENGLISH["attached"]
_LINKS = ENGLISH["links"]


class Mention(NamedTuple):
    """A noun phrase, tokens [start, end) of its sentence; ``name`` is empty for pronouns and descriptions."""

    kind: Literal["name", "pronoun", "description"]
    start: int
    end: int
    written: str
    name: tuple[str, ...] = ()


class Phrases:
    """Noun phrases of one sentence."""

    def __init__(self, sentence: Sentence, words: Lexicon) -> None:
        """Look at ``sentence`` with the function words of its language."""
        self.tokens = sentence.tokens
        self.lower = "\0".join(sentence.tokens).lower().split("\0")
        self.words = words
        self._german = words.language == "de"  # where every noun has a capital

    def _mention(
        self,
        kind: Literal["name", "pronoun", "description"],
        start: int,
        end: int,
        name: tuple[str, ...] = (),
    ) -> Mention:
        return Mention(kind, start, end, " ".join(self.tokens[start:end]).replace(" ,", ","), name)

    def _capital(self, at: int) -> bool:
        """Whether the token can be part of a name."""
        token = self.tokens[at]
        if token[0].isupper():
            if len(token) > 1 and token.isupper():
                return True
            return not (self.lower[at] in self.words.function and (at == 0 or token == "I")) or (
                at == 0 and self.lower[at] in ("will", "may", "mark")
            )
        return token.startswith(("al-", "el-", "d'", "d’")) and len(token) > 3

    def skip_auxiliaries(self, at: int, floor: int) -> tuple[int, bool]:
        """The last token before auxiliaries, adverbs and times; and whether a form of "be" was among them."""
        passive = False
        while at >= floor:
            token, low = self.tokens[at], self.lower[at]
            if not token[0].isupper() and (
                low in self.words.auxiliaries
                or (low.endswith("ly") and low not in _NO_ADVERB)
                or low.endswith(("n't", "n’t"))
            ):
                passive = passive or low in self.words.be
                at -= 1
                continue
            before = self._skip_time(at, floor)
            if before == at:
                break
            at = before
        return at, passive

    def _skip_time(self, at: int, floor: int) -> int:
        index = at
        while index >= floor and (
            self.lower[index].rstrip(".") in self.words.times
            or (self.tokens[index][0].isdigit() and not self.tokens[index][-1].isalpha())
        ):
            index -= 1
        if index == at or index < floor:
            return at
        low = self.lower[at].rstrip(".")
        if self.tokens[index][0].isupper() and low in _NAME_MONTHS:
            return at
        if self.lower[index] not in _BEFORE_TIME and low not in self.words.times:
            return at
        while index >= floor and self.lower[index] in _BEFORE_TIME:
            index -= 1
        return index

    def ending(self, at: int, floor: int, depth: int = 0) -> Mention | None:
        """The noun phrase whose last token is ``at``, not reaching left of ``floor``."""
        if at < floor or depth > 6:
            return None
        token, low = self.tokens[at], self.lower[at]
        if token == ",":
            return self._before_comma(at, floor, depth)
        if token == ")" or token in DASHES:
            opening = "(" if token == ")" else token
            for index in range(at - 1, floor - 1, -1):
                if self.tokens[index] == opening:
                    return self.ending(index - 1, floor, depth + 1)
            return None
        if token in PUNCTUATION:
            return None
        if low in ("who", "which", "that") and at > floor:
            before = at - 1 if self.tokens[at - 1] != "," else at - 2
            return self.ending(before, floor, depth + 1)
        if low in self.words.pronouns and (token[0].islower() or at == 0 or token == "I" or at == floor):
            return self._mention("pronoun", at, at + 1)
        if self._capital(at) or low in SUFFIXES:
            return self._name_ending(at, floor, depth)
        return self._description_ending(at, floor, depth)

    def _run_start(self, at: int, floor: int) -> int:
        index = at
        while index > floor:
            before = self.tokens[index - 1]
            if before.endswith(("'s", "’s")):
                break
            if self._capital(index - 1) or (
                before in PARTICLES and index - 2 >= floor and self._particle_reaches(index - 1, floor)
            ):
                index -= 1
            else:
                break
        return index

    def _particle_reaches(self, at: int, floor: int) -> bool:
        """Whether a particle stands between two capitalised words, perhaps with another particle."""
        return self._capital(at - 1) or (
            self.tokens[at - 1] in PARTICLES and at - 2 >= floor and self._capital(at - 2)
        )

    def _name_ending(self, at: int, floor: int, depth: int) -> Mention | None:
        start = self._run_start(at, floor)
        run = self.tokens[start : at + 1]
        outer = start
        if outer > floor and self.tokens[outer - 1].endswith(("'s", "’s")):
            outer = self._run_start(outer - 1, floor)
        before = self.lower[outer - 1] if outer > floor else ""
        roles, name = split_roles(run)
        if outer - 2 >= floor and self._institution_of(outer - 1):
            first = self._run_start(outer - 2, floor)
            name = self.tokens[first : at + 1]
            return self._mention("name", self._phrase_start(first, floor), at + 1, tuple(name))
        if before in _ATTACHED and not roles:
            left = self.ending(outer - 2, floor, depth + 1)
            return left and Mention(left.kind, left.start, at + 1, left.written, left.name)
        if before == "and" and start - 2 >= floor and self._capital(start - 2):
            return self._mention("description", self._run_start(start - 2, floor), at + 1)
        if not name:
            return self._description_ending(at, floor, depth)
        return self._mention("name", self._phrase_start(start, floor), at + 1, tuple(name))

    def _institution_of(self, at: int) -> bool:
        """Whether "of" at this place stands within a name: the Ministry of Foreign Affairs."""
        return self.lower[at] == "of" and self.lower[at - 1] in INSTITUTIONS and self._capital(at - 1)

    def _phrase_start(self, start: int, floor: int) -> int:
        """Where the noun phrase begins whose name begins at ``start``: its roles and determiner included."""
        index = best = start
        while index > floor and start - index < 9:
            low = self.lower[index - 1]
            token = self.tokens[index - 1]
            if token in PUNCTUATION or low in self.words.pronouns - self.words.determiners:
                break
            if low in self.words.conjunctions or low in self.words.verbs or low in self.words.connectors:
                break
            if low in self.words.fronting and low not in ("of", "for"):
                break
            index -= 1
            if index == floor:
                best = index
            if low in self.words.determiners:
                best = index
                break
            if is_role(low) or token.endswith(("'s", "’s")) or (token[0].isupper() and best == index + 1):
                best = index
        return best

    def _description_ending(self, at: int, floor: int, depth: int) -> Mention | None:
        index = at
        while index >= floor and at - index < 12:
            token, low = self.tokens[index], self.lower[index]
            if token in PUNCTUATION or (low in self.words.conjunctions and low != "and"):
                break
            if low in self.words.determiners:
                if index > floor and self.lower[index - 1] in _ATTACHED:
                    left = self.ending(index - 2, floor, depth + 1)
                    if left is not None:
                        return Mention(left.kind, left.start, at + 1, left.written, left.name)
                return self._mention("description", index, at + 1)
            if low in self.words.prepositions:
                if low in _ATTACHED:
                    left = self.ending(index - 1, floor, depth + 1)
                    if left is not None:
                        return Mention(left.kind, left.start, at + 1, left.written, left.name)
                break
            if low in self.words.verbs or low in self.words.pronouns or low in self.words.auxiliaries:
                break
            index -= 1
        index += 1
        return self._mention("description", index, at + 1) if index <= at else None

    def _before_comma(self, at: int, floor: int, depth: int) -> Mention | None:
        """The subject that appositions and relative clauses between commas part from its verb."""
        segments, end = [], at
        for index in range(at - 1, floor - 2, -1):
            if index < floor or self.tokens[index] in ",;:" or self.tokens[index] in QUOTES:
                if index + 1 < end:
                    segments.append((index + 1, end))
                end = index
                if index >= floor and self.tokens[index] != ",":
                    break
        names: list[Mention] = []
        others: list[Mention] = []
        for start, stop in segments:
            first = start
            while first < stop - 1 and first == 0 and self.lower[first] in self.words.connectors:
                first += 1
            low = self.lower[first]
            if (
                low in self.words.fronting and self.tokens[first] != "Mark"
            ) or low in self.words.prepositions:
                continue
            mention = self.ending(stop - 1, first, depth + 1)
            if mention is None or mention.start != first:
                continue
            (names if mention.kind == "name" else others).append(mention)
        for mention in names:
            if is_full_name(list(mention.name)):
                return mention
        if names:
            return names[-1]
        return others[-1] if others else None

    def starting(self, at: int, limit: int) -> Mention | None:
        """The noun phrase that begins at ``at``, not reaching ``limit``: after "said", or as a subject."""
        if at >= limit:
            return None
        low = self.lower[at]
        if low in self.words.pronouns and low not in self.words.determiners:
            return self._mention("pronoun", at, at + 1)
        stop = at
        while stop < limit and not self._stops(stop):
            stop += 1
        found = self._name_within(at, stop)
        determined = low in self.words.determiners
        if found is not None and determined and len(found.name) == 1 and self._german:
            found = None
        if found is not None and not (determined and len(found.name) == 1):
            return found
        if stop + 2 < limit and self.tokens[stop] == ",":
            inner = stop + 1
            end = inner
            while end < limit and self.in_name(end):
                end += 1
            name = split_roles(self.tokens[inner:end])[1] if end > inner else []
            if is_full_name(name) and (end >= limit or self.tokens[end] in ",."):
                return self._mention("name", at, end, tuple(name))
        if found is not None:
            return found
        end = at
        while end < stop and end - at < 8 and self.lower[end] not in self.words.prepositions:
            end += 1
        return self._mention("description", at, end) if end > at else None

    def in_name(self, at: int) -> bool:
        """Whether the token can stand in a name: capitalised, a particle or a suffix."""
        token = self.tokens[at]
        if token in PARTICLES:  # "Nadel der Stadt" is two phrases in German, "von der Leyen" is one
            return not (self._german and token in self.words.determiners and self.lower[at - 1] != "von")
        return self._capital(at) or self.lower[at] in SUFFIXES

    def _stops(self, at: int) -> bool:
        low = self.lower[at]
        return (
            self.tokens[at] in PUNCTUATION
            or (low in self.words.conjunctions and self.tokens[at][0].islower())
            or (low in self.words.times and low not in _NAME_MONTHS)
            or (low in self.words.prepositions and low not in _LINKS and self.tokens[at][0].islower())
        )

    def _name_within(self, at: int, stop: int) -> Mention | None:
        index = at
        while index < stop:
            if not self._capital(index) or (index == at and self.lower[index] in self.words.determiners):
                index += 1
                if index - at > 8:
                    return None
                continue
            start = index
            while index < stop and self.in_name(index):
                index += 1
                if self.tokens[index - 1].endswith(("'s", "’s")):
                    start = index
            while (
                index > start
                and self.tokens[index - 1] in PARTICLES
                and self.lower[index - 1] not in SUFFIXES
            ):
                index -= 1
            if index <= start:
                index = max(index, start) if index != at else index + 1
                continue
            roles, name = split_roles(self.tokens[start:index])
            attached = start > at and self.lower[start - 1] in _LINKS
            if index + 1 < stop and self._institution_of(index) and self._capital(index + 1):
                while index + 1 < stop and self._capital(index + 1):
                    index += 1
                index += 1
                roles, name = [], self.tokens[start:index]
            if name and not (attached and not roles) and not self._modifies(index, stop):
                if start > at and not self._leads_to_name(at, start):
                    return None
                return self._mention("name", at, index, tuple(name))
        return None

    def _modifies(self, at: int, stop: int) -> bool:
        """Whether lower-case words from ``at`` make what is before them a modifier ("Foo analyst …")."""
        for index in range(at, min(stop, at + 5)):
            if self.tokens[index][0].isupper():
                return index > at and is_role(self.lower[index - 1])
            if self.lower[index] in self.words.determiners or self.lower[index] in self.words.pronouns:
                return False
            if index + 1 == stop and is_role(self.lower[index]):
                return True
        return False

    def _leads_to_name(self, at: int, start: int) -> bool:
        """Whether the words before a name are its determiner, roles and modifiers, not a clause."""
        before = self.lower[start - 1]
        return (
            is_role(before)
            or before in self.words.determiners
            or before.endswith(("'s", "’s"))
            or all(token[0].isupper() for token in self.tokens[at:start])
            or before in ("of", "for")
            or (start - at < 3 and not any(self._clausal(low) for low in self.lower[at:start]))
        )

    def _clausal(self, low: str) -> bool:
        words = self.words
        return low in words.verbs or low in words.pronouns or low in words.auxiliaries or low.endswith("ed")

    def subject(self, limit: int) -> Mention | None:
        """The subject of the sentence, past any fronted phrase, as far as it stands before ``limit``."""
        at = 0
        for _ in range(4):
            while at < limit and (
                self.lower[at] in self.words.connectors or self.tokens[at] in (",", "—", "–", "-", "(", "…")
            ):
                at += 1
            if at >= limit:
                return None
            low = self.lower[at]
            fronted = low in self.words.fronting or low in self.words.prepositions or low.endswith("ing")
            if not fronted or self.tokens[at] in QUOTES:
                break
            comma = next((i for i in range(at, limit) if self.tokens[i] == ","), None)
            if comma is None:
                return None
            at = comma + 1
        if at >= limit or self.tokens[at] in PUNCTUATION:
            return None
        return self.starting(at, limit)
