-- grain: one row per article version that is stored more than once
-- check: fail
-- means: article versions that are stored more than once
-- when: run
SELECT article_id, version, count(*) AS rows
FROM base.articles
WHERE batch > $since
GROUP BY article_id, version
HAVING count(*) > 1
