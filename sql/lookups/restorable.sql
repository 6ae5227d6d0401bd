-- grain: one row per article version that captures name, up to batch $upto, and that `kept` (article_id, capture_id,
-- version, batch) lacks, with the number it had, oldest batch first; `has_body`: whether there are bytes to make it of
-- An article's versions are numbered in the order of their batches, so the first that is missing has the first number
-- that is free.
WITH named AS (
    SELECT
        captures.key, captures.batch, captures.article_id, captures.fetched_at, coalesce(captures.size, 0) AS size,
        CASE WHEN captures.kind = 'reextract' THEN captures.found_in ELSE captures.capture_id END AS capture_id,
        coalesce(captures.body, original.body) IS NOT NULL AS has_body
    FROM base.captures AS captures
    LEFT JOIN base.captures AS original ON captures.kind = 'reextract' AND original.capture_id = captures.found_in
    WHERE captures.outcome IN ('new', 'new_version') AND captures.batch <= $upto
),
missing AS (
    SELECT *, row_number() OVER (PARTITION BY article_id ORDER BY batch, fetched_at, capture_id) AS place
    FROM named
    ANTI JOIN kept USING (capture_id, batch)
),
numbers AS (
    SELECT article_id, unnest(range(1, missing + coalesce(present, 0) + 1)) AS version
    FROM (SELECT article_id, count(*) AS missing FROM missing GROUP BY article_id)
    LEFT JOIN (SELECT article_id, count(*) AS present FROM kept GROUP BY article_id) AS stored USING (article_id)
),
free AS (
    SELECT article_id, version, row_number() OVER (PARTITION BY article_id ORDER BY version) AS place
    FROM numbers
    ANTI JOIN kept USING (article_id, version)
)
SELECT key, batch, size, has_body, free.version::INTEGER AS version
FROM missing
JOIN free USING (article_id, place)
ORDER BY batch, key
