-- grain: one row per article of `wanted` (key), its newest version, where that was published from $low to $high, or has no
-- date and was taken in since $since
SELECT
    key, article_id, version, outlet, agency, published_at, published_offset, published_precision, shingle_count, sketch,
    batch
FROM (
    FROM base.signatures WHERE published_at BETWEEN $low AND $high
    UNION ALL
    FROM base.signatures WHERE published_at IS NULL AND ingested_at >= $since
)
SEMI JOIN wanted USING (key)
QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY version DESC) = 1
