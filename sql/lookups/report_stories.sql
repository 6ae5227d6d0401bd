-- grain: one row per story of $ids, with its articles by day
SELECT stories.*, days, texts, links
FROM stories
JOIN (
    SELECT
        story_id,
        list({'day': day, 'articles': articles} ORDER BY day) AS days,
        sum(texts)::BIGINT AS texts
    FROM (
        SELECT
            story_id, (coalesce(published_at, ingested_at) AT TIME ZONE 'UTC')::DATE AS day,
            count(*) AS articles, count(*) - count(reprints.article_id) AS texts
        FROM story_articles
        LEFT JOIN (SELECT article_id FROM reprints) AS reprints USING (article_id)
        GROUP BY ALL
    )
    GROUP BY story_id
) USING (story_id)
JOIN (
    SELECT
        story_id,
        list(
            {'outlet': outlet, 'title': title, 'url': canonical_url}
            ORDER BY coalesce(published_at, ingested_at), outlet, article_id
        ) AS links
    FROM story_articles
    ANTI JOIN reprints USING (article_id)
    GROUP BY story_id
) USING (story_id)
WHERE list_contains($ids, story_id)
ORDER BY list_position($ids, story_id)
