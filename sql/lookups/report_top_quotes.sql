-- grain: one row per utterance, the twelve that most outlets carry and then most texts, in articles of `period`
-- Of those that the same articles carry, such as copies of one report, the longest.
SELECT utterance_id, article_ids
FROM (
    SELECT
        utterance_id,
        count(DISTINCT base.utterances.outlet) AS outlets,
        count(DISTINCT coalesce(original_id, article_id)) AS texts,
        max(words) AS words,
        list_sort(list(DISTINCT article_id)) AS article_ids
    FROM base.utterances
    SEMI JOIN period USING (key, article_id, version)
    LEFT JOIN copied USING (key, article_id)
    GROUP BY utterance_id
    HAVING outlets > 1
)
QUALIFY row_number() OVER (PARTITION BY article_ids ORDER BY words DESC, utterance_id) = 1
ORDER BY outlets DESC, texts DESC, words DESC, utterance_id
LIMIT 12
