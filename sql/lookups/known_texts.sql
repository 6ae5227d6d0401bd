-- grain: one row per article of `wanted` (key), with what its latest version is told by
-- by: articles.key
SELECT article_id, latest.title, latest.text, latest.published_at
FROM (
    SELECT
        article_id, arg_max({'title': title, 'text': text, 'published_at': published_at}, version) AS latest
    FROM base.articles
    SEMI JOIN wanted USING (key)
    GROUP BY article_id
)
