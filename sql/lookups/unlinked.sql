-- grain: one row per article version of the batches after $linked up to $end, in an order that is the same each time
SELECT *
FROM base.articles
WHERE batch > $linked AND batch <= $end
ORDER BY batch, key, version
