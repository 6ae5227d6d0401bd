-- grain: one row per document that a run saw, with how it ended
SELECT * EXCLUDE (batch, month)
FROM base.captures
