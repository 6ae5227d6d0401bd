-- grain: one row per article whose versions are not numbered from 1 without a gap
-- check: warn
-- means: articles that lack a version between their first and their newest
-- when: verify
SELECT any_value(article_id) AS article_id, max(version) AS newest, count(DISTINCT version) AS versions
FROM base.articles
GROUP BY key
HAVING max(version) <> count(DISTINCT version)
