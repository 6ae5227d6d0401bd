-- grain: one row: when the latest run over sources began, and how many of the sources $asked (NULL: of all) are due at
-- $now, since when
SELECT
    (SELECT max(run_started_at) FROM captures WHERE kind <> 'reextract') AS last_run,
    min(next_poll) AS due_since,
    count(*) AS overdue
FROM sources
WHERE enabled AND name IS NOT NULL AND next_poll <= $now
    AND ($asked::VARCHAR[] IS NULL OR list_contains($asked::VARCHAR[], source_id))
