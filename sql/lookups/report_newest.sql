-- grain: one row: when the newest article was published, or taken in where that is unknown, or a date is ahead
SELECT max(least(published_at, ingested_at)) AS newest
FROM articles
