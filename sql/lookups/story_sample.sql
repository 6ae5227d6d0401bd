-- grain: one row per article version of the newest batches that make $rows of its language, taken in from $taken on
WITH per_batch AS (
    SELECT language, batch, sum(count(*)) OVER (PARTITION BY language ORDER BY batch DESC) - count(*) AS later
    FROM base.signatures
    WHERE ingested_at >= $taken
    GROUP BY language, batch
)
SELECT language, vector
FROM base.signatures
SEMI JOIN (SELECT language, batch FROM per_batch WHERE later < $rows) AS newest
    ON signatures.batch = newest.batch AND signatures.language IS NOT DISTINCT FROM newest.language
WHERE ingested_at >= $taken
