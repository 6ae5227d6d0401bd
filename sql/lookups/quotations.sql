-- grain: one row per quotation of `paired` (key, version, place) in a part of the lake, with what it is compared by
-- $start, $until, $since: see tasks/linking/window.py.
SELECT
    number, shared, article_id, version, place, utterance_id, words, len(hashes) AS hashes, speaker, published_at,
    ingested_at
FROM (
    FROM base.utterances WHERE published_at BETWEEN $start AND $until AND ingested_at >= $since
    UNION ALL
    FROM base.utterances WHERE $start IS NULL AND published_at IS NULL AND ingested_at >= $since
)
JOIN paired USING (key, version, place)
ORDER BY ALL
