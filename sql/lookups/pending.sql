-- grain: one row per capture of batch $batch that is to become an article version
SELECT *
FROM base.captures
WHERE batch = $batch AND outcome IN ('new', 'new_version')
