-- grain: one row per text, the ten that most outlets carry: the originals of `copied`, with their copies
SELECT
    original_id,
    list(article_id ORDER BY article_id) AS article_ids
FROM copied
WHERE outlet <> original_outlet
GROUP BY original_id
ORDER BY count(DISTINCT outlet) DESC, count(*) DESC, original_id
LIMIT 10
