-- grain: one row per version of an article of `chosen` (key), from batch $first on; texts and quotes of edited ones alone
SELECT * REPLACE (NULL AS text, NULL AS quotes)
FROM base.articles
SEMI JOIN (FROM chosen WHERE NOT is_edited) AS others USING (key)
WHERE batch >= $first
UNION ALL BY NAME
FROM base.articles
SEMI JOIN (FROM chosen WHERE is_edited) AS edited USING (key)
WHERE batch >= $first
