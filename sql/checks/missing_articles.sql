-- grain: one row per capture that made an article version which is not stored, its bytes being there
-- check: fail
-- means: article versions that captures name and that are not stored; newslake verify --repair makes them anew
-- when: run
-- A re-extraction's version has the capture that was read again, and the batch of the re-extraction.
SELECT named.capture_id, named.batch, named.source_id
FROM base.captures AS named
ANTI JOIN base.articles AS articles
    ON articles.capture_id = CASE WHEN named.kind = 'reextract' THEN named.found_in ELSE named.capture_id END
    AND articles.batch = named.batch
    AND articles.batch > $since
LEFT JOIN base.captures AS original ON named.kind = 'reextract' AND original.capture_id = named.found_in
WHERE named.outcome IN ('new', 'new_version')
    AND named.batch > $since
    AND named.batch <= (SELECT max(batch) FROM base.articles)
    AND coalesce(named.body, original.body) IS NOT NULL
