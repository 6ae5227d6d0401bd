"""Within one sentence: the verb of speech that a quotation belongs to, and whose verb it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tasks.article.speaker_names import is_role
from tasks.article.speaker_phrases import Mention
from tasks.article.speaker_sentences import BANG, COMMA, DASHES, OPEN, QUOTES, STOP, Sentence
from tasks.article.speaker_subjects import Phrases
from tasks.article.speaker_words import ENGLISH, Lexicon

_ADDRESSED = ENGLISH["addressed"]
_REPORTED = ENGLISH["reported"]
_NAMING = ENGLISH["naming"] | {"described"}
_IT_SPEAKS = ENGLISH["it_speaks"]
_REFLECTIVE = ENGLISH["reflective"]
_PRO_DROP = frozenset(("es", "it", "pt", "pl", "ru", "uk", "tr"))
_GOES_ON = frozenset(("kept", "keep", "keeps"))
_FAR = 40  # tokens between a quotation and the verb behind it, apposition included


class Attribution(NamedTuple):
    """The subject found, None where there is none certain; the verb; its distance in tokens."""

    mention: Mention | None
    verb: str | None
    distance: int
    dropped: bool = False  # the verb stands without a subject, as Spanish or Polish may have it


class Attributions:
    """Finds the attribution of each quotation in one sentence."""

    def __init__(self, sentence: Sentence, words: Lexicon) -> None:
        """Prepare ``sentence``, whose language has the ``words``."""
        self.sentence = sentence
        self.tokens = sentence.tokens
        self.words = words
        self.phrases = Phrases(sentence, words)
        self.lower = self.phrases.lower
        self.verbs = [
            index for index, token in enumerate(self.lower) if token in words.verbs and self._is_verb(index)
        ]
        self._subjects: dict[int, Mention | None] = {}
        self._according_at = (
            []
            if words.according.isdisjoint(self.lower)
            else [index for index, token in enumerate(self.lower) if token in words.according]
        )

    def _is_verb(self, at: int) -> bool:
        """Whether a form of a verb of speech is used as a verb here ("claims" after "the" is a noun)."""
        token, low = self.tokens[at], self.lower[at]
        before = self.lower[at - 1] if at else ""
        if token[0].isupper() and at and self.tokens[at - 1] not in (".", ":", ";"):
            return False
        if self.words.language != "en":
            return True
        if before in self.words.determiners or before.endswith(("'s", "’s")):
            return before in ("this", "that", "some", "both", "each", "another", "one")
        if low in self.words.bases:
            return (
                before in ENGLISH["helpers"]
                or before.endswith(("n't", "n’t"))
                or (before.endswith("s") and before not in ("'s", "’s"))
                or before == "people"
                or (before in QUOTES or before == ",")
            )
        if low in self.words.gerunds:
            return before not in self.words.prepositions or before in ENGLISH["before_gerund"]
        return True

    def of(self, at: int) -> Attribution | None:
        """The attribution of the quotation whose token is at ``at``, None where the sentence has none."""
        comma = self._comma_after(at)
        after = self._after(at, comma)
        if after is not None and (comma or self.tokens[at] != OPEN or at == 0):
            return after
        before = self._headed(at) or self._before(at)
        if before is not None and before.mention is not None:
            return before
        return after or self._by_passive(at) or self._trailing(at) or before

    def _comma_after(self, at: int) -> bool:
        return self.tokens[at] == COMMA

    def _after(self, at: int, comma: bool) -> Attribution | None:
        """``"…," said Smith`` and ``"…," Smith said``: right behind the quotation."""
        start, count = at + 1, len(self.tokens)
        if start < count and self.tokens[start] == ",":
            start += 1
            comma = True
        if start >= count or self.tokens[start] in QUOTES:
            return None
        if self.tokens[start] in DASHES:
            return self._signed(start + 1) if self.tokens[at] in (STOP, BANG) else self._after_dash(start + 1)
        if self.tokens[start] == ":":
            return self._headlined(start + 1)
        according = self._according(start)
        if according is not None:
            return according
        limit = next((i for i in range(start, count) if self.tokens[i] in QUOTES), count)
        verb = start
        while verb < limit and self.tokens[verb][0].islower() and self.lower[verb] in self.words.auxiliaries:
            verb += 1
        if verb in self.verbs and self.lower[verb] in self.words.finite:
            if self.lower[verb] not in _ADDRESSED or self.words.language != "en":
                mention = self.phrases.starting(verb + 1, limit)
                if mention is not None:
                    return Attribution(mention, self.tokens[verb], verb - at)
                if self.words.language in _PRO_DROP and (verb + 1 >= limit or self.tokens[verb + 1] in ".,"):
                    return Attribution(None, self.tokens[verb], verb - at, dropped=True)
            return None
        relative: Attribution | None = None
        for verb in self.verbs:
            if verb <= start or verb >= limit:
                continue
            if self.lower[verb] in self.words.gerunds:
                quoted = self._reported(verb, start) if self.lower[verb - 1] == "as" else None
                if quoted is not None and quoted.kind == "name":  # the Post quoted Smith as saying
                    return Attribution(quoted, self.tokens[verb], verb - at)
                continue
            mention = self._left(verb, start)
            if mention is not None and self._speaks(mention, verb) and self._reaches(mention, start):
                found = Attribution(mention, self.tokens[verb], verb - at)
                if self.lower[verb - 1] not in ("who", "which"):
                    return found
                relative = relative or found  # the main verb may follow: a resident, who asked for help, said
            if verb - start > _FAR:
                break
        return relative or self._with_any_verb(at, start, limit) if comma or self.tokens[at] == BANG else None

    def _reaches(self, mention: Mention, start: int) -> bool:
        """Whether only roles part a subject from the quotation before it ("CEO and founder Jane Roe")."""
        between = self.lower[start : mention.start]
        if not between or between in (["as"], ["so"]):
            return True
        return (
            len(between) < 12
            and mention.kind == "name"
            and any(is_role(word) for word in between)
            and not any(word in self.words.verbs or word in self.words.pronouns for word in between)
        )

    def _with_any_verb(self, at: int, start: int, limit: int) -> Attribution | None:
        """``"Well," Smith deadpanned``: after a comma or question an unlisted verb is one of speech."""
        mention = self.phrases.starting(start, limit)
        if mention is None or mention.start != start or mention.kind == "description" or mention.end >= limit:
            return None
        verb, rest = self.lower[mention.end], self.tokens[mention.end + 1 : mention.end + 3]
        ends = any(token in (".", ",") for token in rest)  # "Well," Smith shot back.
        if (
            not self._speaks(mention, mention.end)
            or not (verb.endswith("ed") or ends)
            or verb in self.words.function
        ):
            return None
        if not self.tokens[mention.end][0].islower():
            return None
        return Attribution(mention, self.tokens[mention.end], mention.end - at)

    def _after_dash(self, start: int) -> Attribution | None:
        """``— … , — сказал Иванов``: a verb right behind the dash of a dialogue."""
        if start in self.verbs:
            mention = self.phrases.starting(start + 1, len(self.tokens))
            return Attribution(mention, self.tokens[start], 1) if mention else None
        return None

    def _signed(self, start: int) -> Attribution | None:
        """``"…" — John Smith, chairman``: a name behind a dash, and nothing more than its apposition."""
        mention = self.phrases.starting(start, len(self.tokens))
        if mention is None or mention.kind != "name" or mention.start != start:
            return None
        rest = self.tokens[mention.end : mention.end + 1]
        return Attribution(mention, None, 1) if not rest or rest[0] in ",.(" else None

    def _headlined(self, at: int) -> Attribution | None:
        """``'…': Smith``, as headlines have it: a colon and a name, and nothing more."""
        mention = self.phrases.starting(at, len(self.tokens))
        if mention is None or mention.kind != "name" or self.tokens[mention.end :] not in ([], ["."]):
            return None
        return Attribution(mention, None, 1)

    def _according(self, at: int) -> Attribution | None:
        if at >= len(self.tokens) or self.lower[at] not in self.words.according:
            return None
        start = at + 1
        if self.words.language == "en":
            if start >= len(self.tokens) or self.lower[start] != "to":
                return None
            start += 1
        mention = self.phrases.starting(start, len(self.tokens))
        if mention is not None and mention.kind == "description":
            following = self.lower[mention.end] if mention.end < len(self.tokens) - 1 else ""
            if following in ("by", "from"):  # according to a statement by Smith
                mention = self.phrases.starting(mention.end + 1, len(self.tokens))
        return Attribution(mention, " ".join(self.tokens[at:start]), 1) if mention else None

    def _left(self, verb: int, floor: int) -> Mention | None:
        """The subject to the left of a finite verb, None for a passive ("Smith was told …")."""
        end, passive = self.phrases.skip_auxiliaries(verb - 1, floor)
        low = self.lower[verb]
        if low == "saying" and self.lower[verb - 1] == "as":
            return self._reported(verb, floor)
        if passive and low not in self.words.gerunds and low not in _REPORTED:
            return None
        if low in _REPORTED and not passive:
            return None
        return self.phrases.ending(end, floor)

    def _reported(self, verb: int, floor: int) -> Mention | None:
        """``Smith was quoted by Foo as saying`` is Smith's, ``Foo quoted Smith as saying`` too."""
        for index in range(verb - 2, max(floor, verb - 20) - 1, -1):
            if self.lower[index] in _REPORTED:
                end, passive = self.phrases.skip_auxiliaries(index - 1, floor)
                if passive:
                    return self.phrases.ending(end, floor)
                return self.phrases.starting(index + 1, verb - 1)
        return None

    def _before(self, at: int) -> Attribution | None:
        """``Smith said that "…"``: the nearest verb of speech to the left that has a subject."""
        nearest: Attribution | None = None
        reflecting: Attribution | None = None
        at = self._first_of_list(at)
        for verb in reversed(self.verbs):
            if verb >= at:
                continue
            low = self.lower[verb]
            if at - verb <= 2 and low in _NAMING and self._passive(verb):
                return None  # had been described as "…": by nobody, or by whom _by_passive finds
            close = (
                at - verb <= 2
                or self.tokens[at - 1] in (",", ":")
                or "that" in self.lower[verb + 1 : verb + 5]
            )
            if low in self.words.adjacent and not close:
                continue
            if any(self.tokens[index] == ";" for index in range(verb, at)):
                break
            mention = self._subject_of(verb)
            if mention is not None and self._speaks(mention):
                found = Attribution(mention, self.tokens[verb], at - verb)
                if mention.kind != "description" or low not in _REFLECTIVE:
                    return found if reflecting is None or mention.kind == "name" else reflecting
                reflecting = reflecting or found
            elif nearest is None and not self._passive(verb):
                dropped = verb == 0 and self.words.language in _PRO_DROP
                nearest = Attribution(None, self.tokens[verb], at - verb, dropped)
        for index in reversed(self._according_at):
            according = self._according(index) if index < at else None
            if according is not None:
                return according
        return reflecting or nearest

    def _headed(self, at: int) -> Attribution | None:
        """``Smith: "…"``: nothing but a name and a colon."""
        if at < 2 or self.tokens[at - 1] != ":":
            return None
        start = 1 if 0 in self.verbs and self.lower[0] in self.words.finite else 0  # Said Smith: "…"
        mention = self.phrases.starting(start, at - 1)
        if mention is None or mention.kind != "name" or mention.start != start or mention.end != at - 1:
            return None
        return Attribution(mention, self.tokens[0] if start else None, 1)

    def _first_of_list(self, at: int) -> int:
        """The first of the quotations that are strung together: ``shouted "…" and "…"``."""
        index = at
        while index > 1 and (self.lower[index - 1] in ("and", "or", "but", ",")):
            index -= 1
            if self.tokens[index - 1] in QUOTES:
                index -= 1
                at = index
        return at

    def _speaks(self, mention: Mention, verb: int | None = None) -> bool:
        """Whether a subject is one that can speak; "it" is only with a verb that means nothing else."""
        low = self.lower[mention.start]
        if low == "it" and verb is not None:
            return self.lower[verb] in _IT_SPEAKS
        return (
            mention.kind != "pronoun"
            or low in self.words.male
            or low in self.words.female
            or low in ("i", "we", "they", "it")
        )

    def _passive(self, verb: int) -> bool:
        return self.phrases.skip_auxiliaries(verb - 1, 0)[1] and self.lower[verb] not in self.words.gerunds

    def _subject_of(self, verb: int) -> Mention | None:
        """Whose a verb is. Found once for each verb, as one may ask for the one before it."""
        if verb not in self._subjects:
            self._subjects[verb] = self._find_subject_of(verb)
        return self._subjects[verb]

    def _find_subject_of(self, verb: int) -> Mention | None:
        low = self.lower[verb]
        floor = next((i + 1 for i in range(verb - 1, -1, -1) if self.tokens[i] in QUOTES), 0)
        if low in self.words.gerunds and self.lower[verb - 1] != "as":
            end, progressive = self.phrases.skip_auxiliaries(verb - 1, floor)
            if progressive or self.lower[verb - 1] in _GOES_ON:
                return self.phrases.ending(end, floor)
            return self._main_subject(verb)
        if floor == verb or (
            floor == verb - 1 and (self.tokens[floor] == "," or self.tokens[floor] in DASHES)
        ):
            return self.phrases.starting(verb + 1, len(self.tokens)) if low not in _ADDRESSED else None
        before = self.lower[verb - 1]
        if before == "," and low in self.words.finite:  # That, said Smith, was "…"
            inverted = self.phrases.starting(verb + 1, len(self.tokens))
            if inverted is not None and inverted.kind == "name" and self.tokens[inverted.end :][:1] == [","]:
                return inverted
        if before in ("and", "but", "or", "to"):
            return self._main_subject(verb)
        mention = self._left(verb, floor)
        if mention is None and floor and not self._passive(verb):
            return self._main_subject(verb)
        return mention

    def _main_subject(self, limit: int) -> Mention | None:
        """Whose a verb without a subject of its own is: the previous verb's of speech, or the sentence's."""
        for verb in reversed(self.verbs):
            if verb < limit and self.lower[verb] not in self.words.gerunds and self.lower[verb - 1] != "to":
                mention = self._subject_of(verb) if verb else None
                if mention is not None and self._speaks(mention):
                    return mention
        found = self.phrases.subject(len(self.tokens) if limit == 0 else limit) or self._after_front(limit)
        if found is None:  # "Well," Smith began, adding …
            after = next((i + 1 for i in range(limit - 1, -1, -1) if self.tokens[i] in QUOTES), limit)
            found = self.phrases.starting(after, limit)
        return found

    def _after_front(self, limit: int) -> Mention | None:
        """``Calling it "a scandal", Smith resigned``: the subject behind a fronted phrase."""
        if limit > 3:
            return None
        for index in range(limit, len(self.tokens) - 1):
            if self.tokens[index] in QUOTES or self.tokens[index] == ",":
                mention = self.phrases.starting(index + 1, len(self.tokens))
                if mention is not None and mention.kind != "description":
                    return mention
        return None

    def _by_passive(self, at: int) -> Attribution | None:
        """``was called "…" by Smith``."""
        if at + 2 >= len(self.tokens) or self.lower[at + 1] != "by":
            return None
        for verb in reversed(self.verbs):
            if verb < at and at - verb <= 4 and self._passive(verb):
                mention = self.phrases.starting(at + 2, len(self.tokens))
                return Attribution(mention, self.tokens[verb], at - verb) if mention else None
        return None

    def _commas(self, at: int) -> Iterator[int]:
        """The commas behind ``at`` that at least two tokens follow."""
        while "," in self.tokens[at + 1 : -2]:
            at = self.tokens.index(",", at + 1)
            yield at

    def _trailing(self, at: int) -> Attribution | None:
        """``The plan would be "a disaster" for the region, Smith said``: at the end of the sentence."""
        for index in self._commas(at):
            according = self._according(index + 1)
            if according is not None:
                return according
            if index + 1 in self.verbs and self.lower[index + 1] not in self.words.gerunds | _ADDRESSED:
                mention = self.phrases.starting(index + 2, len(self.tokens))
                if mention is not None and mention.kind != "pronoun":
                    return Attribution(mention, self.tokens[index + 1], index + 1 - at)
            for verb in self.verbs:
                if verb > index + 1 and self.lower[verb] not in self.words.gerunds:
                    mention = self._left(verb, index + 1)
                    if mention is not None and mention.start == index + 1 and self._speaks(mention):
                        return Attribution(mention, self.tokens[verb], verb - at)
                    break
        return None

    def teller(self) -> Mention | None:
        """Who says the sentence, by name or as "he" (``The roof, Smith said, is gone``)."""
        for verb in self.verbs:
            if self.lower[verb] in self.words.finite and self.lower[verb] not in self.words.adjacent:
                mention = self._subject_of(verb)
                if mention is not None and mention.kind != "description" and self._speaks(mention):
                    return mention
        return None

    def subject(self) -> Mention | None:
        """Who says the sentence, or else its subject."""
        return self.teller() or self.phrases.subject(len(self.tokens))
