-- grain: one row per quotation of `paired` (key, version, place), with what it is compared by
SELECT
    number, shared, article_id, version, place, utterance_id, words, len(hashes) AS hashes, speaker, published_at,
    ingested_at
FROM base.utterances
JOIN paired USING (key, version, place)
ORDER BY ALL
