-- grain: one row per run, the ten latest, newest first
SELECT run_id, started_at, finished_at, documents, new, new_versions, unchanged, refused, lists, lists_failed
FROM runs
ORDER BY started_at DESC
LIMIT 10
