-- grain: one row per version of an article of `wanted` (key) in the time that story_heads.sql reads
SELECT key, article_id, version, terms, vector, published_at, ingested_at
FROM (
    FROM base.signatures WHERE published_at >= $since AND published_at <= $until
    UNION ALL
    FROM base.signatures WHERE published_at IS NULL AND ingested_at >= $taken
    UNION ALL
    FROM base.signatures WHERE $undated AND published_at < $since AND ingested_at >= $taken
    UNION ALL
    FROM base.signatures WHERE $undated AND published_at > $until AND ingested_at >= $taken
)
SEMI JOIN wanted USING (key)
