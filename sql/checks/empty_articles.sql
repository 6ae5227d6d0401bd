-- grain: one row per article version without text
-- check: fail
-- means: article versions without text
-- when: run
SELECT article_id, version, source_id
FROM base.articles
WHERE batch > $since AND coalesce(word_count, 0) = 0
