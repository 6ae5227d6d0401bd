-- grain: one row per stored version of the articles in `wanted` (key)
-- by: articles.key
SELECT article_id, version, content_hash, batch
FROM base.articles
SEMI JOIN wanted USING (key)
