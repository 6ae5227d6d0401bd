-- grain: one row per article that linking knows and that is in no story
-- check: fail
-- means: articles that are in no story; newslake relink links all anew
-- when: run
SELECT DISTINCT article_id
FROM base.signatures
ANTI JOIN (SELECT key, article_id FROM base.links WHERE kind = 'story') AS told USING (key, article_id)
WHERE batch > $since
