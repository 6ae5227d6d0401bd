-- grain: one row: the last batch that was committed before $since
SELECT coalesce(max(batch), 0) AS batch
FROM base.captures
WHERE ingested_at < $since
