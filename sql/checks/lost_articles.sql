-- grain: one row per capture that made an article version which is not stored, nor are the bytes to make it of
-- check: warn
-- means: article versions that captures name, lost together with their bytes
-- when: verify
SELECT named.capture_id, named.batch, named.source_id, named.url
FROM base.captures AS named
ANTI JOIN base.articles AS articles
    ON articles.capture_id = CASE WHEN named.kind = 'reextract' THEN named.found_in ELSE named.capture_id END
    AND articles.batch = named.batch
LEFT JOIN base.captures AS original ON named.kind = 'reextract' AND original.capture_id = named.found_in
WHERE named.outcome IN ('new', 'new_version')
    AND named.batch <= (SELECT max(batch) FROM base.articles)
    AND coalesce(named.body, original.body) IS NULL
