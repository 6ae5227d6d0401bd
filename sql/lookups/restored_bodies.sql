-- grain: one row per capture of `wanted` (key, batch, version), of the batches from $first to $last, with the bytes that
-- its article is made of, and the number of its version
SELECT
    named.* REPLACE (coalesce(named.body, original.body) AS body),
    CASE WHEN named.kind = 'reextract' THEN named.found_in ELSE named.capture_id END AS made_of,
    wanted.version
FROM base.captures AS named
JOIN wanted USING (key, batch)
LEFT JOIN base.captures AS original ON named.kind = 'reextract' AND original.capture_id = named.found_in
WHERE named.batch BETWEEN $first AND $last AND named.outcome IN ('new', 'new_version')
