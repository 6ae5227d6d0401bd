-- grain: one row per source that was ever declared or asked
-- column name: its name as last declared; NULL where it never was
-- column enabled: whether runs ask it; as last declared
-- column health: ok, failing (a list of it: its last answer of its own, not a 304, was a failure, or it has failures in a row), silent (see gaps, and nothing new since), never (no list was asked yet) or disabled
-- column lists: lists (feeds, sitemaps, index pages) that its declaration names; duplicate feeds count once
-- column last_success: when a list of it was last read, or told to be unchanged
-- column last_new: when its last new article came
-- column articles_7d: new articles in the 7 days before the lake's latest run
-- column next_poll: when the first of its lists is due
-- column failures: failures in a row, of the list that has most
-- column gone: lists that said that they are gone for good; they are not asked again
-- column error: latest error of a failing list
WITH declared AS (
    SELECT source_id, arg_max(given, (fetched_at, capture_id)) AS given
    FROM captures
    WHERE kind = 'source'
    GROUP BY source_id
),
named AS (
    SELECT
        source_id,
        unnest(list_distinct(list_concat(
            json_extract_string(given, '$.feeds[*]'),
            json_extract_string(given, '$.sitemaps[*]'),
            json_extract_string(given, '$.pages[*].url')
        ))) AS location
    FROM declared
),
polled AS (
    SELECT
        source_id, location,
        max(fetched_at) FILTER (answered) AS last_success,
        -- A 304 after a failure says no more than that nothing has changed since.
        coalesce(
            NOT arg_max(answered, fetched_at) FILTER (status IS DISTINCT FROM 304)
            OR arg_max(coalesce(failures, 0), fetched_at) > 0,
            false
        ) AS failing,
        coalesce(arg_max(outcome, fetched_at) FILTER (outcome IN ('listed', 'duplicate')) = 'duplicate', false)
            AS duplicate,
        -- A back-fill leaves the next poll as it was; a list that is gone has none.
        arg_max_null(next_poll_at, fetched_at) FILTER (next_poll_at IS NOT NULL OR outcome = 'gone') AS next_poll,
        arg_max(coalesce(failures, 0), fetched_at) AS failures,
        coalesce(arg_max(outcome, fetched_at) = 'gone', false) AS gone,
        max(fetched_at) FILTER (NOT answered) AS failed_at,
        arg_max(error, fetched_at) FILTER (NOT answered) AS error
    FROM (
        SELECT *, outcome IN ('listed', 'unchanged', 'duplicate') AS answered
        FROM captures
        WHERE kind IN ('feed', 'sitemap', 'index')
    )
    GROUP BY source_id, location
),
-- Of a source that was never declared: the lists that no other list named.
lists AS (
    SELECT * FROM named LEFT JOIN polled USING (source_id, location)
    UNION ALL BY NAME
    SELECT * FROM polled ANTI JOIN declared USING (source_id)
),
health AS (
    SELECT
        source_id,
        count(*) FILTER (NOT coalesce(duplicate, false)) AS lists,
        max(last_success) AS last_success,
        min(next_poll) AS next_poll,
        coalesce(max(failures), 0) AS failures,
        bool_or(failing) AS failing,
        count(*) FILTER (gone) AS gone,
        arg_max(error, failed_at) FILTER (failing) AS error
    FROM lists
    GROUP BY source_id
),
clock AS (SELECT max(run_started_at) AS now FROM captures),
brought AS (
    SELECT
        source_id,
        max(ingested_at) FILTER (outcome = 'new') AS last_new,
        count(*) FILTER (outcome = 'new' AND ingested_at > clock.now - INTERVAL 7 DAY) AS articles_7d
    FROM captures, clock
    WHERE kind IN ('article', 'feed', 'sitemap', 'index', 'source')
    GROUP BY source_id
),
fallen AS (
    SELECT source_id
    FROM gaps, clock
    WHERE kind = 'silent' AND day = (clock.now AT TIME ZONE 'UTC')::DATE - 1
)
SELECT
    source_id,
    given ->> '$.name' AS name,
    coalesce((given ->> '$.enabled')::BOOLEAN, true) AS enabled,
    CASE
        WHEN NOT coalesce((given ->> '$.enabled')::BOOLEAN, true) THEN 'disabled'
        WHEN failing THEN 'failing'
        WHEN failing IS NULL THEN 'never'
        WHEN fallen.source_id IS NOT NULL AND (last_new AT TIME ZONE 'UTC')::DATE < (clock.now AT TIME ZONE 'UTC')::DATE
            THEN 'silent'
        ELSE 'ok'
    END AS health,
    coalesce(lists, 0) AS lists,
    last_success,
    last_new,
    articles_7d,
    next_poll,
    coalesce(failures, 0) AS failures,
    coalesce(gone, 0) AS gone,
    error
FROM brought
LEFT JOIN declared USING (source_id)
LEFT JOIN health USING (source_id)
LEFT JOIN fallen USING (source_id)
CROSS JOIN clock
ORDER BY source_id
