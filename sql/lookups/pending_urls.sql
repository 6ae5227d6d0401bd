-- grain: one row per article that failed in a way that may pass and is due again at $now, of the sources in `wanted`
-- (source_id), with its newest capture
-- Those that ever failed so are few: only their captures are compared.
WITH failed AS (
    SELECT DISTINCT url_key
    FROM base.captures
    SEMI JOIN wanted USING (source_id)
    WHERE kind = 'article' AND outcome IN $passing AND next_poll_at <= $now AND fetched_at > $now - INTERVAL 60 DAY
)
SELECT newest.*
FROM (
    SELECT arg_max({
        'source_id': source_id, 'url': url, 'guid': guid, 'found_in': found_in, 'given': given, 'outcome': outcome,
        'at': fetched_at, 'etag': etag, 'last_modified': last_modified, 'failures': failures,
        'next_poll_at': next_poll_at, 'updated': given->>'$.entry.updated'
    }, (fetched_at, batch)) AS newest
    FROM base.captures
    SEMI JOIN failed USING (url_key)
    WHERE kind = 'article' AND fetched_at > $now - INTERVAL 60 DAY
    GROUP BY url_key
)
SEMI JOIN wanted ON wanted.source_id = newest.source_id
WHERE newest.outcome IN $passing AND newest.next_poll_at <= $now
ORDER BY newest.at
