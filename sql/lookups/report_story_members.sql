-- grain: one row per article that is, or once was, in one of the stories $stories
SELECT DISTINCT article_id
FROM base.links
WHERE kind = 'story' AND list_contains($stories, story_id)
