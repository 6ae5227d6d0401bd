-- grain: one row per run, newest first
-- Documents are articles and files, and of a re-extraction those that it changed; lists count apart.
-- column started_at: when it began
-- column finished_at: when its last batch was committed
-- column documents: documents seen
-- column new: documents that became the first version of an article
-- column new_versions: documents that changed an article
-- column unchanged: documents whose article the lake holds already
-- column refused: documents that did not become an article, those left out not counted
-- column left_out: articles that were not asked for: excluded by the source's patterns, or out of the run's days
-- column refused_by: outcome → number of documents refused with it
-- column lists: times that lists (feeds, sitemaps, index pages) were polled
-- column lists_failed: how many of them failed
-- column sources: sources that it read
SELECT
    run_id,
    min(started_at) AS started_at,
    max(ingested_at) AS finished_at,
    coalesce(sum(rows) FILTER (document), 0)::BIGINT AS documents,
    coalesce(sum(rows) FILTER (document AND outcome = 'new'), 0)::BIGINT AS new,
    coalesce(sum(rows) FILTER (document AND outcome = 'new_version'), 0)::BIGINT AS new_versions,
    coalesce(sum(rows) FILTER (document AND outcome = 'unchanged'), 0)::BIGINT AS unchanged,
    coalesce(sum(rows) FILTER (document AND refused), 0)::BIGINT AS refused,
    coalesce(sum(rows) FILTER (document AND outcome IN ('excluded', 'out_of_range')), 0)::BIGINT AS left_out,
    coalesce(map_from_entries(list((outcome, rows) ORDER BY outcome) FILTER (document AND refused)), MAP {})
        AS refused_by,
    coalesce(sum(rows) FILTER (list), 0)::BIGINT AS lists,
    coalesce(sum(rows) FILTER (list AND outcome NOT IN ('listed', 'unchanged', 'duplicate')), 0)::BIGINT
        AS lists_failed,
    list_sort(list_distinct(flatten(list(sources)))) AS sources
FROM (
    SELECT
        run_id, outcome,
        outcome NOT IN ('new', 'new_version', 'unchanged', 'excluded', 'out_of_range') AS refused,
        kind IS NULL OR kind IN ('article', 'reextract') AS document,
        coalesce(kind IN ('feed', 'sitemap', 'index'), false) AS list,
        min(run_started_at) AS started_at, max(ingested_at) AS ingested_at,
        count(*) AS rows, list(DISTINCT source_id) AS sources
    FROM captures
    GROUP BY ALL
)
GROUP BY run_id
ORDER BY started_at DESC
