-- grain: one row per run, newest first
-- column started_at: when it began
-- column finished_at: when its last batch was committed
-- column documents: documents seen
-- column new: documents that became the first version of an article
-- column new_versions: documents that changed an article
-- column unchanged: documents whose article the lake holds already
-- column refused: documents that did not become an article
-- column refused_by: outcome → number of documents refused with it
-- column sources: sources that it read
SELECT
    run_id,
    min(started_at) AS started_at,
    max(ingested_at) AS finished_at,
    sum(documents)::BIGINT AS documents,
    coalesce(sum(documents) FILTER (outcome = 'new'), 0)::BIGINT AS new,
    coalesce(sum(documents) FILTER (outcome = 'new_version'), 0)::BIGINT AS new_versions,
    coalesce(sum(documents) FILTER (outcome = 'unchanged'), 0)::BIGINT AS unchanged,
    coalesce(sum(documents) FILTER (outcome NOT IN ('new', 'new_version', 'unchanged')), 0)::BIGINT AS refused,
    coalesce(
        map_from_entries(
            list((outcome, documents) ORDER BY outcome)
            FILTER (outcome NOT IN ('new', 'new_version', 'unchanged'))
        ),
        MAP {}
    ) AS refused_by,
    list_sort(list_distinct(flatten(list(sources)))) AS sources
FROM (
    SELECT
        run_id, outcome,
        min(run_started_at) AS started_at, max(ingested_at) AS ingested_at,
        count(*) AS documents, list(DISTINCT source_id) AS sources
    FROM captures
    GROUP BY run_id, outcome
)
GROUP BY run_id
ORDER BY started_at DESC
