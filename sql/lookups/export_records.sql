-- grain: one row per capture of `wanted` (key, batch, revisited), of the batches from $first to $last, those with a body
-- first, since the others refer to them
SELECT
    capture_id, location, url, url_key, final_url, redirects, fetched_at, outcome, status, etag, last_modified,
    content_type, charset, media, body_from, body_hash, body, revisited
FROM base.captures
JOIN wanted USING (key, batch)
WHERE batch BETWEEN $first AND $last
ORDER BY body IS NULL, fetched_at
