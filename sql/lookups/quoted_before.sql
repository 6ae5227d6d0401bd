-- grain: one row per pair of a quotation of `quoted` (number, hash, hashes) and one of `earlier` that shares many hashes
-- `earlier` (key, version, place, hash, hashes, seen) is of the lake; of those of ten days that have a hash $most are taken,
-- so that what else is read has no say in it. $least: part of the shorter one's that must be shared.
WITH holders AS (
    FROM earlier
    QUALIFY row_number() OVER (
        PARTITION BY hash, epoch_us(seen) // 864_000_000_000 ORDER BY seen DESC, key, version, place
    ) <= $most
)
SELECT number, key, version, place, count(*) AS shared
FROM holders
JOIN quoted USING (hash)
GROUP BY number, key, version, place
HAVING count(*) >= $least * least(any_value(holders.hashes), any_value(quoted.hashes))
