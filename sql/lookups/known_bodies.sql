-- grain: one row per body of `wanted` (body_key) that was captured before, with its latest outcome
SELECT
    body_key, body_hash,
    arg_max(outcome, ingested_at) AS outcome,
    arg_max(error, ingested_at) AS error,
    arg_max(article_id, ingested_at) AS article_id
FROM base.captures
SEMI JOIN wanted USING (body_key)
GROUP BY body_key, body_hash
