-- grain: one row per version of an article of `wanted` (key) that is a copy, with its original as last found
-- No link is older than the version it is of: $batch spares reading what was found before the oldest of them came in.
SELECT article_id, version, arg_max(original_id, batch) AS original_id
FROM base.links
SEMI JOIN wanted USING (key)
WHERE batch >= $batch AND kind IN ('reprint', 'excerpt')
GROUP BY article_id, version
