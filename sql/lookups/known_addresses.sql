-- grain: one row per address of `wanted` (url_key) that an article was captured from, with the latest such article
-- by: captures.url_key
SELECT url_key, arg_max(article_id, (batch, ingested_at)) AS article_id
FROM base.captures
SEMI JOIN wanted USING (url_key)
WHERE article_id IS NOT NULL
GROUP BY url_key
