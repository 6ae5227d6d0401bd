-- grain: one row per name in an article of `chosen` (key), from batch $first on
FROM base.mentions
SEMI JOIN chosen USING (key)
WHERE batch >= $first
