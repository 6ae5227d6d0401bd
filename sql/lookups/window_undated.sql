-- grain: one row per article version without a date, with $dated also of the others, taken in since $since
SELECT key, published_at, ingested_at, shingles
FROM base.signatures
WHERE ingested_at >= $since AND (published_at IS NULL OR $dated) AND shingles IS NOT NULL
