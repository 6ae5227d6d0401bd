-- grain: one row per article of `period` that is a copy of another one, as in the view reprints
WITH RECURSIVE found AS MATERIALIZED (
    SELECT key, article_id, arg_max(original_id, batch) AS above
    FROM base.links
    WHERE kind IN ('reprint', 'excerpt')
    GROUP BY key, article_id
),
chain AS (
    SELECT article_id, arg_max(original_id, batch) AS above
    FROM base.links
    SEMI JOIN period USING (key, article_id, version)
    WHERE kind IN ('reprint', 'excerpt')
    GROUP BY article_id
    UNION
    SELECT chain.article_id, found.above
    FROM chain
    JOIN found ON found.article_id = chain.above
),
heads AS (
    SELECT article_id, above AS original_id
    FROM chain
    ANTI JOIN found ON found.article_id = chain.above
)
SELECT article_id, period.key, period.outlet, original_id, coalesce(original.outlet, original.source_id) AS original_outlet
FROM heads
JOIN period USING (article_id)
LEFT JOIN articles AS original ON original.article_id = heads.original_id
