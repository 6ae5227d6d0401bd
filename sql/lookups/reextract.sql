-- grain: one row per capture that today's extractor may make more of: the one that an article's newest version was made
-- of, with that article, or one that held no article; taken from $since up to $until, of the source $source_id
WITH newest AS (
    SELECT capture_id, article_id
    FROM base.articles
    ANTI JOIN (SELECT key, (version - 1)::INTEGER AS version FROM base.articles WHERE version > 1) AS superseded
        USING (key, version)
),
candidates AS (
    SELECT captures.key, batch, size, fetched_at, source_id, newest.article_id
    FROM base.captures AS captures
    JOIN newest USING (capture_id)
    UNION ALL
    SELECT key, batch, size, fetched_at, source_id, article_id
    FROM base.captures
    ANTI JOIN base.articles USING (capture_id)
    WHERE outcome IN ('no_article', 'failed', 'list_page', 'not_found', 'bot_wall', 'paywall', 'media')
)
SELECT key, batch, size, article_id
FROM candidates
WHERE ($since::TIMESTAMPTZ IS NULL OR fetched_at >= $since)
    AND ($until::TIMESTAMPTZ IS NULL OR fetched_at < $until)
    AND ($source_id::VARCHAR IS NULL OR source_id = $source_id)
ORDER BY batch, key
