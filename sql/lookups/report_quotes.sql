-- grain: one row per utterance of $ids, with the articles that have it, first to last; NULL $ids: of all
SELECT
    utterance_id, quote, speaker, first_seen, outlets,
    count(DISTINCT coalesce(original_id, article_id)) AS texts,
    list({'outlet': outlet, 'title': title, 'url': url} ORDER BY dated, outlet, article_id) AS links
FROM (SELECT *, unnest(article_ids) AS article_id FROM utterances)
JOIN (
    SELECT article_id, outlet, title, coalesce(canonical_url, url) AS url, coalesce(published_at, ingested_at) AS dated
    FROM articles
) USING (article_id)
LEFT JOIN (SELECT article_id, original_id FROM reprints) USING (article_id)
WHERE $ids IS NULL OR list_contains($ids, utterance_id)
GROUP BY utterance_id, quote, speaker, first_seen, outlets
ORDER BY len(outlets) DESC, texts DESC, length(quote) DESC, utterance_id
