-- How do the sources fare, and when is each asked again?
SELECT source_id AS source, health, lists, articles_7d AS articles, strftime(next_poll, '%H:%M') AS next_poll, error
FROM sources
ORDER BY articles_7d DESC, source
