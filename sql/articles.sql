-- grain: one row per article, its newest version
-- Which files need to be asked whether a later version superseded a row is known: see tasks/lake/newest.py. A union is
-- read by its first column where a query names none, as in count(*): that is one which costs nothing.
SELECT * EXCLUDE (nothing)
FROM (
    SELECT NULL AS nothing, * EXCLUDE (batch, month, previous_batch)
    FROM base.settled
    UNION ALL
    SELECT NULL AS nothing, * EXCLUDE (batch, month, previous_batch)
    FROM base.unsettled
    ANTI JOIN (
        SELECT key, (version - 1)::INTEGER AS version
        FROM base.superseding
        WHERE version > 1
    ) AS superseded USING (key, version)
)
