-- grain: one row per declared source and day (UTC) in which it brought less than it should
-- Days run from the one after its first declaration to the one before the lake's latest run: only whole ones.
-- column day: the day
-- column kind: not_run (due, and no run asked it), failing (all its lists failed), silent (no new article for three times as long as 95 % of the pauses of the 60 days before its last one, and for at least a day; from five pauses on) or below_expectation; the first that holds
-- column expected: new articles a day that its declaration asks for; NULL where it names no number
-- column articles: new articles that day
-- column detail: the gap in words
WITH declared AS (
    SELECT
        source_id, (ingested_at AT TIME ZONE 'UTC')::DATE AS day,
        coalesce((arg_max(given, (fetched_at, capture_id)) ->> '$.enabled')::BOOLEAN, true) AS enabled,
        (arg_max(given, (fetched_at, capture_id)) ->> '$.expect.articles_per_day')::DOUBLE AS expected
    FROM captures
    WHERE kind = 'source'
    GROUP BY ALL
),
days AS (
    SELECT source_id, day, (day + 1)::TIMESTAMP AT TIME ZONE 'UTC' AS midnight
    FROM (
        SELECT
            source_id,
            unnest(generate_series(
                min(day) + INTERVAL 1 DAY,
                (SELECT max(run_started_at) AT TIME ZONE 'UTC' FROM captures)::DATE - INTERVAL 1 DAY,
                INTERVAL 1 DAY
            ))::DATE AS day
        FROM declared
        GROUP BY source_id
    )
),
-- When new articles came, and how long the pause before was: one row a batch, however many articles it brought.
arrivals AS (
    SELECT source_id, came, epoch(came) - epoch(lag(came) OVER (PARTITION BY source_id ORDER BY came)) AS pause
    FROM (
        SELECT DISTINCT source_id, ingested_at AS came
        FROM captures
        WHERE kind = 'article' AND outcome = 'new'
    )
),
polls AS (
    SELECT source_id, ingested_at AS polled, min(next_poll_at) AS due
    FROM captures
    WHERE kind IN ('feed', 'sitemap', 'index') AND next_poll_at IS NOT NULL
    GROUP BY ALL
),
waiting AS (
    SELECT days.source_id, days.day, days.midnight, came, epoch(days.midnight) - epoch(came) AS since
    FROM days
    ASOF LEFT JOIN arrivals ON days.source_id = arrivals.source_id AND days.midnight > arrivals.came
),
-- Of the few arrivals alone that no other followed for a day: a quantile in motion over all costs a hundred times that.
pauses AS (
    SELECT source_id, last.came, quantile_cont(pause, 0.95) AS usual
    FROM (SELECT DISTINCT source_id, came FROM waiting WHERE since > 86400) AS last
    JOIN arrivals USING (source_id)
    WHERE arrivals.came BETWEEN last.came - INTERVAL 60 DAY AND last.came
    GROUP BY ALL
    HAVING count(pause) >= 5
),
judged AS (
    SELECT
        waiting.source_id, waiting.day, declared.expected, waiting.came, pauses.usual,
        coalesce(coverage.new, 0) AS articles,
        coalesce(coverage.lists, 0) AS lists,
        CASE
            WHEN coverage.day IS NULL AND coalesce(polls.due < waiting.midnight, true) THEN 'not_run'
            WHEN coverage.lists > 0 AND coverage.lists_failed = coverage.lists THEN 'failing'
            WHEN since > 3 * usual AND since > 86400 THEN 'silent'
            WHEN coalesce(coverage.new, 0) < declared.expected THEN 'below_expectation'
        END AS kind
    FROM waiting
    ASOF JOIN declared ON waiting.source_id = declared.source_id AND waiting.day >= declared.day
    ASOF LEFT JOIN polls ON waiting.source_id = polls.source_id AND waiting.midnight > polls.polled
    LEFT JOIN pauses ON waiting.source_id = pauses.source_id AND waiting.came = pauses.came
    LEFT JOIN coverage ON waiting.source_id = coverage.source_id AND waiting.day = coverage.day
    WHERE declared.enabled
)
SELECT
    source_id, day, kind, expected, articles,
    CASE kind
        WHEN 'not_run' THEN 'no run asked it'
        WHEN 'failing' THEN 'all lists failed: ' || lists
        WHEN 'silent' THEN 'no new article since ' || strftime(came AT TIME ZONE 'UTC', '%Y-%m-%d %H:%M')
            || ' UTC; pauses are usually up to ' || round(usual / 3600, 1) || ' h'
        ELSE 'new articles: ' || articles || ' of at least ' || expected
    END AS detail
FROM judged
WHERE kind IS NOT NULL
ORDER BY day DESC, source_id
