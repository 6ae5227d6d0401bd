-- grain: one row per quotation in the lake within a window, with its hashes
-- $since, $start, $until, $undated_since: see tasks/linking/window.py.
SELECT key, version, place, hashes
FROM base.utterances
WHERE published_at BETWEEN $start AND $until AND ingested_at >= $since
UNION ALL
SELECT key, version, place, hashes
FROM base.utterances
WHERE published_at IS NULL AND ingested_at >= $undated_since
