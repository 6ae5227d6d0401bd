-- grain: one row per sitemap that an index named and that is due again at $now, of the sources in `wanted` (source_id)
SELECT newest.*
FROM (
    SELECT arg_max(
        {'source_id': source_id, 'url': url, 'found_in': found_in, 'next_poll_at': next_poll_at}, (fetched_at, batch)
    ) AS newest
    FROM base.captures
    SEMI JOIN wanted USING (source_id)
    WHERE kind = 'sitemap' AND found_in IS NOT NULL AND (next_poll_at IS NOT NULL OR outcome = 'gone')
    GROUP BY url
)
WHERE newest.next_poll_at <= $now
