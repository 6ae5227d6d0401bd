"""The dictionary: every table and column of the lake, declared once.

Arrow schemas, Delta tables, `comment on` statements and docs/dictionary.md are all made from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

# Raise it with any change of meaning that an older newslake would misread; new nullable columns need no raise.
SCHEMA_VERSION = 2
PARTITION = "month"

TIME = pa.timestamp("us", tz="UTC")
STRINGS = pa.list_(pa.string())
QUOTES = pa.list_(
    pa.struct(
        [
            ("text", pa.string()),
            ("speaker", pa.string()),
            ("speaker_as_written", pa.string()),
            ("verb", pa.string()),
            ("kind", pa.string()),
            ("start", pa.int32()),
            ("end", pa.int32()),
        ]
    )
)
DATE_CANDIDATES = pa.list_(
    pa.struct(
        [
            ("value", pa.string()),
            ("precision", pa.string()),
            ("signal", pa.string()),
            ("text", pa.string()),
            ("kind", pa.string()),
            ("rejected", pa.string()),
        ]
    )
)
REDIRECTS = pa.list_(pa.struct([("status", pa.int32()), ("url", pa.string())]))


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, Arrow type and what an analyst needs to know to use it."""

    name: str
    type: pa.DataType
    description: str


@dataclass(frozen=True)
class Table:
    """One Delta table: its name, its grain (what one row is) and its columns in order.

    ``bloom``: the id that files have a bloom filter of, if any. ``sort``: the order of rows in compacted files; where
    empty, they stay in that of their arrival. ``row_group``: rows that are read together, as many or few as a query
    needs. ``packed``: integers that mostly rise from row to row, written as differences.
    """

    name: str
    grain: str
    bloom: str | None
    columns: tuple[Column, ...]
    sort: tuple[str, ...] = ()
    row_group: int = 10_000
    packed: tuple[str, ...] = ()

    @cached_property
    def schema(self) -> pa.Schema:
        """The Arrow schema, each field carrying its description as ``comment``."""
        return pa.schema(
            [pa.field(c.name, c.type, metadata={"comment": c.description}) for c in self.columns]
        )

    @property
    def descriptions(self) -> dict[str, str]:
        """Column name → description."""
        return {c.name: c.description for c in self.columns}


SHARED = (
    Column("run_id", pa.string(), "The run that brought the row."),
    Column("batch", pa.int64(), "Number of the commit that brought the row, rising by one over both tables."),
    Column("ingested_at", TIME, "When that run committed the row."),
    Column("month", pa.string(), "Partition: year and month of ingested_at, such as 2026-11."),
)

CAPTURES = Table(
    "captures",
    "one row per document that a run saw, with how it ended",
    "capture_id",
    (
        Column("capture_id", pa.string(), "Identifies the capture: a hash of run_id and location."),
        Column("key", pa.int64(), "First 8 bytes of capture_id, for fast joins."),
        Column("source_id", pa.string(), "The source it was taken from: --source, or a source's id."),
        Column(
            "kind",
            pa.string(),
            "What was asked for: article, feed, sitemap, index (a page of links), robots, source (its declaration), "
            "or reextract (an article made anew of an earlier capture); NULL for files.",
        ),
        Column(
            "location",
            pa.string(),
            "File, and record within it, that the document was read from; the address where it was fetched.",
        ),
        Column("url", pa.string(), "The document's web address as requested or as the record states it."),
        Column("url_key", pa.int64(), "Hash of url without scheme and tracking: was it asked for before?"),
        Column("final_url", pa.string(), "Address after redirects; NULL where nothing was fetched."),
        Column("redirects", REDIRECTS, "The redirects followed, in order."),
        Column(
            "found_in",
            pa.string(),
            "The list (feed, sitemap, index page) that named the address; for kind reextract the capture_id.",
        ),
        Column("guid", pa.string(), "The feed's own identity of the entry, where no other entry shares it."),
        Column("guid_key", pa.int64(), "Hash of source_id and guid."),
        Column("article_id", pa.string(), "The article that it is a capture of; NULL where it is none."),
        Column("fetched_at", TIME, "When the bytes were taken: fetched, archived (WARC-Date) or read."),
        Column(
            "outcome", pa.string(), "How it ended; the closed list is below the views in docs/dictionary.md."
        ),
        Column("error", pa.string(), "The reason in one line where it was refused."),
        Column("status", pa.int32(), "HTTP status, where there was one."),
        Column("etag", pa.string(), "HTTP validator ETag."),
        Column("last_modified", pa.string(), "HTTP validator Last-Modified, as sent."),
        Column("content_type", pa.string(), "Content type as declared."),
        Column("media", pa.string(), "What the bytes are: text or html."),
        Column("charset", pa.string(), "Charset as declared; NULL where the bytes must tell."),
        Column("given", pa.string(), "JSON object of the metadata that the record states beside the body."),
        Column("body_hash", pa.string(), "Hash of the bytes."),
        Column(
            "body_key", pa.int64(), "Hash of source_id, url or location, given and body: was it seen before?"
        ),
        Column("body", pa.binary(), "The bytes; NULL when the lake holds them already or they were refused."),
        Column("size", pa.int64(), "Length of the document in bytes."),
        Column("elapsed_ms", pa.float64(), "Milliseconds that fetching took; NULL for files."),
        Column("attempts", pa.int32(), "Requests made for it in this run, redirects not counted."),
        Column(
            "asked",
            pa.string(),
            "plain, conditional (with the validators of the capture before), recheck (without them, to test them) or "
            "distrusted (without them, since they were found to lie).",
        ),
        Column(
            "body_from",
            pa.string(),
            "feed where the page was refused, or a wall, and the feed's text was taken.",
        ),
        Column("listed", pa.int32(), "Entries that a list names."),
        Column(
            "known", pa.int32(), "Those of them whose outcome an earlier run, or the same one, has recorded."
        ),
        Column("listing_hash", pa.string(), "Hash of the addresses that a list names, in any order."),
        Column(
            "failures", pa.int32(), "Failures in a row up to this capture of the address; 0 after a success."
        ),
        Column("next_poll_at", TIME, "When it is to be asked for again at the earliest; NULL for never."),
        Column("run_started_at", TIME, "When the run began."),
        *SHARED,
    ),
)

ARTICLES = Table(
    "articles",
    "one row per article version",
    "article_id",
    (
        Column(
            "article_id",
            pa.string(),
            "Identifies the article across its versions: a hash of its canonical URL, or of the document's "
            "bytes where there is none.",
        ),
        Column("version", pa.int32(), "1 for the first text seen, rising by one with each change."),
        Column(
            "previous_batch", pa.int64(), "Batch that brought the version before; NULL where it is the first."
        ),
        Column("key", pa.int64(), "First 8 bytes of article_id, for fast joins."),
        Column("capture_id", pa.string(), "The capture it was made of."),
        Column("source_id", pa.string(), "The source it came from."),
        Column("url", pa.string(), "Web address of the capture; NULL where none is known."),
        Column("canonical_url", pa.string(), "The article's own address, without tracking parameters."),
        Column("outlet", pa.string(), "Publication that carries the article."),
        Column("title", pa.string(), "Headline, without site name."),
        Column("subtitle", pa.string(), "Subtitle or standfirst."),
        Column("authors", STRINGS, "People named in the byline."),
        Column(
            "agency", pa.string(), "News agency credited for the text; the first where there are several."
        ),
        Column("agencies", STRINGS, "All news agencies credited for the text, as credited."),
        Column("dateline", pa.string(), "Place the report is datelined from."),
        Column(
            "published_at",
            TIME,
            "When it was published, in UTC where published_offset is known, otherwise in the outlet's local "
            "time; cut to published_precision.",
        ),
        Column("published_offset", pa.int16(), "Minutes east of UTC as written; NULL where not stated."),
        Column(
            "published_precision", pa.string(), "How much of published_at the source states: year … second."
        ),
        Column("published_from", pa.string(), "The signal that published_at was taken from."),
        Column(
            "date_candidates", DATE_CANDIDATES, "Every date seen, with its signal and why it was rejected."
        ),
        Column("modified_at", TIME, "When it was last changed, as stated; same rules as published_at."),
        Column("language", pa.string(), "ISO 639-1 code of the text's language."),
        Column(
            "language_confidence",
            pa.float32(),
            "How sure the identification is, 0 to 1; NULL where the language was not told from the text.",
        ),
        Column("section", pa.string(), "Section of the publication."),
        Column("tags", STRINGS, "Keywords given by the publication."),
        Column("image_url", pa.string(), "Address of the article's lead image."),
        Column("text", pa.string(), "The article's body, paragraphs separated by a blank line."),
        Column("word_count", pa.int32(), "Words in text (characters for scripts that write no spaces)."),
        Column("is_paywalled", pa.bool_(), "Whether only a part was free to read; NULL where unknown."),
        Column("quotes", QUOTES, "Quotations in text with their speakers; see the view quotes."),
        Column(
            "corrections",
            STRINGS,
            "Notes that tell readers of a correction, clarification or update, in text or beside it, as they were when "
            "the version was first seen; NULL where the language does not let us tell.",
        ),
        Column(
            "content_hash", pa.string(), "Hash of title, subtitle, authors and text: what makes a version."
        ),
        Column("content_key", pa.int64(), "First 8 bytes of content_hash, for fast joins."),
        Column("extractor_version", pa.string(), "Version of the extractor that made the row."),
        Column(
            "signals",
            pa.map_(pa.string(), pa.string()),
            "Field → the signal its value was taken from: json-ld, meta:…, markup:…, text:…, record, source, feed.",
        ),
        Column("field_errors", pa.map_(pa.string(), pa.string()), "Field → why it is NULL or empty."),
        *SHARED,
    ),
    sort=("published_at", "key"),
    row_group=50_000,  # each is described in the file's end, which every query reads; merging stops at 32 MiB before
)

DOCUMENTS = Table(
    "documents",
    "one row per article version that search knows: its number, and when it counts",
    None,
    (
        Column("document", pa.int32(), "Running number of the version in the index, from 0."),
        Column("words", pa.int32(), "Terms in title, subtitle and text, each as often as it stands there."),
        Column("key", pa.int64(), "First 8 bytes of article_id, for fast joins."),
        Column("version", pa.int32(), "Version of the article."),
        Column("published_at", TIME, "When it was published, as in articles."),
        *SHARED,
    ),
    sort=("document",),
    row_group=500_000,  # every query reads them all
    packed=("document",),
)

EXCERPTS = Table(
    "excerpts",
    "one row per article version that search knows, with all that a result shows",
    None,
    (
        Column("document", pa.int32(), "Number of the version in documents."),
        # One column, since each costs a query as much as the rows that it is after.
        Column(
            "shown",
            STRINGS,
            "article_id, title, outlet, address, opening of the text, key, version, published_at.",
        ),
        Column(PARTITION, pa.string(), "Partition: year and month of the document's ingested_at."),
    ),
    row_group=500,  # a result reads the row groups of the few documents it shows
    packed=("document",),
)

POSTINGS = Table(
    "postings",
    "one row per term and document that it stands in",
    "term",
    (
        Column("term", pa.string(), "What the macro tokens makes of a word, or of two characters."),
        Column("document", pa.int32(), "Number of the document."),
        Column("frequency", pa.int16(), "How often the term stands there."),
        Column("places", pa.int16(), "Bit n is set where it stands at a place that is n modulo 16, from 0."),
        Column("length", pa.int8(), "Terms of the document: 4 times their binary logarithm, rounded."),
        Column(PARTITION, pa.string(), "Partition: year and month of the documents' ingested_at."),
    ),
    sort=("term", "document"),
    row_group=500_000,  # each is described in the file's end, which every query reads
    packed=("document",),
)

# In the order of their commits in a batch.
INDEX: tuple[Table, ...] = (DOCUMENTS, EXCERPTS, POSTINGS)
TABLES: tuple[Table, ...] = (CAPTURES, ARTICLES, *INDEX)
