"""Quotations of an article and who said them: text in, ``Quote`` values out."""

from __future__ import annotations

from tasks.article.model import Quote, QuoteKind
from tasks.article.quote_marks import Span, spans
from tasks.article.speaker_people import People
from tasks.article.speaker_sentences import Sentence, placeholder, sentences
from tasks.article.speaker_words import lexicon
from tasks.article.speakers import NOBODY, Discourse, Place, Speaker

_FAR = 6  # tokens between the verb and a quotation of one or two words beyond which it is a term, not speech
_SHORT = 2


def quotes(text: str, language: str | None) -> tuple[Quote, ...]:
    """All quotations in a cleaned article body, in order of their place.

    ``text`` is normalised Unicode with a blank line between paragraphs; ``language`` an ISO 639-1 code or
    None. Never fails: a text without quotation marks has no quotes. Linear in the length of the text.
    """
    found = spans(text)
    if not found:
        return ()
    words = lexicon(language)
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
            pieces += (text[cursor : span.outer[0]], " ", placeholder(text[span.parts[-1][0] : span.parts[-1][1]]), " ")
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
                    result.append(_quote(text, found[which], discourse, sentence, (paragraph, index), at))
        else:
            discourse.add(masked)
        position = end + 2
    return tuple(result)


def _paragraph_end(text: str, start: int) -> int:
    end = text.find("\n\n", start)
    return len(text) if end < 0 else end


def _quote(text: str, span: Span, discourse: Discourse, sentence: Sentence, place: Place, at: int) -> Quote:
    body = "\n\n".join(text[left:right] for left, right in span.parts)
    speaker = discourse.speaker(place, at)
    kind = _kind(body, speaker, sentence, at)
    if kind == "scare" and not speaker.stated and len(body.split()) >= 4 and not _title_case(body):
        speaker = discourse.subject_of(place, at)
        kind = "partial" if speaker.name else "scare"
    if kind == "scare":
        speaker = NOBODY
    return Quote(body, speaker.name, speaker.written, speaker.verb, kind, span.parts[0][0], span.parts[-1][1])


def _kind(body: str, speaker: Speaker, sentence: Sentence, at: int) -> QuoteKind:
    """Speech in full, a fragment of speech within a clause, or words that are marked for another reason."""
    starts = at == 0 or all(not token[0].isalnum() for token in sentence.tokens[:at])
    introduced = starts or sentence.tokens[at - 1] in (",", ":") or speaker.distance == 1
    first = next((c for c in body if c.isalnum()), "")
    whole = body[-1] in ".!?…。,，？！"
    if not speaker.stated:
        return "direct" if starts and whole and _alone(sentence, at) else "scare"
    count = len(body.split())
    if _title_case(body) and not whole and not introduced:
        return "scare"
    if count <= _SHORT and speaker.distance > _FAR and not starts:
        return "scare"
    if starts or (not first.islower() and introduced) or (not first.islower() and whole):
        return "direct"
    return "partial"


def _alone(sentence: Sentence, at: int) -> bool:
    return all(not token[0].isalnum() for index, token in enumerate(sentence.tokens) if index != at)


def _title_case(body: str) -> bool:
    """Whether the words look like the title of something: all longer ones capitalised."""
    long = [word for word in body.split() if len(word) > 3]
    return bool(long) and all(not word[0].islower() for word in long) and not body[-1] in ".!?,"
