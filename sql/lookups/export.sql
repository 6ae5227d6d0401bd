-- grain: one row per capture that an archive can hold: its bytes are stored, or it was unchanged; taken from $since up
-- to $until, of the source $source_id. `revisited`: whether an unchanged one may refer to it
WITH same_bytes AS (
    SELECT DISTINCT body_hash, true AS revisited
    FROM base.captures
    WHERE outcome = 'unchanged' AND body_hash IS NOT NULL
),
same_address AS (
    SELECT DISTINCT url_key, true AS revisited
    FROM base.captures
    WHERE outcome = 'unchanged' AND body_hash IS NULL
)
SELECT
    key, batch, coalesce(size, 0) AS size,
    coalesce(same_bytes.revisited, same_address.revisited, false) AS revisited
FROM base.captures
LEFT JOIN same_bytes USING (body_hash)
LEFT JOIN same_address USING (url_key)
WHERE coalesce(kind, 'article') NOT IN ('source', 'reextract')
    AND (body_hash IS NOT NULL OR outcome = 'unchanged')
    AND ($since::TIMESTAMPTZ IS NULL OR fetched_at >= $since)
    AND ($until::TIMESTAMPTZ IS NULL OR fetched_at < $until)
    AND ($source_id::VARCHAR IS NULL OR source_id = $source_id)
ORDER BY batch, key
