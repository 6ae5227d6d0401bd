-- grain: one row: the last batch after $indexed, up to $last, that makes a piece of about $rows articles
SELECT max(batch)
FROM (
    SELECT batch, sum(count(*)) OVER (ORDER BY batch) - count(*) AS before
    FROM base.articles
    WHERE batch > $indexed AND batch <= $last
    GROUP BY batch
)
WHERE before < $rows
