-- grain: the newest capture with a body that `wanted` (key) names: by its own id, by the address that was asked for, or
-- by the article that was made of it
SELECT
    capture_id, source_id, location, url, final_url, fetched_at, outcome, status, media, charset, given, body_from, body,
    size
FROM base.captures
WHERE body IS NOT NULL AND media IS NOT NULL
    AND (
        key IN (SELECT key FROM wanted)
        OR url_key IN (SELECT key FROM wanted)
        OR capture_id IN (SELECT capture_id FROM base.articles SEMI JOIN wanted USING (key))
    )
ORDER BY fetched_at DESC
LIMIT 1
