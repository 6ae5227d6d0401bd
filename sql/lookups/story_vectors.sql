-- grain: one row per article of `wanted` (key) in the time that story_heads.sql reads, its newest version, in order of time
SELECT article_id, terms, vector, published_at, ingested_at
FROM (
    FROM base.signatures SEMI JOIN wanted USING (key)
    WHERE published_at >= $since AND published_at <= $until
    UNION ALL
    FROM base.signatures SEMI JOIN wanted USING (key)
    WHERE ingested_at >= $taken
        AND (published_at IS NULL OR ($undated AND (published_at < $since OR published_at > $until)))
)
QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY version DESC) = 1
ORDER BY coalesce(published_at, ingested_at), key
