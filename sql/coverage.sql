-- grain: one row per source and day of ingestion (UTC)
-- column day: day of ingestion
-- column seen: documents seen
-- column new: articles seen for the first time
-- column new_versions: articles that changed
-- column unchanged: documents whose article the lake holds already
-- column refused: documents that did not become an article
-- column median_words: median length of the day's new articles and versions, in words
SELECT
    source_id, day,
    coalesce(seen, 0) AS seen,
    coalesce(new, 0) AS new,
    coalesce(new_versions, 0) AS new_versions,
    coalesce(unchanged, 0) AS unchanged,
    coalesce(refused, 0) AS refused,
    median_words
FROM (
    SELECT
        source_id, (ingested_at AT TIME ZONE 'UTC')::DATE AS day,
        count(*) AS seen,
        count(*) FILTER (outcome = 'new') AS new,
        count(*) FILTER (outcome = 'new_version') AS new_versions,
        count(*) FILTER (outcome = 'unchanged') AS unchanged,
        count(*) FILTER (outcome NOT IN ('new', 'new_version', 'unchanged')) AS refused
    FROM captures
    GROUP BY ALL
)
LEFT JOIN (
    SELECT
        source_id, (ingested_at AT TIME ZONE 'UTC')::DATE AS day,
        median(word_count) AS median_words
    FROM article_versions
    GROUP BY ALL
) USING (source_id, day)
ORDER BY day DESC, source_id
