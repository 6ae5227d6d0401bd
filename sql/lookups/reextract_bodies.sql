-- grain: one row per capture of `wanted` (key, batch, article_id) that has a body, of the batches from $first to $last
SELECT
    capture_id AS found_in, wanted.article_id, source_id, location, url, url_key, final_url, guid, guid_key,
    fetched_at, status, media, charset, given, body_from, body_hash, body_key, body, captures.size
FROM base.captures AS captures
JOIN wanted USING (key, batch)
WHERE batch BETWEEN $first AND $last AND body IS NOT NULL
