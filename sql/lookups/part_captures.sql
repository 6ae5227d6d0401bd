-- grain: one row per capture of the articles of `chosen` that are edited, from batch $first on, without its body
SELECT * REPLACE (NULL AS body)
FROM base.captures
SEMI JOIN (FROM chosen WHERE is_edited) AS edited USING (article_id)
WHERE batch >= $first
