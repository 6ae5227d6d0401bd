-- grain: one row per name that the newest version of an article mentions
-- column name: the fullest form that the article gives; of what the gazetteer knows its usual name in the language
SELECT
    name, kind, role, mentions, as_written, found_by, start, name_id, article_id, version, outlet, published_at
FROM base.mentions
SEMI JOIN articles USING (key, article_id, version)
WHERE kind <> 'watched'
