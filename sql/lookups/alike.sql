-- grain: one row per article of `asked` (hash, key, published_at, ingested_at) and article of `held` (the same columns)
-- within $days of it that shares $least of its hashes; of each the sixteen that share most
-- A hash that a great many texts have, of an outlet's notice or of a text that everybody carries, is taken as one of the
-- earliest 64 of them alone: else the rows of this would be the square of their number.
WITH holders AS (
    SELECT hash, key, published_at, ingested_at
    FROM (SELECT DISTINCT hash, key, published_at, ingested_at FROM held SEMI JOIN asked USING (hash))
    QUALIFY row_number() OVER (PARTITION BY hash ORDER BY published_at, ingested_at, key) <= 64
)
SELECT a.key AS key, h.key AS other, h.published_at AS published_at, h.ingested_at AS ingested_at
FROM asked AS a
JOIN holders AS h
    ON h.hash = a.hash AND h.key <> a.key AND CASE
        WHEN a.published_at IS NULL OR h.published_at IS NULL
            THEN h.ingested_at BETWEEN a.ingested_at - to_days($days) AND a.ingested_at
        ELSE h.published_at BETWEEN a.published_at - to_days($days) AND a.published_at + to_days($days)
    END
GROUP BY a.key, h.key, h.published_at, h.ingested_at
HAVING count(*) >= $least
QUALIFY row_number() OVER (PARTITION BY a.key ORDER BY count(*) DESC, h.published_at, h.ingested_at, h.key) <= 16
