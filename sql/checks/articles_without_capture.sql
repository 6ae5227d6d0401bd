-- grain: one row per article version whose capture is not stored
-- check: warn
-- means: article versions whose capture was lost; they cannot be made anew
-- when: verify
SELECT article_id, version, capture_id
FROM base.articles
ANTI JOIN base.captures USING (capture_id)
