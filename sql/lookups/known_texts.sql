-- grain: one row per article of `wanted` (key), with the title and text of its latest version
SELECT article_id, arg_max(title, version) AS title, arg_max(text, version) AS text
FROM base.articles
SEMI JOIN wanted USING (key)
GROUP BY article_id
