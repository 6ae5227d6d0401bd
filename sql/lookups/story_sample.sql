-- grain: one row per article version of the newest batches that make $rows of its language, taken in from $taken on
-- Of no batch before the newest that make $all of all languages: a rare one is told by what few there are, since for its
-- sake alone the vectors of a whole month would be read.
WITH per_batch AS (
    SELECT
        language, batch,
        sum(count(*)) OVER (PARTITION BY language ORDER BY batch DESC) - count(*) AS later,
        sum(count(*)) OVER (ORDER BY batch DESC) - sum(count(*)) OVER (PARTITION BY batch) AS all_later
    FROM base.signatures
    WHERE ingested_at >= $taken
    GROUP BY language, batch
)
SELECT language, vector
FROM base.signatures
SEMI JOIN (SELECT language, batch FROM per_batch WHERE later < $rows AND all_later < $all) AS newest
    ON signatures.batch = newest.batch AND signatures.language IS NOT DISTINCT FROM newest.language
WHERE ingested_at >= $taken
