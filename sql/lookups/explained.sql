-- grain: the newest capture with a body that `wanted` (key) names: by its own id, by the address that was asked for, or
-- by the article that was made of it; without a body only where retention has dropped them all
SELECT
    capture_id, source_id, location, url, final_url, fetched_at, outcome, status, media, charset, given, body_from, body,
    size
FROM base.captures
WHERE media IS NOT NULL
    AND (body IS NOT NULL OR (outcome IN ('new', 'new_version') AND kind IS DISTINCT FROM 'reextract'))
    AND (
        key IN (SELECT key FROM wanted)
        OR url_key IN (SELECT key FROM wanted)
        OR capture_id IN (SELECT capture_id FROM base.articles SEMI JOIN wanted USING (key))
    )
ORDER BY body IS NOT NULL DESC, fetched_at DESC
LIMIT 1
