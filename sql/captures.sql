-- grain: one row per document that a run saw, with how it ended
SELECT * EXCLUDE (batch, month, url_key, guid_key)
FROM base.captures
