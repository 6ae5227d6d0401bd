-- grain: one row per edit of the articles $ids, the twelve most worth a look: silent ones, then those with another
-- headline, words of others gone, or most of the text changed
SELECT
    article_id, version, outlet, url, title_before, title_after, coalesce(quotes_lost, []) AS quotes_lost,
    words_before, words_after, is_silent, hours_since_publication, seen_before,
    len(paragraphs_added) AS added, len(paragraphs_removed) AS removed, len(paragraphs_changed) AS changed
FROM edits
WHERE list_contains($ids, article_id)
ORDER BY
    is_silent DESC NULLS LAST, (title_before IS DISTINCT FROM title_after) DESC, len(quotes_lost) DESC NULLS LAST,
    added + removed + changed DESC, seen_before DESC, article_id, version
LIMIT 12
