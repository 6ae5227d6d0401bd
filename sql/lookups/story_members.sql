-- grain: one row per article of `wanted` (key), and per other article of the stories that these belong to, with its story
WITH stories AS (
    SELECT DISTINCT story_key
    FROM base.links
    SEMI JOIN wanted USING (key)
    WHERE kind = 'story'
),
touched AS (
    SELECT DISTINCT key
    FROM base.links
    SEMI JOIN stories USING (story_key)
    WHERE kind = 'story'
),
members AS (
    SELECT key, article_id, max(version) AS version, arg_max(story_id, batch) AS story_id,
        arg_max(story_key, batch) AS story_key
    FROM base.links
    SEMI JOIN touched USING (key)
    WHERE kind = 'story'
    GROUP BY key, article_id
)
SELECT key, article_id, version, story_id
FROM members
SEMI JOIN stories USING (story_key)
