-- grain: one row per finding on an article of `chosen` (key)
FROM base.links SEMI JOIN chosen USING (key)
