-- grain: one row per gap since $since (UTC day), newest first
SELECT source_id, day, kind, detail
FROM gaps
WHERE day >= $since
ORDER BY day DESC, source_id
