-- grain: one row per guid of `wanted` (guid_key) that a source gave to an article, with the latest such article
-- by: captures.guid_key
SELECT source_id, guid, arg_max(article_id, (batch, ingested_at)) AS article_id
FROM base.captures
SEMI JOIN wanted USING (guid_key)
WHERE article_id IS NOT NULL
GROUP BY source_id, guid
