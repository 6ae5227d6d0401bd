-- grain: one row per address of `wanted` (url_key) that was asked for as an article, with its newest capture
-- by: captures.url_key
SELECT
    url_key,
    arg_max({
        'url': url, 'outcome': outcome, 'at': fetched_at, 'etag': etag, 'last_modified': last_modified,
        'failures': failures, 'next_poll_at': next_poll_at, 'updated': given->>'$.entry.updated'
    }, (fetched_at, batch)) AS newest
FROM base.captures
SEMI JOIN wanted USING (url_key)
WHERE kind IS NULL OR kind = 'article'
GROUP BY url_key
