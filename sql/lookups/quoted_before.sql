-- grain: one row per pair of a quotation of `quoted` (number, hash, hashes) and one in the lake that shares many hashes
-- What pairs with nothing is read no further than its hashes. $since, $start, $until: see tasks/linking/window.py.
-- $least: part of the shorter one's hashes that must be shared.
WITH earlier AS (
    SELECT key, version, place, len(hashes) AS hashes, unnest(hashes) AS hash
    FROM base.utterances
    WHERE published_at BETWEEN $start AND $until AND ingested_at >= $since
    UNION ALL
    SELECT key, version, place, len(hashes) AS hashes, unnest(hashes) AS hash
    FROM base.utterances
    WHERE published_at IS NULL AND ingested_at >= $undated_since
)
SELECT number, key, version, place, count(*) AS shared
FROM earlier
JOIN quoted USING (hash)
GROUP BY number, key, version, place
HAVING count(*) >= $least * least(any_value(earlier.hashes), any_value(quoted.hashes))
