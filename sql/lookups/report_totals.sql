-- grain: one row: what `period` holds
SELECT
    count(*) AS articles,
    count(*) - count(copied.article_id) AS texts,
    count(DISTINCT period.outlet) AS outlets,
    count(copied.article_id) AS copies
FROM period
LEFT JOIN copied USING (article_id)
