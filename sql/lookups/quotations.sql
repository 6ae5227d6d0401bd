-- grain: one row per quotation of `paired` (key, version, place), with what it is compared by
-- $start, $until: of the window in which all of them were published, unless that is unknown.
SELECT
    number, shared, article_id, version, place, utterance_id, words, len(hashes) AS hashes, speaker, published_at,
    ingested_at
FROM (
    FROM base.utterances WHERE published_at BETWEEN $start AND $until
    UNION ALL
    FROM base.utterances WHERE published_at IS NULL AND ingested_at >= $undated_since
)
JOIN paired USING (key, version, place)
ORDER BY ALL
