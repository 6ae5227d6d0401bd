-- grain: one row of the view concerns
SELECT key, kind, source_id, detail
FROM concerns
