-- grain: one row per article version
SELECT * EXCLUDE (batch, month)
FROM base.articles
