-- Which articles were changed after publication, and how?
SELECT
    canonical_url, version, title, word_count AS words, modified_at
FROM article_versions
WHERE article_id IN (SELECT article_id FROM article_versions WHERE version > 1)
ORDER BY canonical_url, version
