-- grain: one row per article version
SELECT * EXCLUDE (batch, month, previous_batch)
FROM base.articles
