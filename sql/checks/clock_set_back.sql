-- grain: one row per batch that is stamped earlier than the one before it
-- check: warn
-- means: batches stamped earlier than the one before: a clock was set back; their order is that of their numbers
-- when: verify
SELECT batch, came, before
FROM (
    SELECT batch, first_came AS came, lag(last_came) OVER (ORDER BY batch) AS before
    FROM (
        SELECT batch, min(ingested_at) AS first_came, max(ingested_at) AS last_came
        FROM base.captures
        GROUP BY batch
    )
)
WHERE came < before
