-- grain: one row per article of `period` that changed, the sixty whose headline or length changed most
-- Without a look at texts: which of them are worth a person's is told by the view edits.
SELECT article_id
FROM (
    SELECT
        article_id,
        count(DISTINCT title) > 1 AS is_renamed,
        max(word_count) - min(word_count) AS words
    FROM base.articles
    SEMI JOIN (FROM period WHERE version > 1) AS changed USING (key, article_id)
    GROUP BY article_id
)
ORDER BY is_renamed DESC, words DESC, article_id
LIMIT 60
