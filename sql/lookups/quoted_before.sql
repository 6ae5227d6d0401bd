-- grain: one row per pair of a quotation of `quoted` (number, hash, hashes) and one of `earlier` that shares many hashes
-- `earlier` (key, version, place, hash, hashes, seen) is of the lake, and of those that have a hash the $latest are taken.
-- $least: part of the shorter one's that must be shared.
WITH holders AS (
    FROM earlier
    QUALIFY row_number() OVER (PARTITION BY hash ORDER BY seen DESC, key, version, place) <= $latest
)
SELECT number, key, version, place, count(*) AS shared
FROM holders
JOIN quoted USING (hash)
GROUP BY number, key, version, place
HAVING count(*) >= $least * least(any_value(holders.hashes), any_value(quoted.hashes))
