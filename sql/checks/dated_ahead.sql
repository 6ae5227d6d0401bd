-- grain: one row per article version that is dated more than two days after it came into the lake
-- check: warn
-- means: article versions dated more than two days ahead
-- when: run
SELECT article_id, version, source_id, published_at
FROM base.articles
WHERE batch > $since AND published_at > ingested_at + INTERVAL 2 DAY
