-- grain: one row per capture of a list's or robots.txt's address in `wanted` (url_key, url, kind), the newest 160 of each: more than a day of polls, oldest first
-- A poll says when the next one is due. One that does not was a back-fill: it took other days than polls do, and says
-- nothing of what they have taken.
SELECT kind, url, fetched_at, outcome, status, asked, etag, last_modified, body_hash, listing_hash, failures, next_poll_at
FROM base.captures
SEMI JOIN wanted USING (url_key, url, kind)
WHERE kind = 'robots' OR next_poll_at IS NOT NULL OR outcome = 'gone'
QUALIFY row_number() OVER (PARTITION BY kind, url ORDER BY fetched_at DESC, batch DESC) <= 160
ORDER BY fetched_at, batch
