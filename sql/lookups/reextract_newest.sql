-- grain: one row per article of `wanted` (key) that is stored, its newest version, with when its capture was taken
-- by: articles.key
SELECT versions.*, captures.fetched_at
FROM base.articles AS versions
SEMI JOIN (
    SELECT article_id, key, max(version) AS version, arg_max(batch, version) AS batch
    FROM base.articles
    SEMI JOIN wanted USING (key)
    GROUP BY article_id, key
) AS newest USING (article_id, key, version, batch)
LEFT JOIN base.captures AS captures USING (capture_id)
