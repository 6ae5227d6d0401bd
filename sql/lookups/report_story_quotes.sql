-- grain: one row per utterance in the articles of the story $story, the thirty that most of them have
SELECT utterance_id
FROM (SELECT *, unnest(article_ids) AS article_id FROM utterances)
SEMI JOIN (FROM story_articles WHERE story_id = $story) AS members USING (article_id)
GROUP BY utterance_id
ORDER BY count(*) DESC, min(first_seen), utterance_id
LIMIT 30
