-- grain: one row per story whose id begins with $story, two at most
SELECT DISTINCT story_id
FROM base.links
WHERE kind = 'story' AND starts_with(story_id, $story)
LIMIT 2
