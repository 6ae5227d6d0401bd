"""The dictionary, continued: the tables of what linking finds, all derived from articles.

Each can be made anew from the articles alone (``newslake relink``).
"""

from __future__ import annotations

import pyarrow as pa

from tasks.lake.schema import SHARED, STRINGS, TABLES, TIME, Column, Table

HASHES = pa.list_(pa.int32())

_VERSION = (
    Column("key", pa.int64(), "First 8 bytes of article_id, for fast joins."),
    Column("article_id", pa.string(), "The article."),
    Column("version", pa.int32(), "Version of the article."),
)

SIGNATURES = Table(
    "signatures",
    "one row per article version that linking knows, with all that later articles are compared by",
    "article_id",
    (
        *_VERSION,
        Column("outlet", pa.string(), "Publication that carries the article."),
        Column("agency", pa.string(), "News agency credited for the text."),
        Column("language", pa.string(), "ISO 639-1 code of the text's language."),
        Column("published_at", TIME, "When it was published, as in articles; NULL where unknown."),
        Column("published_offset", pa.int16(), "Minutes east of UTC as written, as in articles."),
        Column("published_precision", pa.string(), "How much of published_at is stated, as in articles."),
        Column("shingle_count", pa.int32(), "Different shingles of the text: runs of four words."),
        Column(
            "shingles",
            pa.binary(),
            "The 24 least hashes of its shingles, 4 bytes each, little-endian, least first: copies share many of them. "
            "NULL where the text is too short to be compared.",
        ),
        Column("sketch", pa.binary(), "Likewise the 128 least, from which similarity is measured."),
        Column("terms", STRINGS, "The terms that tell its story from others best, heaviest first."),
        Column("heads", HASHES, "Hashes of terms: articles that share some are compared."),
        Column(
            "vector",
            pa.binary(),
            "Its terms, of which heads are the first, and their weights, from which similarity is measured; see "
            "tasks/linking/story_vectors.py.",
        ),
        *SHARED,
    ),
    sort=("published_at", "key"),
)

LINKS = Table(
    "links",
    "one row per finding on how an article relates to another article or to a story",
    "article_id",
    (
        *_VERSION,
        Column(
            "kind",
            pa.string(),
            "reprint (the text of another article), excerpt (a part of it), or story (it belongs to a story).",
        ),
        Column(
            "original_id",
            pa.string(),
            "The article that it is a copy of, see the view reprints; NULL for kind story.",
        ),
        Column("similarity", pa.float32(), "Jaccard similarity of their word shingles, 0 to 1."),
        Column("contained", pa.float32(), "Part of this article's shingles that the original has, 0 to 1."),
        Column(
            "direction_from",
            pa.string(),
            "How it is known which is the original: agency or published; NULL where it is not, and "
            "original_id is the one that the lake had first.",
        ),
        Column("evidence", pa.string(), "In words, what the finding rests on."),
        Column("story_id", pa.string(), "The story; NULL for other kinds."),
        Column("story_key", pa.int64(), "First 8 bytes of story_id, for fast joins."),
        Column("change", pa.string(), "started, joined, merged or split: how the article came to the story."),
        Column("from_story_id", pa.string(), "The story it was in before, where that changed."),
        *SHARED,
    ),
)

STORIES = Table(
    "stories",
    "one row per story of two articles or more, or that takes up another, and batch that changed it; the newest holds",
    "story_id",
    (
        Column("story_id", pa.string(), "Identifies the story: made of its first article's id."),
        Column("story_key", pa.int64(), "First 8 bytes of story_id, for fast joins."),
        Column(
            "central_id", pa.string(), "The article most like all others of it, whose headline stands for it."
        ),
        Column("terms", STRINGS, "Terms that tell it from other stories, heaviest first."),
        Column("heads", HASHES, "Hashes of terms: stories that share some are compared."),
        Column("vector", pa.binary(), "As in signatures: the mean of its articles' vectors."),
        Column("last_at", TIME, "When its last article was published; taken in, where that is unknown."),
        Column("follows", pa.string(), "The earlier story, then silent, that it takes up again."),
        Column("merged_into", pa.string(), "The story that it became a part of; all else is NULL then."),
        *SHARED,
    ),
)

UTTERANCES = Table(
    "utterances",
    "one row per quotation of speech in an article version, with the utterance that it gives",
    "utterance_id",
    (
        *_VERSION,
        Column("place", pa.int32(), "Which of the article's quotes it is, from 0."),
        Column(
            "utterance_id", pa.string(), "The same for the same words of the same speaker in any article."
        ),
        Column(
            "speaker_id", pa.string(), "The same for one person's name in all spellings; NULL where unknown."
        ),
        Column("quote", pa.string(), "The words between the quotation marks."),
        Column("words", pa.int32(), "Words in quote; of scripts without blanks, runs of three characters."),
        Column("speaker", pa.string(), "Who said it, by the fullest name that the article gives."),
        Column("outlet", pa.string(), "Publication that carries the article."),
        Column("published_at", TIME, "When the article was published."),
        Column("hashes", HASHES, "Of the quote's words: the same utterances share some of them."),
        *SHARED,
    ),
    sort=("published_at", "key", "place"),
)

MENTIONS = Table(
    "mentions",
    "one row per name that an article version mentions",
    "name_id",
    (
        *_VERSION,
        Column("name_id", pa.string(), "The same for one name in all spellings."),
        Column("outlet", pa.string(), "Publication that carries the article."),
        Column("published_at", TIME, "When the article was published; NULL where unknown."),
        Column("kind", pa.string(), "person, organisation, place, or watched (an entry of the watchlist)."),
        Column(
            "name",
            pa.string(),
            "The fullest form that the article gives; of what the gazetteer knows its usual name in the language; "
            "for watched the entry's name.",
        ),
        Column("as_written", STRINGS, "Every form in which the article writes it."),
        Column("mentions", pa.int32(), "How often the article names it."),
        Column("role", pa.string(), "Office or title that stands beside the name."),
        Column("found_by", pa.string(), "quote, role, title, dateline, gazetteer, form or watchlist."),
        Column(
            "start",
            pa.int32(),
            "Offset of the first mention in text, in characters; NULL where it is not in the text.",
        ),
        *SHARED,
    ),
)

LINKED: tuple[Table, ...] = (SIGNATURES, LINKS, STORIES, UTTERANCES, MENTIONS)
ALL: tuple[Table, ...] = (*TABLES, *LINKED)
