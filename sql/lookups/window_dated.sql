-- grain: one row per article version published from $low to $high, with what it is looked up by
SELECT key, published_at, ingested_at, shingles
FROM base.signatures
WHERE published_at BETWEEN $low AND $high AND shingles IS NOT NULL
