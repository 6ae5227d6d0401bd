-- grain: one row per state, from batch $first on, of a story that an article of `chosen` (key) is, or was, in
FROM base.stories
SEMI JOIN (FROM base.links SEMI JOIN chosen USING (key)) AS linked USING (story_key, story_id)
WHERE batch >= $first
