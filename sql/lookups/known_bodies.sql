-- grain: one row per body of `wanted` (body_key) that was captured before, with its latest outcome and the latest article
-- by: captures.body_key
SELECT body_key, body_hash, latest.outcome, latest.error, article_id
FROM (
    SELECT
        body_key, body_hash,
        arg_max({'outcome': outcome, 'error': error}, (batch, ingested_at)) AS latest,
        arg_max(article_id, (batch, ingested_at)) AS article_id
    FROM base.captures
    SEMI JOIN wanted USING (body_key)
    GROUP BY body_key, body_hash
)
