-- grain: one row per person, place and organisation that two articles of the story $story name, or its only one
SELECT kind, mode(name) AS name, mode(role) AS role, count(DISTINCT article_id) AS articles
FROM mentions
SEMI JOIN (FROM story_articles WHERE story_id = $story) AS members USING (article_id)
GROUP BY kind, name_id
HAVING articles > 1 OR (SELECT count(*) FROM story_articles WHERE story_id = $story) = 1
ORDER BY articles DESC, name
LIMIT 60
