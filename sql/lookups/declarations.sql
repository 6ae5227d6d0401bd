-- grain: one row per source in `wanted` (source_id) that was declared before, with its newest declaration
SELECT source_id, arg_max(body_hash, (fetched_at, batch)) AS body_hash
FROM base.captures
SEMI JOIN wanted USING (source_id)
WHERE kind = 'source'
GROUP BY source_id
