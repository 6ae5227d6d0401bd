-- grain: one row per article, its newest version
-- The anti-join touches only articles that have a second version, so that it stays cheap.
SELECT *
FROM article_versions AS a
ANTI JOIN (
    SELECT key, (version - 1)::INTEGER AS version
    FROM base.articles
    WHERE version > 1
) AS superseded USING (key, version)
