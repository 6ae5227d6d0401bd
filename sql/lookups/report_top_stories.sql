-- grain: one row per story, the ten of which most outlets and then most texts are in `period`
-- What was copied counts once.
SELECT story_id
FROM (
    SELECT article_id, arg_max(story_id, batch) AS story_id
    FROM base.links
    SEMI JOIN period USING (key, article_id)
    WHERE kind = 'story'
    GROUP BY article_id
)
JOIN period USING (article_id)
LEFT JOIN copied USING (article_id)
GROUP BY story_id
HAVING count(*) > 1
ORDER BY count(DISTINCT period.outlet) DESC, count(*) - count(copied.article_id) DESC, count(*) DESC, story_id
LIMIT 10
