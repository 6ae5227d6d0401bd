-- grain: one row per quotation in the newest version of an article
-- column quote: the words between the quotation marks
-- column speaker: who said it, by the fullest name that the article gives; NULL where it is not certain
-- column speaker_as_written: how the article names the speaker beside the quotation
-- column verb: the word of saying beside it
-- column kind: direct (a full clause), partial (a fragment of speech) or scare (a name, term or irony)
-- column start: offset of the quotation in text, in characters
-- column end: offset of its end in text, in characters
SELECT
    quotation.text AS quote,
    quotation.speaker AS speaker,
    quotation.speaker_as_written AS speaker_as_written,
    quotation.verb AS verb,
    quotation.kind AS kind,
    quotation.start AS start,
    quotation.end AS "end",
    * EXCLUDE (quotation)
FROM (
    -- unnested in the SELECT list: a lateral join costs DuckDB 2.0 a hundred times as much
    SELECT
        unnest(quotes) AS quotation,
        article_id, version, title, outlet, source_id, published_at, language, canonical_url
    FROM articles
)
