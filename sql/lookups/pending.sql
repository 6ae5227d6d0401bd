-- grain: one row per capture of batch $batch that is to become an article version; a re-extraction's bytes are those of
-- the capture that it remakes
SELECT pending.* REPLACE (coalesce(pending.body, original.body) AS body)
FROM base.captures AS pending
LEFT JOIN base.captures AS original ON pending.kind = 'reextract' AND original.capture_id = pending.found_in
WHERE pending.batch = $batch AND pending.outcome IN ('new', 'new_version')
