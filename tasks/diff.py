"""One edit of an article as a reader wants to see it: found in the lake, and laid out paragraph by paragraph."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tasks.article.identity import url_key
from tasks.explain_text import visible, web_address
from tasks.lake.reader import read_views
from tasks.lake.store import Lake, LakeError
from tasks.linking.edits import Paragraph, Part, compared, words
from tasks.status import rows

_BEGINNING = re.compile("[0-9a-f]{4,32}")


@dataclass(frozen=True, slots=True)
class Edit:
    """How one version differs from the one before. ``facts``: sentences; ``versions``: how many the lake has."""

    article_id: str
    version: int
    versions: int
    place: str
    link: str | None
    language: str | None
    title: tuple[Part, ...]
    facts: tuple[str, ...]
    fields: tuple[tuple[str, tuple[Part, ...]], ...]
    paragraphs: tuple[Paragraph, ...]


def edit(lake: Lake, what: str, version: int | None = None) -> Edit:
    """The edit that made a version, by default the newest, of the article that ``what`` names: id or address.

    Raises LakeError where there is no such article, version or edit.
    """
    address = web_address(what)
    if not address and not _BEGINNING.fullmatch(what):
        raise LakeError(f"{what} is no address and no article_id, nor 4 or more digits that one begins with")
    with read_views(lake) as con:
        con.execute("SET TimeZone = 'UTC'")
        known = rows(con, "diff_versions", what=what, url_key=url_key(address) if address else None)
        articles = sorted({row["article_id"] for row in known})
        if not articles:
            raise LakeError(f"{what} is no article of {lake.uri}")
        if len(articles) > 1:
            raise LakeError(f"{what} may be {len(articles)} articles: {', '.join(articles[:3])}, …")
        (article,) = articles
        newest = max(row["version"] for row in known)
        if newest == 1:
            raise LakeError(f"{what} has one version only: it never changed")
        wanted = version or newest
        if not 1 < wanted <= newest:
            raise LakeError(f"{what} has the versions 1 to {newest}; each from 2 on can be compared")
        found = rows(con, "diff", article_id=article, version=wanted)
    if not found:
        raise LakeError(
            f"version {wanted} of {what} was made anew of the same page: its outlet changed nothing; "
            "--version names another"
        )
    return _laid_out(found[0], newest)


def _laid_out(row: dict[str, Any], versions: int) -> Edit:
    changed = [(visible(pair["before"]), visible(pair["after"])) for pair in row["paragraphs_changed"]]
    before, after = (visible(row[name]).split("\n\n") for name in ("text_before", "text_after"))
    fields = (
        ("Subtitle", row["subtitle_before"], row["subtitle_after"]),
        ("Authors", ", ".join(row["authors_before"] or ()), ", ".join(row["authors_after"] or ())),
    )
    return Edit(
        article_id=row["article_id"],
        version=row["version"],
        versions=versions,
        place=" · ".join(visible(part) for part in (row["outlet"], row["url"]) if part),
        link=web_address(row["url"] or ""),
        language=row["language"],
        title=_words(row["title_before"], row["title_after"]),
        facts=tuple(_facts(row)),
        fields=tuple((name, _words(old, new)) for name, old, new in fields if (old or "") != (new or "")),
        paragraphs=tuple(compared(before, after, changed)),
    )


def _words(before: str | None, after: str | None) -> tuple[Part, ...]:
    return words(visible(before or ""), visible(after or ""))


def _facts(row: dict[str, Any]) -> list[str]:
    told = {
        True: "Silent: neither a later modified date nor a note tells readers of it.",
        False: "Told to readers, by a later modified date or a note.",
        None: "Whether readers were told of it cannot be known.",
    }
    facts = [told[row["is_silent"]]]
    facts += [f"Note to readers: {visible(note)}" for note in row["corrections_added"] or ()]
    if row["seen_after"]:
        facts.append(
            f"Changed between {row['seen_after']:%Y-%m-%d %H:%M} and {row['seen_before']:%Y-%m-%d %H:%M} UTC."
        )
    if row["hours_since_publication"] is not None:
        facts.append(f"Seen {row['hours_since_publication']:,.1f} hours after publication.")
    facts.append(f"{row['words_before'] or 0:,} words before, {row['words_after'] or 0:,} after.")
    if row["quotes_gained"] or row["quotes_lost"]:
        facts.append(f"Quotations: {len(row['quotes_gained'])} gained, {len(row['quotes_lost'])} lost.")
    if row["extractor_changed"]:
        facts.append("Another extractor read the version before: some differences may be its own.")
    return facts
