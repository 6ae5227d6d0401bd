-- grain: one row per quotation of a part of the lake, with its hashes, and when it was seen
-- $start, $until, $since: see tasks/linking/window.py.
SELECT key, version, place, hashes, coalesce(published_at, ingested_at) AS seen
FROM base.utterances
WHERE published_at BETWEEN $start AND $until AND ingested_at >= $since
UNION ALL
SELECT key, version, place, hashes, coalesce(published_at, ingested_at) AS seen
FROM base.utterances
WHERE $start IS NULL AND published_at IS NULL AND ingested_at >= $since
