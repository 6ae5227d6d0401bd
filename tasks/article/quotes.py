"""Quotations of an article and who said them: text in, ``Quote`` values out."""

from __future__ import annotations

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
_LONG_JAPANESE = 8  # characters
_TERMINAL = frozenset(".!?…。,，？！")


def quotes(text: str, language: str | None) -> tuple[Quote, ...]:
    """All quotations in a cleaned article body, in order of their place.

    ``text`` is normalised Unicode with a blank line between paragraphs; ``language`` an ISO 639-1 code or
    None. Never fails: a text without quotation marks has no quotes. Linear in the length of the text.
    """
    words = lexicon(language)
    found = dialogue(text, spans(text), words)
    if not found:
        return ()
    discourse = Discourse(People(text, words), words)
    result: list[Quote] = []
    number = position = 0
    while position < len(text):
        end = _paragraph_end(text, position)
        first = number
        pieces: list[str] = []
        cursor = position
        while number < len(found) and found[number].outer[0] < end:
            span = found[number]
            pieces += (
                text[cursor : span.outer[0]],
                " ",
                placeholder(text[span.parts[-1][0] : span.parts[-1][1]]),
                " ",
            )
            cursor = span.outer[1]
            number += 1
            if cursor > end:  # the quotation runs over paragraphs: they are read as one
                end = _paragraph_end(text, cursor)
        pieces.append(text[cursor:end])
        masked = "".join(pieces)
        if number > first:
            cut = sentences(masked, first)
            paragraph = discourse.add(cut)
            for index, sentence in enumerate(cut):
                for at, which in sentence.quotes:
                    result.append(_quote(text, found[which], discourse, (paragraph, index), at))
        else:
            discourse.add(masked)
        position = end + 2
    return tuple(result)


def _paragraph_end(text: str, start: int) -> int:
    end = text.find("\n\n", start)
    return len(text) if end < 0 else end


def _quote(text: str, span: Span, discourse: Discourse, place: Place, at: int) -> Quote:
    sentence = discourse.sentence(place)
    body = "\n\n".join(text[left:right] for left, right in span.parts)
    title = _title_case(body)
    speaker = discourse.speaker(place, at, not title and len(body.split()) >= _CLAUSE)
    kind = _kind(body, title, speaker, sentence, at)
    if (
        kind == "scare"
        and span.mark in "「『"
        and (body[-1] in _TERMINAL or (len(body) >= _LONG_JAPANESE and text.startswith("と", span.outer[1])))
    ):
        kind = "direct"
    if kind != "scare" and not speaker.stated and speaker.name is None and not _begins(sentence, at):
        speaker = discourse.subject_of(place, at)
        kind = kind if speaker.name or kind == "direct" else "scare"
    if kind == "scare":
        speaker = NOBODY
    return Quote(body, speaker.name, speaker.written, speaker.verb, kind, span.parts[0][0], span.parts[-1][1])


def _kind(body: str, title: bool, speaker: Speaker, sentence: Sentence, at: int) -> QuoteKind:
    """Speech in full, a fragment of speech within a clause, or words that are marked for another reason.

    A "partial" without a stated speaker is a candidate only: it stays one if the sentence is about a person.
    """
    begins = _begins(sentence, at)
    count = len(body.split())
    previous = sentence.tokens[at - 1] if at else ""
    introduced = begins or previous in (",", ":") or speaker.distance == 1
    upper = not next((c for c in body if c.isalnum()), "").islower()
    whole = body.rstrip("’'”\"»")[-1:] in _TERMINAL
    if title and not begins and (not introduced or (speaker.verb or "").lower() in ENGLISH["naming"]):
        return "scare"
    if not speaker.stated:
        if begins and (count >= _CLAUSE or (whole and _alone(sentence, at))):
            return "direct" if whole or not (title or _alone(sentence, at)) else "scare"
        if previous == ":" and upper and whole:
            return "direct"
        return "partial" if count >= _CLAUSE else "scare"
    if count <= _SHORT and speaker.distance > _FAR and not begins:
        return "scare"
    return "direct" if begins or (upper and (introduced or whole)) else "partial"


def _begins(sentence: Sentence, at: int) -> bool:
    return all(not token[0].isalnum() for token in sentence.tokens[:at])


def _alone(sentence: Sentence, at: int) -> bool:
    return all(not token[0].isalnum() for index, token in enumerate(sentence.tokens) if index != at)


def _title_case(body: str) -> bool:
    """Whether the words look like the title of something: all longer ones capitalised, no sentence's end."""
    if not body[0].isupper() or body[-1] in ".!?":
        return False
    long = [word for word in body.split() if len(word) > 3]
    return all(not word[0].islower() for word in long)
