-- grain: one row per body_key of `wanted` that was captured before, with its latest outcome
SELECT body_key, arg_max(outcome, ingested_at) AS outcome, arg_max(error, ingested_at) AS error
FROM base.captures
SEMI JOIN wanted USING (body_key)
GROUP BY body_key
