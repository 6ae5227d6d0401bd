"""Who and what an article names: people, organisations, places, and what a user watches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

from tasks.article.speaker_names import is_full_name, is_institution, surname
from tasks.article.speaker_words import GIVEN, lexicon
from tasks.linking import gazetteer, names
from tasks.linking.mention_places import places
from tasks.linking.mention_runs import Name, can_be_name
from tasks.linking.mention_runs import names as names_in
from tasks.linking.script import is_unspaced
from tasks.linking.watchlist import Watchlist

_PERSON, _ORGANISATION, _PLACE, _WATCHED = "person", "organisation", "place", "watched"
# Scripts without capitals: there only speakers, datelines and the gazetteer tell names.
_CASELESS = frozenset(
    ("zh", "ja", "ko", "th", "ar", "he", "fa", "ur", "hi", "bn", "ta", "te", "lo", "km", "my", "ka")
)
# Languages in which a capitalised word behind an office bears it: it is no noun, and no genitive (президент России).
_UNINFLECTED = frozenset((None, "en", "fr", "es", "pt", "it", "nl", "sv", "no", "da"))
_GENITIVE = frozenset(("de", "sv", "no", "da"))
_BEST_FIRST = ("quote", "role", "title", "dateline", "gazetteer", "form")


class Source(NamedTuple):
    """What of an article tells names. ``speakers``: of its quotations, by full name, and as written beside them."""

    text: str
    title: str | None = None
    language: str | None = None
    dateline: str | None = None
    authors: Sequence[str] = ()
    speakers: Sequence[tuple[str, str | None]] = ()


@dataclass(slots=True)
class Mention:
    """A name that an article gives. ``start``: offset of the first mention in text, None where it is not there."""

    kind: str
    name_id: str
    name: str
    as_written: list[str]
    mentions: int
    role: str | None
    found_by: str
    start: int | None


@dataclass(slots=True)
class _Person:
    """What is known of a person while a text is read: forms of the name by how often it is written in full."""

    forms: dict[str, int] = field(default_factory=dict)
    found_by: set[str] = field(default_factory=set)
    role: str | None = None


def mentions(article: Source, watched: Watchlist | None = None) -> list[Mention]:
    """All names in an article that are certain, by kind and place; each once, its spellings together.

    A surname alone counts for the one full name in the article that bears it. Authors are left out.
    """
    language = (article.language or "en").split("-")[0].lower()
    title = article.title or ""
    found = [] if language in _CASELESS else sorted(names_in(article.text, language), key=attrgetter("start"))
    people = _people(article, found)
    organisations = _organisations(article, found)
    taken = sorted({(each.start, each.end) for each in found} | _spans(article.text, people))
    known = _known(article, language, taken)
    result = [*people, *organisations, *known, *_watched(article, watched)]
    for each in result:
        if each.kind != _WATCHED and title and any(_stands(title, form) for form in each.as_written):
            each.mentions += 1
    result.sort(key=lambda each: (each.start is None, each.start or 0, each.kind, each.name_id))
    return result


def _people(article: Source, found: Sequence[Name]) -> list[Mention]:
    people: dict[str, _Person] = {}
    lone: list[Name] = []
    for each in found:
        if each.kind == _PERSON:
            if each.is_lone:
                lone.append(each)
            else:
                _note(people, _nominative(each.name, article), each.found_by, each.role)
    pronouns = lexicon(article.language).pronouns
    for speaker, written in article.speakers:
        if not speaker.strip():
            continue
        is_sure = names.key(speaker) in people
        is_sure = is_sure or (article.language != "de" and (written or "").lower() in pronouns)
        if _speaks(speaker, article, is_sure):
            _note(people, speaker, "quote", None)
    bearers: dict[str, list[str]] = {}
    for key, person in people.items():
        last = surname(max(person.forms, key=len).split(" "))
        bearers.setdefault(names.key(last), []).append(key)
    for each in lone:
        of = bearers.get(names.key(each.name), [])
        if len(of) == 1:
            person = people[of[0]]
            person.role = person.role or each.role
            person.found_by.add(each.found_by)
        elif not of and article.language in _UNINFLECTED and gazetteer.known(each.name) is None:
            _note(people, each.name, each.found_by, each.role)
    authors = {names.key(author) for author in article.authors}
    return [
        mention
        for key, person in people.items()
        if key not in authors and (mention := _mention_of(person, article.text, bearers)) is not None
    ]


def _nominative(name: str, article: Source) -> str:
    """A name without the genitive's s of German and its neighbours, where the text has it without one too."""
    bare = name[:-1]
    has_genitive = article.language in _GENITIVE and name.endswith("s")
    return bare if has_genitive and _count(article.text, bare.rsplit(" ", 1)[-1])[0] else name


def _note(people: dict[str, _Person], name: str, found_by: str, role: str | None) -> None:
    person = people.setdefault(names.key(name), _Person())
    person.forms.setdefault(name, 0)
    person.found_by.add(found_by)
    person.role = person.role or role


def _speaks(speaker: str, article: Source, is_sure: bool) -> bool:
    """Whether a speaker is a person, and no institution that speaks."""
    words = speaker.split(" ")
    if gazetteer.known(speaker) is not None:
        return False
    if is_unspaced(speaker):
        return True
    if not is_full_name(words) or is_institution(words) or not can_be_name(words, lexicon(article.language)):
        return False
    if is_sure or words[0].lower() in GIVEN:
        return True
    last = surname(words)
    if article.language == "de" or _count(article.text, last.lower())[0]:
        return False
    return article.text.count(last) > article.text.count(speaker)


def _mention_of(person: _Person, text: str, bearers: dict[str, list[str]]) -> Mention | None:
    forms = list(person.forms)
    count, start = 0, len(text)
    for form in forms:
        person.forms[form], first = _count(text, form)
        count += person.forms[form]
        start = first if 0 <= first < start else start
    full = max(forms, key=lambda form: (person.forms[form], len(form), form))
    last = surname(full.split(" "))
    if " " in full and len(bearers.get(names.key(last), ())) <= 1:
        alone, first = _count(text, last)
        if alone > sum(last in form for form in forms for _ in range(person.forms[form])):
            forms.append(last)
            count, start = max(count, alone), min(start, first)
    if not count:  # a speaker whose name the text has in no such form: Ann and Tom Orr
        return None
    best = min(person.found_by, key=_BEST_FIRST.index)
    return Mention(_PERSON, names.name_id(full), full, sorted(set(forms)), count, person.role, best, start)


def _organisations(article: Source, found: Sequence[Name]) -> list[Mention]:
    result: dict[str, Mention] = {}
    for each in found:
        if each.kind != _ORGANISATION or any(
            other.start <= each.start and each.end <= other.end and other is not each for other in found
        ):
            continue
        name_id = gazetteer.name_id(each.name)
        mention = result.get(name_id)
        if mention is None:
            mention = Mention(_ORGANISATION, name_id, each.name, [], 0, None, each.found_by, each.start)
            result[name_id] = mention
        mention.mentions += 1
        for form in (each.name, each.acronym):
            if form and form not in mention.as_written:
                mention.as_written.append(form)
                if form == each.acronym:
                    mention.mentions += _count(article.text, form)[0]
    speakers = {gazetteer.name_id(speaker) for speaker, _ in article.speakers}
    for mention in result.values():
        if mention.name_id in speakers:
            mention.found_by = "quote"
        mention.as_written.sort()
    return list(result.values())


def _known(article: Source, language: str, taken: Sequence[tuple[int, int]]) -> list[Mention]:
    """What the gazetteer knows, and the dateline's place, known or not."""
    result: dict[str, Mention] = {}
    for hit in places(article.text, language, taken):
        entry = hit.entry
        form = article.text[hit.start : hit.end]
        mention = result.get(entry.entry_id)
        if mention is None:
            mention = Mention(entry.kind, entry.entry_id, entry.name, [], 0, None, "gazetteer", hit.start)
            result[entry.entry_id] = mention
        mention.mentions += 1
        if form not in mention.as_written:
            mention.as_written.append(form)
    if article.dateline:
        place = article.dateline.split(",")[0].strip()
        name_id = gazetteer.name_id(place)
        mention = result.setdefault(
            name_id, Mention(_PLACE, name_id, place, [place], 1, None, "dateline", None)
        )
        mention.found_by = "dateline"
    for mention in result.values():
        mention.as_written.sort()
    return list(result.values())


def _watched(article: Source, watched: Watchlist | None) -> list[Mention]:
    result: dict[str, Mention] = {}
    parts = ((article.title or "", False), (article.text, True))
    for text, is_text in parts:
        for hit in watched.find(text) if watched else ():
            name_id = hit.entry.entry_id
            mention = result.setdefault(
                name_id, Mention(_WATCHED, name_id, hit.entry.name, [], 0, None, "watchlist", None)
            )
            mention.mentions += 1
            if is_text and mention.start is None:
                mention.start = hit.start
            form = text[hit.start : hit.end]
            if form not in mention.as_written:
                mention.as_written.append(form)
    for mention in result.values():
        mention.as_written.sort()
    return list(result.values())


def _spans(text: str, people: Sequence[Mention]) -> set[tuple[int, int]]:
    """Where the full names of people stand."""
    found: set[tuple[int, int]] = set()
    for person in people:
        for form in person.as_written:
            at = text.find(form) if " " in form else -1
            while at >= 0:
                found.add((at, at + len(form)))
                at = text.find(form, at + 1)
    return found


def _count(text: str, form: str) -> tuple[int, int]:
    """How often a form stands in a text as words of its own, and where first; -1 where nowhere."""
    count, first, at = 0, -1, text.find(form) if form else -1
    whole = not is_unspaced(form)
    while at >= 0:
        end = at + len(form)
        if not whole or not (text[at - 1 : at].isalnum() or text[end : end + 1].isalnum()):
            count += 1
            first = at if first < 0 else first
        at = text.find(form, end)
    return count, first


def _stands(text: str, form: str) -> bool:
    return form in text and _count(text, form)[0] > 0
