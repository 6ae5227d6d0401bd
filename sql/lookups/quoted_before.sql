-- grain: one row per pair of a quotation of `quoted` (number, hash, hashes) and one of `earlier` that shares many hashes
-- `earlier` (key, version, place, hash, hashes) is of the lake. $least: part of the shorter one's that must be shared.
SELECT number, key, version, place, count(*) AS shared
FROM earlier
JOIN quoted USING (hash)
GROUP BY number, key, version, place
HAVING count(*) >= $least * least(any_value(earlier.hashes), any_value(quoted.hashes))
