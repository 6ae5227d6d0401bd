-- grain: one row per stored version whose content is one of `wanted` (content_key), oldest first
-- by: articles.content_key
SELECT source_id, content_hash, article_id, canonical_url, published_at
FROM base.articles
SEMI JOIN wanted USING (content_key)
ORDER BY batch
