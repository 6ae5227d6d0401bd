"""A page's authors and the agencies it credits: what it states for machines weighed against what it shows."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import chain

from tasks.article.agency import names_photo, signers
from tasks.article.byline_dateline import Dateline
from tasks.article.html_byline import Shown
from tasks.article.html_credits import Credit
from tasks.article.model import Candidate, Found
from tasks.article.reasons import Reason

Names = tuple[str, ...]
_MOST = 40  # authors of one article
_ENDING = 3  # blocks at the end of the text that may sign it


def authors(stated: Sequence[Credit], bylines: Sequence[Shown]) -> Found[Names]:
    """Weigh statements and bylines: people only, in the order of the fullest signal.

    A statement that a byline confirms has that byline's other people too: JSON-LD often names the first alone.
    Where they contradict each other, the byline that readers see says who wrote, and the statement who is logged in.
    """
    linked = _people(credit for credit in stated if credit.signal == "json-ld")
    metas = _people(credit for credit in stated if credit.signal != "json-ld")
    others = {_fold(name) for one in bylines for name in one.others}
    names, signal = _weighed(linked, metas, [one for one in bylines if one.people], others)
    if not names:
        names, signal = _given(stated)
    if not names:  # a signature below the text
        last = next((one for one in bylines if one.people and one.place == "footer"), None)
        names, signal = (tuple(last.people), last.signal) if last else ((), None)
    candidates = tuple(_candidates(names, stated, bylines))
    if names:
        return Found(names[:_MOST], signal, candidates=candidates)
    reason: Reason = "not_a_person" if stated or bylines else "not_stated"
    return Found(None, reason=reason, candidates=candidates)


def _weighed(
    linked: Names, metas: Names, bylines: Sequence[Shown], others: set[str]
) -> tuple[Names, str | None]:
    for names, signal in ((linked, "json-ld"), (metas, "meta:author")):
        if not names:
            continue
        known = set(map(_fold, names))
        for one in bylines:
            if not known.isdisjoint(map(_fold, one.people)):
                return _joined(names, one.people), signal if len(one.people) <= len(names) else one.signal
        header = next((one for one in bylines if one.stated and one.place == "header"), None)
        if header:
            return tuple(header.people), header.signal
        if kept := tuple(name for name in names if _fold(name) not in others):
            return kept, signal
    fit = [one for one in bylines if one.place != "footer" and (one.stated or one.place == "header")]
    for one in sorted(fit, key=lambda one: (one.place != "header", not one.stated, not one.marked)):
        return tuple(one.people), one.signal
    return (), None


def _given(stated: Sequence[Credit]) -> tuple[Names, str | None]:
    """Given names alone, where two signals state them."""
    seen: dict[Names, str] = {}
    for credit in stated:
        if credit.given and seen.setdefault(credit.given, credit.signal) != credit.signal:
            return credit.given, seen[credit.given]
    return (), None


def _people(credits: Iterable[Credit]) -> Names:
    """All people whom statements name, each once, as first written."""
    seen: dict[str, str] = {}
    for name in chain.from_iterable(credit.people for credit in credits):
        seen.setdefault(_fold(name), name)
    return tuple(seen.values())


def _joined(names: Sequence[str], more: Sequence[str]) -> Names:
    seen = {_fold(name): name for name in names}
    for name in more:
        seen.setdefault(_fold(name), name)
    return tuple(seen.values())


def _candidates(chosen: Names, stated: Sequence[Credit], bylines: Sequence[Shown]) -> Iterable[Candidate]:
    taken = set(map(_fold, chosen))
    for credit in stated:
        inside = not taken.isdisjoint(map(_fold, credit.people)) or (
            credit.given != () and credit.given == chosen
        )
        yield Candidate(credit.text, credit.signal, None if inside else credit.rejected or "weaker_signal")
    for one in bylines:
        if one.people:
            inside = not taken.isdisjoint(map(_fold, one.people))
            yield Candidate(", ".join(one.people), one.signal, None if inside else "elsewhere")
        if one.others:
            yield Candidate(", ".join(one.others), one.signal, "other_part")


def agencies(
    stated: Sequence[Credit], bylines: Sequence[Shown], opening: Dateline | None, ending: Sequence[str]
) -> Found[Names]:
    """Whom the text is credited to: its dateline, its bylines, its last lines, and what the page states.

    ``ending``: the text's last paragraphs. Agencies of photographs are none of the text's.
    """
    signing = [line for line in reversed(ending[-_ENDING:]) if not names_photo(line)]
    seen = [
        *((name, "text:dateline") for name in (opening.agencies if opening else ())),
        *((name, one.signal) for one in bylines if one.place == "header" for name in one.agencies),
        *((name, credit.signal) for credit in stated for name in credit.agencies),
        *((name, "text:credit") for line in signing for name in signers(line)),
    ]
    names = tuple(dict.fromkeys(name for name, _ in seen))
    candidates = tuple(Candidate(name, signal) for name, signal in dict.fromkeys(seen))
    if names:
        return Found(names, seen[0][1], candidates=candidates)
    return Found(None, reason="not_stated", candidates=candidates)


def _fold(name: str) -> str:
    """The name without case, accents and marks: signals write it differently."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c)).split())
