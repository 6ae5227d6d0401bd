-- grain: one row per story of `wanted` (key) that is described, as of the newest batch
SELECT story_id, vector, last_at, follows
FROM base.stories
SEMI JOIN wanted ON story_key = wanted.key
QUALIFY row_number() OVER (PARTITION BY story_id ORDER BY batch DESC) = 1
