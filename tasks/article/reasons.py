"""Why a field is unknown, or a date is not the article's: the closed list of codes in ``field_errors``."""

from __future__ import annotations

from typing import Literal, get_args

Reason = Literal[
    "not_stated",  # the document gives no such thing
    "starts_with_body",  # title: no line stands before the article's first paragraph
    "empty_label",  # a label ("Published:", "by") has nothing after it
    "not_a_person",  # authors: the byline names a desk, an agency or an outlet
    "photo_credit",  # agency: only a photograph is credited to one
    "host_only",  # outlet: nothing but the URL's host hints at it
    "ambiguous",  # date: several readings, or several dates of the same weight
    "no_year",  # date: day and month without a year
    "weekday_only",  # date: the lead names a weekday and no date
    "only_modified",  # published: only a date of modification is stated
    "caption",  # date: stands in a caption
    "in_body",  # date: stands in the running text
    "in_heading",  # date: part of a title or another line about something else
    "outside",  # date: stands behind the article or in a list, without a label
    "not_nearest",  # date: another date stands nearer to the article
    "weaker_signal",  # date: another signal is more trustworthy
    "future",  # date: later than the moment of capture
    "before_1990",  # date: earlier than news on the web
    "too_short",  # language: too few letters to tell
    "low_confidence",  # language: the identifier is not sure
    "no_article",  # text: the document holds no article
    "empty",  # text: the document holds no text at all
    "no_quotes",  # quotes: the text has no words in quotation marks
]
REASONS: frozenset[str] = frozenset(get_args(Reason))
