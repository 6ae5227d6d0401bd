"""Quotations of an article and who said them: text in, ``Quote`` values out."""

from __future__ import annotations

import re
from dataclasses import replace

from tasks.article.model import Quote, QuoteKind
from tasks.article.quote_dialogue import dialogue
from tasks.article.quote_marks import Span, spans
from tasks.article.speaker_people import People
from tasks.article.speaker_sentences import Sentence, placeholder, sentences
from tasks.article.speaker_words import ENGLISH, lexicon
from tasks.article.speakers import NOBODY, Discourse, Place, Speaker

_FAR = 6  # tokens between the verb and a quotation of one or two words beyond which it is a term, not speech
_SHORT = 2
_CLAUSE = 4  # words that an unattributed quotation must have to be taken for speech
_SENTENCE = 6  # words from which on a quotation that begins with its subject is a clause, not a fragment
_LONG_JAPANESE = 8  # characters
_INSERTED = 24  # tokens of an attribution that interrupts a sentence, appositions included
_RESUMES = ([","], ["—"], ["–"], ["-"])
_LONGEST = 500_000  # characters that are read: no article is longer, and a hostile page must end
_MOST = 2000  # quotations that are kept
_AROUND = 1000  # characters of text where the words beside a quotation are
_WORD = re.compile(r"\w[\w'’-]*")
_APOSTROPHE = re.compile("['’]")
_TERMINAL = frozenset(".!?…。,，？！")


def quotes(text: str, language: str | None) -> tuple[Quote, ...]:
    """All quotations in a cleaned article body, in order of their place.

    ``text`` is normalised Unicode with a blank line between paragraphs; ``language`` an ISO 639-1 code or
    None. Never fails: a text without quotation marks has no quotes. Linear in the length of the text, of which no
    more than half a million characters and 2,000 quotations are read.

    A broken quotation ("Well," she said, "it is late.") is one, its parts joined by a space; one that runs over
    paragraphs is one too, its paragraphs joined by a blank line. ``speaker`` is a person or an organisation:
    the fullest name in the text, or the bare noun of an institution without one ("ministry"); people in general
    ("police", "critics") and unnamed persons ("a spokeswoman") are nobody. Speakers are looked for in the
    languages of ``speaker_words.toml``, in others by the words of English; quotations are found in all.
    """
    text = text[:_LONGEST]
    words = lexicon(language)
    found = dialogue(text, spans(text), words)[:_MOST]
    if not found:
        return ()
    discourse = Discourse(People(text, words), words)
    result: list[Quote] = []
    number = position = 0
    while number < len(found):
        first = number
        start = text.rfind("\n\n", position, found[number].outer[0]) + 2
        if start > 1:
            discourse.narrate(text[position : start - 2].split("\n\n"), position)
            position = start
        end = position
        pieces: list[str] = []
        while number < len(found) and (not pieces or found[number].outer[0] < end):
            span = found[number]
            last = span.parts[-1]
            pieces += (text[position : span.outer[0]], placeholder(text[last[0] : last[1]]))
            position = span.outer[1]
            if position > end:  # the quotation runs over paragraphs: they are read as one
                end = text.find("\n\n", position)
                end = len(text) if end < 0 else end
            number += 1
        pieces.append(text[position:end])
        position = end + 2
        cut = sentences(" ".join(pieces), first, words.verbs)
        paragraph = discourse.add(cut, end)
        for index, sentence in enumerate(cut):
            before: int | None = None
            for at, which in sentence.quotes:
                quote = _quote(text, found[which], discourse, (paragraph, index), at)
                if before is not None and _goes_on(sentence, before, at, result[-1], quote):
                    result[-1] = replace(result[-1], text=f"{result[-1].text} {quote.text}", end=quote.end)
                else:
                    result.append(quote)
                before = at
    return tuple(result)


def _goes_on(sentence: Sentence, before: int, at: int, first: Quote, second: Quote) -> bool:
    """Whether two quotations are one sentence that its attribution interrupts: "Well," she said, "it is late."

    Nothing but that one attribution stands between them, and the first has not come to its end.
    """
    between = sentence.tokens[before + 1 : at]
    return (
        len(between) <= _INSERTED
        and between[-1:] in _RESUMES
        and "." not in between
        and sentence.begins(sentence.quotes[0][0])
        and first.kind == "direct"
        and second.kind != "scare"
        and first.speaker_as_written == second.speaker_as_written
        and first.verb is not None
        and first.verb == second.verb
        and between.count(first.verb.split()[0]) == 1
        and first.text.rstrip("’'”\"» ")[-1:] not in _TERMINAL - {","}
    )


def _quote(text: str, span: Span, discourse: Discourse, place: Place, at: int) -> Quote:
    sentence = discourse.sentence(place)
    start, end = span.parts[0][0], span.parts[-1][1]
    body = text[start:end] if len(span.parts) == 1 else "\n\n".join(text[a:b] for a, b in span.parts)
    words = body.split()
    begins = sentence.begins(at)
    # German writes every noun with a capital, so that a few words tell nothing.
    title = _title_case(body, words) and (discourse.words.language != "de" or len(words) <= _SHORT)
    speech = begins and len(words) >= _CLAUSE and not title
    speaker = discourse.speaker(place, at, speech, body.endswith("?"))
    kind = _kind(body, words, speaker, sentence, at, title)
    if (
        kind == "scare"
        and span.mark in "「『"
        and (body[-1] in _TERMINAL or (len(body) >= _LONG_JAPANESE and text.startswith("と", span.outer[1])))
    ):
        kind = "direct"
    if kind != "scare" and not speaker.stated and speaker.name is None and not begins:
        speaker = discourse.subject_of(place, at)
        kind = kind if speaker.name or kind == "direct" else "scare"
    if kind == "scare":
        speaker = NOBODY
    return Quote(
        body, speaker.name, _exact(text, speaker.written, start, end), speaker.verb, kind, start, end
    )


def _kind(
    body: str, words: list[str], speaker: Speaker, sentence: Sentence, at: int, title: bool
) -> QuoteKind:
    """Speech in full, a fragment of speech within a clause, or words that are marked for another reason.

    A "partial" without a stated speaker is a candidate only: it stays one if the sentence is about a person.
    """
    begins = sentence.begins(at)
    previous = sentence.tokens[at - 1] if at else ""
    introduced = begins or previous in (",", ":") or speaker.distance == 1
    upper = body[0].isupper() or not next((c for c in body if c.isalnum()), "").islower()
    following = sentence.tokens[at + 1] if at + 1 < len(sentence.tokens) else ""
    whole = body.rstrip("’'”\"»")[-1:] in _TERMINAL or (
        begins and len(words) > _SHORT and following in (".", "!", "?")
    )
    if title and not begins and (not introduced or (speaker.verb or "").lower() in ENGLISH["naming"]):
        return "scare"
    if not speaker.stated:
        alone = sentence.alone(at)
        if begins and (len(words) >= _CLAUSE or (whole and alone)):
            return "direct" if whole or not title else "scare"
        if previous == ":" and upper and whole:
            return "direct"
        return "partial" if len(words) >= _CLAUSE else "scare"
    predicate = previous.lower() in ENGLISH["predicative"]
    if len(words) <= _SHORT and speaker.distance > _FAR and not begins and not predicate:
        return "scare"
    resumed = previous == "," and sentence.begins(sentence.quotes[0][0])  # "Well," she said, "and so …"
    clause = len(words) >= _SENTENCE and _APOSTROPHE.split(words[0].lower(), 1)[0] in ENGLISH["openers"]
    return "direct" if begins or resumed or clause or (upper and (introduced or whole)) else "partial"


def _exact(text: str, written: str | None, start: int, end: int) -> str | None:
    """The words as the text around the quotation has them, odd blanks included."""
    if written is None or " " not in written:
        return written
    around = text[max(0, start - _AROUND) : end + _AROUND]
    if written in around:
        return written
    match = re.search(r"\W*".join(map(re.escape, _WORD.findall(written))), around)
    return match.group() if match else written


def _title_case(body: str, words: list[str]) -> bool:
    """Whether the words look like the title of something: all longer ones capitalised, no sentence's end."""
    if not body[0].isupper() or body[-1] in ".!?":
        return False
    return not any(word[0].islower() and len(word) > 3 for word in words)
