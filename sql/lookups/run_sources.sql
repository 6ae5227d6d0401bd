-- grain: one row per source of the run $run_id, with the numbers of its documents by how they ended
SELECT
    source_id,
    count(*) FILTER (document AND outcome = 'new') AS new,
    count(*) FILTER (document AND outcome = 'new_version') AS new_versions,
    count(*) FILTER (document AND outcome = 'unchanged') AS unchanged,
    count(*) FILTER (document AND outcome IN ('excluded', 'out_of_range')) AS left_out,
    count(*) FILTER (document AND outcome NOT IN ('new', 'new_version', 'unchanged', 'excluded', 'out_of_range'))
        AS refused,
    count(*) FILTER (list) AS lists,
    count(*) FILTER (list AND outcome NOT IN ('listed', 'unchanged', 'duplicate')) AS lists_failed
FROM (
    SELECT
        source_id, outcome,
        kind IS NULL OR kind IN ('article', 'reextract') AS document,
        coalesce(kind IN ('feed', 'sitemap', 'index'), false) AS list
    FROM captures
    WHERE run_id = $run_id
)
GROUP BY source_id
HAVING bool_or(document OR list)
ORDER BY new + new_versions DESC, source_id
