-- grain: one row per text: articles that are no copy of another one, in their newest version
-- What an outlet took over in full or in part is left out; count here where each text is to count once.
SELECT *
FROM articles
ANTI JOIN (
    SELECT key, article_id, version
    FROM base.links
    WHERE kind IN ('reprint', 'excerpt')
) AS copied USING (key, article_id, version)
