-- grain: one row per article version of a part of the lake, with what it is looked up by
-- $start, $until, $since: see tasks/linking/window.py.
SELECT key, published_at, ingested_at, shingles
FROM base.signatures
WHERE published_at BETWEEN $start AND $until AND ingested_at >= $since AND shingles IS NOT NULL
UNION ALL
SELECT key, published_at, ingested_at, shingles
FROM base.signatures
WHERE $start IS NULL AND published_at IS NULL AND ingested_at >= $since AND shingles IS NOT NULL
