-- grain: one row per source and day of ingestion (UTC)
-- Lists, robots.txt, declarations and re-extractions are no documents.
-- The day is reckoned from the epoch: AT TIME ZONE costs three times as much as all the rest.
-- column day: day of ingestion
-- column seen: documents seen
-- column new: articles seen for the first time
-- column new_versions: articles that changed
-- column unchanged: documents whose article the lake holds already
-- column refused: documents that did not become an article, those left out not counted
-- column left_out: articles that were not asked for: excluded by the source's patterns, or out of the run's days
-- column failed_by: outcome → number of documents refused with it
-- column articles: articles that the lake has since that day: new ones, and those that a re-extraction made
-- column median_words: median length of the day's new articles and versions, in words; re-extracted ones left out
-- column expected: new articles a day that the source's declaration asks for; NULL where it names no number
-- column lists: lists (feeds, sitemaps, index pages) that were polled
-- column lists_failed: those of them that failed each time that day
WITH documents AS (
    SELECT
        source_id, day,
        sum(documents)::BIGINT AS seen,
        coalesce(sum(documents) FILTER (outcome = 'new'), 0)::BIGINT AS new,
        coalesce(sum(documents) FILTER (outcome = 'new_version'), 0)::BIGINT AS new_versions,
        coalesce(sum(documents) FILTER (outcome = 'unchanged'), 0)::BIGINT AS unchanged,
        coalesce(sum(documents) FILTER (outcome IN ('excluded', 'out_of_range')), 0)::BIGINT AS left_out,
        coalesce(sum(documents) FILTER (refused), 0)::BIGINT AS refused,
        map_from_entries(list((outcome, documents) ORDER BY outcome) FILTER (refused)) AS failed_by
    FROM (
        SELECT
            source_id, outcome, count(*) AS documents,
            outcome NOT IN ('new', 'new_version', 'unchanged', 'excluded', 'out_of_range') AS refused,
            DATE '1970-01-01' + (epoch_us(ingested_at) // 86_400_000_000)::INTEGER AS day
        FROM captures
        WHERE kind IS NULL OR kind = 'article'
        GROUP BY ALL
    )
    GROUP BY source_id, day
),
lists AS (
    SELECT source_id, day, count(*) AS lists, count(*) FILTER (NOT answered) AS lists_failed
    FROM (
        SELECT
            source_id, location,
            DATE '1970-01-01' + (epoch_us(ingested_at) // 86_400_000_000)::INTEGER AS day,
            bool_or(outcome IN ('listed', 'unchanged', 'duplicate')) AS answered
        FROM captures
        WHERE kind IN ('feed', 'sitemap', 'index')
        GROUP BY ALL
    )
    GROUP BY source_id, day
),
versions AS (
    SELECT
        source_id,
        DATE '1970-01-01' + (epoch_us(ingested_at) // 86_400_000_000)::INTEGER AS day,
        count(*) FILTER (version = 1) AS articles,
        median(word_count) FILTER (remade.run_id IS NULL) AS median_words
    FROM article_versions
    LEFT JOIN (SELECT DISTINCT run_id FROM captures WHERE kind = 'reextract') AS remade USING (run_id)
    GROUP BY ALL
),
declared AS (
    SELECT
        source_id, (ingested_at AT TIME ZONE 'UTC')::DATE AS day,
        (arg_max(given, (fetched_at, capture_id)) ->> '$.expect.articles_per_day')::DOUBLE AS expected
    FROM captures
    WHERE kind = 'source'
    GROUP BY ALL
),
days AS (
    SELECT *
    FROM documents
    FULL JOIN lists USING (source_id, day)
    FULL JOIN versions USING (source_id, day)
)
SELECT
    days.source_id, days.day,
    coalesce(seen, 0) AS seen,
    coalesce(new, 0) AS new,
    coalesce(new_versions, 0) AS new_versions,
    coalesce(unchanged, 0) AS unchanged,
    coalesce(refused, 0) AS refused,
    coalesce(left_out, 0) AS left_out,
    coalesce(failed_by, MAP {}) AS failed_by,
    coalesce(articles, 0) AS articles,
    median_words,
    expected,
    coalesce(lists, 0) AS lists,
    coalesce(lists_failed, 0) AS lists_failed
FROM days
ASOF LEFT JOIN declared ON days.source_id = declared.source_id AND days.day >= declared.day
ORDER BY days.day DESC, days.source_id
