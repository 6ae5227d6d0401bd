-- grain: one row per capture of an address in `wanted` (url_key, kind), the newest 160 of each: more than a day of polls, oldest first
SELECT url_key, kind, url, fetched_at, outcome, status, asked, etag, last_modified, body_hash, listing_hash, failures,
    next_poll_at
FROM base.captures
SEMI JOIN wanted USING (url_key, kind)
QUALIFY row_number() OVER (PARTITION BY url_key, kind ORDER BY fetched_at DESC, batch DESC) <= 160
ORDER BY fetched_at, batch
