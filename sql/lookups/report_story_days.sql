-- grain: one row per day of the story $story, with what was newly said on it
SELECT day, articles, outlets, new_quotes, largest_reprint, said
FROM timeline($story)
LEFT JOIN (
    SELECT
        (first_seen AT TIME ZONE 'UTC')::DATE AS day,
        list({'quote': quote, 'speaker': speaker} ORDER BY articles DESC, quote)[:3] AS said
    FROM utterances
    WHERE EXISTS (FROM story_articles WHERE story_id = $story AND list_contains(article_ids, article_id))
    GROUP BY day
) USING (day)
ORDER BY day
