-- grain: one row per article version published from $since to $until or, where that is unknown, taken in from $taken on
-- Where an article of the batch is $undated, it may be near whatever was taken in lately. A union and not an OR, which no
-- file's statistics would be asked about.
SELECT key, heads, coalesce(published_at, ingested_at) AS at
FROM (
    FROM base.signatures WHERE published_at >= $since AND published_at <= $until
    UNION ALL
    FROM base.signatures WHERE published_at IS NULL AND ingested_at >= $taken
    UNION ALL
    FROM base.signatures WHERE $undated AND published_at < $since AND ingested_at >= $taken
    UNION ALL
    FROM base.signatures WHERE $undated AND published_at > $until AND ingested_at >= $taken
)
