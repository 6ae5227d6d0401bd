"""Who said it, over a whole article: pronouns, descriptions and quotations that stand alone."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from tasks.article.speaker_attribution import Attributions
from tasks.article.speaker_names import (
    Gender,
    bare,
    gender_of_roles,
    gender_of_title,
    is_anybodys,
    is_collective,
    is_full_name,
    is_generic,
    is_institution,
    is_role,
    split_roles,
)
from tasks.article.speaker_people import People
from tasks.article.speaker_phrases import Mention
from tasks.article.speaker_sentences import QUOTES, Sentence, sentences
from tasks.article.speaker_words import COLLECTIVES, DEMONYMS, ENGLISH, INSTITUTIONS, Lexicon

Place = tuple[int, int]

_DEFINITE = frozenset(("the", "der", "die", "le", "la", "el", "il", "o", "de"))

_REACH = 5  # sentences that a pronoun may look back
_SHORT_WORD = 3  # characters of a function word at most
_EARSHOT = 4  # paragraphs in which a voice is remembered


class Speaker(NamedTuple):
    """The outcome for one quotation: full name, words beside it, verb; ``stated`` if the sentence says so.

    ``distance`` counts the tokens between verb and quotation.
    """

    name: str | None
    written: str | None
    verb: str | None
    stated: bool
    distance: int = 0


class _Voice(NamedTuple):
    """A quotation of somebody known: its paragraph, who speaks, whether it asks."""

    paragraph: int
    name: str
    question: bool


NOBODY = Speaker(None, None, None, False)


class Discourse:
    """The sentences of an article by paragraph, and who each of them speaks of.

    A place is (paragraph, sentence). A paragraph without quotations is added as text and cut into sentences
    only when a pronoun looks back at it, so that plain narration costs nothing.
    """

    def __init__(self, people: People, words: Lexicon) -> None:
        """Start an article with its ``people``."""
        self.people = people
        self.words = words
        self._shape_tells = words.language != "de"  # whether capitals make a name
        self._paragraphs: list[str | list[Sentence]] = []
        self._attributions: dict[Place, Attributions] = {}
        self._spoken: dict[Place, str | None] = {}
        self._named_at: dict[Place, list[str]] = {}
        self._subjects: dict[Place, str | None] = {}
        self._ends: list[int] = []  # where each paragraph ends in the text
        self._voices: deque[_Voice] = deque(maxlen=8)  # of the last quotations
        self._last: tuple[int, str | None] = (-2, None)  # paragraph and speaker of the last quotation

    def narrate(self, paragraphs: list[str], start: int) -> None:
        """Append paragraphs without quotations, the first of which begins at ``start`` in the text."""
        for paragraph in paragraphs:
            start += len(paragraph) + len("\n\n")
            self._ends.append(start)
        self._paragraphs += paragraphs

    def add(self, paragraph: list[Sentence], end: int) -> int:
        """Append a paragraph with quotations that ends at ``end`` in the text; returns its index."""
        self._ends.append(end)
        self._paragraphs.append(paragraph)
        return len(self._paragraphs) - 1

    def _sentences(self, paragraph: int) -> list[Sentence]:
        found = self._paragraphs[paragraph]
        if isinstance(found, str):
            found = self._paragraphs[paragraph] = sentences(found, 0, self.words.verbs)
        return found

    def sentence(self, place: Place) -> Sentence:
        """The sentence at a place."""
        return self._sentences(place[0])[place[1]]

    def _backwards(self, place: Place, paragraphs: int) -> Iterator[Place]:
        """The places before this one, nearest first, in its paragraph and so many before it."""
        paragraph, sentence = place
        left = _REACH
        for index in range(paragraph, max(-1, paragraph - paragraphs - 1), -1):
            count = sentence if index == paragraph else len(self._sentences(index))
            for at in range(count - 1, -1, -1):
                yield index, at
                left -= 1
                if not left:
                    return

    def _attribution(self, place: Place) -> Attributions:
        found = self._attributions.get(place)
        if found is None:
            found = self._attributions[place] = Attributions(self.sentence(place), self.words)
        return found

    def speaker(self, place: Place, at: int, long: bool, question: bool) -> Speaker:
        """Who says the quotation at token ``at`` of the sentence at ``place``. Call in the order of the text.

        ``long``: the quotation begins its sentence and has the length of a clause, so that it is speech;
        ``question``: it ends with a question mark.
        """
        attribution = self._attribution(place).of(at)
        if attribution is not None:
            mention = attribution.mention
            if mention is not None:
                name = self._resolve(mention, place)
            else:
                name = self._carried(place) if attribution.dropped else None
            if name is not None and mention is not None and mention.kind == "name":
                self.people.confirm(name)
            self._note(place, name, question)
            written = mention.written if mention is not None else None
            return Speaker(name, written, attribution.verb, True, attribution.distance)
        alone = self.sentence(place).alone(at)
        if long or alone:
            name = self._answers(place, question) or self._carried(place)
            if name is not None and not alone and not self.people.is_person(name):
                name = None
            self._note(place, name, question)
            return Speaker(name, None, None, False)
        return NOBODY

    def subject_of(self, place: Place, at: int) -> Speaker:
        """The person that a sentence with an unattributed fragment is about, if that is one."""
        attribution = self._attribution(place)
        mention = attribution.phrases.subject(at)
        if mention is None or mention.kind == "description" or any(verb < at for verb in attribution.verbs):
            return NOBODY
        name = self._resolve(mention, place)
        return Speaker(name, mention.written, None, False) if name and self.people.is_person(name) else NOBODY

    def _note(self, place: Place, name: str | None, question: bool) -> None:
        if name is None and self._spoken.get(place):
            return  # one of several quotations of a sentence whose speaker is known
        self._spoken[place] = name
        self._last = place[0], name
        if name is not None:
            self._voices.append(_Voice(place[0], name, question))

    def _answers(self, place: Place, question: bool) -> str | None:
        """Whose turn it is where question and answer alternate, a paragraph each, and nobody is named any more."""
        if place[1] or len(self._voices) < 2 or len(self._sentences(place[0])) > 1:
            return None
        first, last = self._voices[-2], self._voices[-1]
        if (first.paragraph, last.paragraph) != (place[0] - 2, place[0] - 1) or first.name == last.name:
            return None
        turns = last.question not in (first.question, question)
        return first.name if turns else None

    def _carried(self, place: Place) -> str | None:
        """The speaker of a quotation that is a sentence of its own: whoever the text spoke of last."""
        paragraph, at = place
        if at:
            before = (paragraph, at - 1)
            return self._spoken[before] if before in self._spoken else self._told(before)
        if len(self._sentences(paragraph)) > 1:
            following = (paragraph, 1)
            attributions = self._attribution(following)
            if attributions.verbs:
                mention = attributions.subject()
                if mention is not None and mention.kind != "description":
                    return self._resolve(mention, following)
        if self._last[0] == paragraph - 1:
            return self._last[1]
        previous = next(self._backwards(place, 1), None)
        return None if previous is None else self._told(previous)

    def _told(self, place: Place) -> str | None:
        """Whoever says the sentence, or else its subject if that is a person."""
        name = self._subject(place)
        if name is None or self.people.is_person(name):
            return name
        return name if self._shape_tells and self._attribution(place).teller() is not None else None

    def _subject(self, place: Place, depth: int = 0) -> str | None:
        """The speaker of a sentence's quotation, or else its subject, as a full name."""
        if place in self._spoken:
            return self._spoken[place]
        if place not in self._subjects:
            self._subjects[place] = None
            mention = self._attribution(place).subject()
            if mention is not None and depth < _REACH:
                self._subjects[place] = self._resolve(mention, place, depth + 1)
        return self._subjects[place]

    def _resolve(self, mention: Mention, place: Place, depth: int = 0) -> str | None:
        if mention.kind == "name":
            return self._named(mention, place, depth)
        if mention.kind == "description":
            return self._described(mention, place, depth)
        low = mention.written.lower()
        if low == "it":
            return self._organisation_before(place, depth)
        gender: Gender | None = "m" if low in self.words.male else "f" if low in self.words.female else None
        if gender is None:
            return None
        name = self._antecedent(place, mention.start, gender, depth)
        if name is not None:
            self.people.learn(name, gender)
        return name

    def _named(self, mention: Mention, place: Place, depth: int) -> str | None:
        """The full name for a written one, None for people in general ("Police", "Republicans")."""
        words = mention.written.split(" ")
        word, low = mention.name[-1], mention.name[-1].lower()
        if len(mention.name) == 1 and low in DEMONYMS and words[0].lower() == "the":
            return self._described(mention, place, depth)
        full = self.people.full(list(mention.name), gender_of_title(words[0]), self._ends[place[0]])
        initial = not mention.start
        if full == word and (low in COLLECTIVES or (initial and (is_collective(low) or self._is_word(word)))):
            return None
        return full if self._shape_tells or self._is_german_name(mention, full, place) else None

    def _is_word(self, word: str) -> bool:
        """Whether a word that begins a sentence has its capital from that alone ("Shares", "Remember")."""
        if not self._shape_tells or self.people.is_capital_within(word):
            return False
        return word.endswith(("s", "ly")) or self.people.is_lower_within(word.lower())

    def _is_german_name(self, mention: Mention, full: str, place: Place) -> bool:
        """Whether capitals that German gives to every noun are a name: a person's, an institution's, or bare."""
        if self.people.is_person(full) or is_institution(full.split(" ")) or full.isupper():
            return True
        before = self.sentence(place).tokens[mention.start - 1].lower() if mention.start else ""
        bare_word = len(mention.name) == 1 and mention.written == mention.name[0]
        return bare_word and (not before or before in self.words.finite)

    def _fits(self, name: str | None, gender: Gender | None, loose: bool = False) -> bool:
        if name is None or (gender is not None and self.people.gender(name) not in (None, gender)):
            return False
        if self.people.is_person(name):
            return True
        return loose and self._shape_tells and self.people.is_full(name) and not self.people.is_place(name)

    def _antecedent(self, place: Place, limit: int, gender: Gender, depth: int) -> str | None:
        """The one person that a pronoun can stand for: the last subject that fits, or the only one named.

        Somebody without a name whom the pronoun fits ends the search. Only where nobody known to be a person
        is in reach will the mere shape of a name do.
        """
        subjects: list[str | None] = []
        attribution = self._attribution(place)
        for own in (attribution.phrases.subject(limit), attribution.teller()):
            if own is not None and own.end <= limit and own.kind != "pronoun" and depth < _REACH:
                name = self._resolve(own, place, depth + 1)
                if self._fits(name, gender):
                    return name
                if name is None and self._nameless(own, gender):
                    return None
                subjects.append(name)
        for before in self._backwards(place, 2):
            name = self._subject(before, depth)
            if self._fits(name, gender):
                return name
            subject = self._attribution(before).subject()
            if name is None and subject is not None and self._nameless(subject, gender):
                return None
            named = [person for person in self._named_in(before) if self._fits(person, gender)]
            if named:
                return named[0] if len(named) == 1 else None
            subjects.append(name)
        voice = self._voice(place[0], gender)
        return voice or next((name for name in subjects if self._fits(name, gender, loose=True)), None)

    def _nameless(self, mention: Mention, gender: Gender) -> bool:
        """Whether a subject is somebody without a name who may bear this gender ("a spokeswoman")."""
        if mention.kind != "description":
            return False
        words = frozenset(mention.written.lower().replace(",", "").split())
        return gender_of_roles(words) in (None, gender) and any(map(is_role, words))

    def _voice(self, paragraph: int, gender: Gender) -> str | None:
        """The only one of those who spoke in the last paragraphs that is known to bear this gender."""
        fitting = {
            voice.name
            for voice in self._voices
            if paragraph - voice.paragraph <= _EARSHOT and self.people.gender(voice.name) == gender
        }
        return fitting.pop() if len(fitting) == 1 else None

    def _organisation_before(self, place: Place, depth: int) -> str | None:
        """What "it" stands for: the last subject that is no person, if it has a name and spoke."""
        if depth < _REACH:
            for before in self._backwards(place, 1):
                name = self._subject(before, depth + 1)
                told = before in self._spoken or self._attribution(before).verbs
                if name is not None and not self.people.is_person(name):
                    return name if told else None
        return None

    def _named_in(self, place: Place) -> list[str]:
        """The persons that a sentence names, in their order."""
        if place not in self._named_at:
            self._named_at[place] = self._find_named_in(place)
        return self._named_at[place]

    def _find_named_in(self, place: Place) -> list[str]:
        sentence = self.sentence(place)
        phrases = self._attribution(place).phrases
        found: dict[str, None] = {}
        at, count = 0, len(sentence.tokens)
        while at < count:
            if sentence.tokens[at] in QUOTES or not sentence.tokens[at][0].isupper():
                at += 1
                continue
            end = at
            while end < count and phrases.in_name(end):
                end += 1
            if end == at:
                at += 1
                continue
            name = split_roles([bare(token) for token in sentence.tokens[at:end]])[1]
            if name and (is_full_name(name) or len(name) == 1):
                full = self.people.full(name)
                if self.people.is_person(full):
                    found[full] = None
            at = end
        return list(found)

    def _described(self, mention: Mention, place: Place, depth: int) -> str | None:
        """The person that "the minister" or "the diplomat" can only be, None where that is not certain."""
        words = mention.written.lower().split()
        if len(words) == 1 and mention.written[0].isupper():  # a surname that is a role's word: Butler
            full = self.people.full([mention.written], before=self._ends[place[0]])
            return full if self.people.is_full(full) else None
        if words[0] not in _DEFINITE:
            return self._institution(mention)
        if "for" in words or "from" in words:
            return None
        of = words.index("of") if "of" in words else len(words)
        roles = [word for word in words[:of] if is_role(word) or is_generic(word)]
        head = words[of - 1]
        generic = is_generic(head) or head in DEMONYMS or any(map(is_anybodys, words[:of]))
        if not generic and not is_role(head):
            return self._institution(mention)
        named = [
            full
            for full in self.people.named(head)
            if set(roles) <= self.people.roles(full) | ENGLISH["soft"]
        ]
        if len(named) == 1:
            # The head of an office is not that of another one: what it is of must stand beside the name too.
            office = {word for word in words[of:] if len(word) > _SHORT_WORD}
            return named[0] if office <= self.people.context(named[0]) else None
        if of < len(words):
            return None
        gender = gender_of_roles(frozenset(words))
        for before in self._backwards(place, 1):
            if depth >= _REACH:
                break
            name = self._subject(before, depth + 1)
            if name is None or not self._fits(name, gender):
                continue
            if generic or name in named or not self.people.roles(name):
                return name
            break
        return None

    def _institution(self, mention: Mention) -> str | None:
        """``the Kremlin``, ``the union``, ``Bexley council`` and their like, without the article."""
        words = mention.written.split()
        if words[0].lower() != "the":
            named = len(words) > 1 and words[0][0].isupper() and words[0].lower() not in self.words.function
            known = mention.start or self.people.is_capital_within(words[0])
            return mention.written if named and known and words[-1] in INSTITUTIONS else None
        if len(words) < 2:
            return None
        if words[-1].lower() in INSTITUTIONS or all(word[0].isupper() for word in words[1:]):
            return " ".join(words[1:])
        return None
