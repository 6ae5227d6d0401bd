-- Which articles were changed after publication, and how?
SELECT outlet, version, left(title, 60) AS title, word_count AS words, strftime(modified_at, '%d %b %H:%M') AS modified
FROM article_versions
WHERE article_id IN (SELECT article_id FROM article_versions WHERE version > 1)
ORDER BY article_id, version
LIMIT 12
