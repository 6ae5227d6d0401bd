-- grain: one row per story and batch that described it, of those whose last article is of the time from $since to $until
SELECT story_key AS key, heads, last_at AS at
FROM base.stories
WHERE last_at >= $since AND last_at <= $until AND merged_into IS NULL
