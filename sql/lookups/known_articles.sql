-- grain: one row per stored version of the articles in `wanted` (key)
SELECT article_id, version, content_hash
FROM base.articles
SEMI JOIN wanted USING (key)
