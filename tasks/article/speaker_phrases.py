"""Noun phrases of one sentence: those that end at a word and those that begin at one."""

from __future__ import annotations

from typing import Literal, NamedTuple

from tasks.article.speaker_names import is_full_name, is_portfolio, is_role, split_roles
from tasks.article.speaker_sentences import DASHES, PUNCTUATION, QUOTES, Sentence
from tasks.article.speaker_words import ENGLISH, GIVEN, INSTITUTIONS, PARTICLES, SUFFIXES, Lexicon

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


class NounPhrases:
    """Noun phrases of one sentence."""

    def __init__(self, sentence: Sentence, words: Lexicon) -> None:
        """Look at ``sentence`` with the function words of its language."""
        self.tokens = sentence.tokens
        self.lower = "\0".join(sentence.tokens).lower().split("\0")
        self.words = words
        self._german = words.language == "de"  # where every noun has a capital

    def mention(
        self,
        kind: Literal["name", "pronoun", "description"],
        start: int,
        end: int,
        name: tuple[str, ...] = (),
    ) -> Mention:
        """The tokens [start, end) as a mention."""
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
            return self.mention("pronoun", at, at + 1)
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
            return self.mention("name", self._phrase_start(first, floor), at + 1, tuple(name))
        determined = before in self.words.determiners and self.lower[outer - 2] in _ATTACHED
        if (before in _ATTACHED or determined) and outer - 2 >= floor and not is_portfolio(roles):
            left = self.ending(outer - (3 if determined else 2), floor, depth + 1)
            if left is not None or not determined:
                return left and Mention(left.kind, left.start, at + 1, left.written, left.name)
        if before == "and" and start - 2 >= floor and self._capital(start - 2):
            if roles and name and is_role(self.lower[start - 2]):  # Police and Crime Commissioner Ann Lowe
                return self.mention("name", start - 2, at + 1, tuple(name))
            return self.mention("description", self._run_start(start - 2, floor), at + 1)
        if not name:
            return self._description_ending(at, floor, depth)
        return self.mention("name", self._phrase_start(start, floor), at + 1, tuple(name))

    def _institution_of(self, at: int) -> bool:
        """Whether "of" or "for" at this place stands within a name: the Ministry of Foreign Affairs."""
        return (
            self.lower[at] in ("of", "for") and self.lower[at - 1] in INSTITUTIONS and self._capital(at - 1)
        )

    def _phrase_start(self, start: int, floor: int) -> int:
        """Where the noun phrase begins whose name begins at ``start``: its roles and determiner included."""
        index = best = start
        while index > floor and start - index < 9:
            low = self.lower[index - 1]
            token = self.tokens[index - 1]
            if token in PUNCTUATION or low in self.words.pronouns - self.words.determiners:
                break
            if self._couples_roles(index - 1, floor, start + 2):
                index -= 1
                continue
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
                return self.mention("description", index, at + 1)
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
        return self.mention("description", index, at + 1) if index <= at else None

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
            first = max(
                (i + 1 for i in range(start, stop - 1) if self.lower[i] in self.words.conjunctions - {"and"}),
                default=start,
            )
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
            return self.mention("pronoun", at, at + 1)
        stop = at
        while stop < limit and not (self._stops(stop) and not self._couples_roles(stop, at, limit)):
            stop += 1
        found = self._name_within(at, stop)
        determined = low in self.words.determiners
        if found is not None and determined and len(found.name) == 1 and self._german:
            found = None
        if found is not None and not (determined and len(found.name) == 1):
            return found
        if stop + 2 < limit and self.tokens[stop] == ",":
            inner = self.past_roles(stop + 1, limit)
            end = inner
            while end < limit and self.in_name(end):
                end += 1
            roles, name = split_roles(self.tokens[inner:end]) if end > inner else ([], [])
            if (is_full_name(name) or (roles and name)) and (end >= limit or self.tokens[end] in ",."):
                return self.mention("name", at, end, tuple(name))
        if found is not None:
            return found
        end = at
        while end < stop and end - at < 8 and not self._ends_phrase(end, at):
            end += 1
        return self.mention("description", at, end) if end > at else None

    def _ends_phrase(self, at: int, start: int) -> bool:
        """Whether a noun phrase without a name that begins at ``start`` has ended before this token."""
        low, words = self.lower[at], self.words
        if low in words.prepositions:
            return True
        return at > start and (low in words.finite or low in words.auxiliaries or low in words.pronouns)

    def _couples_roles(self, at: int, floor: int, limit: int) -> bool:
        """Whether "and" stands between two roles of one person ("partner and husband Ben Lowe")."""
        return (
            self.lower[at] == "and"
            and floor < at < limit - 2
            and is_role(self.lower[at - 1])
            and is_role(self.lower[at + 1])
            and (is_role(self.lower[at + 2]) or self._capital(at + 2))
        )

    def past_roles(self, at: int, limit: int) -> int:
        """Past the lower-case words of an apposition that lead up to a name ("…, teacher turned realtor Ann Lowe")."""
        index = at
        while index < min(limit, at + 6) and self.tokens[index][0].islower() and not self._stops(index):
            index += 1
        if index >= limit:
            return at
        known = index - at <= 2 and self.lower[index] in GIVEN
        return index if known or any(map(is_role, self.lower[at:index])) else at

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
            if name and not (attached and not is_portfolio(roles)) and not self._modifies(index, stop):
                if start > at and not self._leads_to_name(at, start):
                    return None
                if self._joins_another(index, stop):
                    return self.mention("description", at, index)
                return self.mention("name", at, index, tuple(name))
        return None

    def _joins_another(self, at: int, stop: int) -> bool:
        """Whether "and" and one more name, with nothing behind it, follow a name: two persons speak."""
        if at != stop or at + 1 >= len(self.tokens) or self.lower[at] != "and":
            return False
        end = at + 1
        while end < len(self.tokens) and self.in_name(end):
            end += 1
        return end > at + 1 and (end == len(self.tokens) or self.tokens[end] in ".,")

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
