-- grain: one row per article published, or taken in where that is unknown, from $since to before $until (UTC)
-- All else about the period is asked of these few columns, and of the tables of linking by their keys.
SELECT
    key, article_id, version, outlet, (dated AT TIME ZONE 'UTC')::DATE AS day
FROM (
    SELECT
        key, article_id, version, coalesce(outlet, source_id) AS outlet, coalesce(published_at, ingested_at) AS dated
    FROM articles
)
WHERE dated >= $since AND dated < $until
