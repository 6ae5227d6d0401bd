-- grain: one row per version of an article that $what names: its id, the beginning of one, or by $url_key its address
SELECT article_id, version
FROM article_versions
WHERE CASE
    WHEN $url_key::BIGINT IS NULL THEN starts_with(article_id, $what)
    ELSE key = $url_key OR article_id IN (SELECT article_id FROM base.captures WHERE url_key = $url_key)
END
ORDER BY article_id, version
