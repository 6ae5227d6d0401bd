-- grain: one row per day (UTC) from $since to $until and source that brought new articles then; all but the six sources
-- that brought most are one, with source_id NULL
WITH brought AS (
    SELECT day, source_id, new
    FROM coverage
    WHERE day BETWEEN $since AND $until AND new > 0
),
most AS (
    SELECT source_id
    FROM brought
    GROUP BY source_id
    ORDER BY sum(new) DESC, source_id
    LIMIT 6
)
SELECT day, most.source_id, sum(new)::BIGINT AS new
FROM brought
LEFT JOIN most USING (source_id)
GROUP BY day, most.source_id
ORDER BY day, most.source_id NULLS LAST
