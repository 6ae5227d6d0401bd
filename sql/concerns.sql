-- grain: one row per declared source that needs a person, and one for all of them where they bring far less
-- As of the lake's latest run. What the machine and its runs need, newslake status tells beside these.
-- A source has the first that holds: failing, silent, below_expectation or dropped. Of what is usual, the weakest fifth
-- of the days counts, so that a weekend is no drop.
-- column key: what it is about; the same as long as it lasts
-- column kind: failing (a list failed three times in a row, or is gone for good), silent (as in gaps, and nothing new since), below_expectation (the last whole day brought less than the declaration asks for) or dropped (it brought less than half of what the weakest fifth of the 28 days before brought, that being at least 10, known of 7 days or more)
-- column source_id: the source; NULL for all together
-- column detail: what is the matter, in words
WITH clock AS (SELECT (max(run_started_at) AT TIME ZONE 'UTC')::DATE AS today FROM captures),
asked AS (SELECT * FROM sources WHERE enabled AND name IS NOT NULL),
brought AS (
    SELECT source_id, day, sum(new)::BIGINT AS new
    FROM coverage
    SEMI JOIN asked USING (source_id)
    WHERE day BETWEEN (SELECT today - 29 FROM clock) AND (SELECT today - 1 FROM clock)
    GROUP BY GROUPING SETS ((source_id, day), (day))
),
dropped AS (
    SELECT source_id, last_day, usual
    FROM (
        SELECT
            source_id,
            max(new) FILTER (day = today - 1) AS last_day,
            quantile_disc(new, 0.2) FILTER (day < today - 1) AS usual,
            count(*) FILTER (day < today - 1) AS days
        FROM brought, clock
        GROUP BY source_id
    )
    WHERE days >= 7 AND usual >= 10 AND last_day < usual / 2
),
yesterday AS (
    SELECT gaps.source_id, gaps.kind, gaps.detail
    FROM gaps, clock
    WHERE gaps.day = today - 1
),
judged AS (
    SELECT
        asked.source_id, asked.error, asked.failures, asked.gone,
        yesterday.detail, dropped.last_day, dropped.usual,
        CASE
            WHEN asked.health = 'failing' AND (asked.failures >= 3 OR asked.gone > 0) THEN 'failing'
            WHEN yesterday.kind = 'silent' AND (asked.last_new AT TIME ZONE 'UTC')::DATE < today THEN 'silent'
            WHEN yesterday.kind = 'below_expectation' THEN 'below_expectation'
            WHEN dropped.usual IS NOT NULL THEN 'dropped'
        END AS kind
    FROM asked
    LEFT JOIN yesterday USING (source_id)
    LEFT JOIN dropped USING (source_id)
    CROSS JOIN clock
)
SELECT
    'source:' || source_id AS key, kind, source_id,
    CASE kind
        WHEN 'failing' THEN CASE WHEN gone > 0 THEN 'a list is gone for good' ELSE 'failures in a row: ' || failures END
            || coalesce('; ' || error, '')
        WHEN 'dropped' THEN 'new articles on the last whole day: ' || last_day || ', usually at least ' || usual
        ELSE detail
    END AS detail
FROM judged
WHERE kind IS NOT NULL
UNION ALL
SELECT
    'coverage', 'dropped', NULL,
    'new articles on the last whole day: ' || last_day || ', usually at least ' || usual
FROM dropped
WHERE source_id IS NULL
ORDER BY key
