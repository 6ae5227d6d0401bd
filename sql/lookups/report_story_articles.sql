-- grain: one row per article of the story $story, copies below their original where it is of the story too
WITH members AS (
    SELECT
        article_id, outlet, title, canonical_url AS url, published_at, agency, kind, delay_hours, is_same_outlet,
        original_outlet, original_id, coalesce(published_at, ingested_at) AS dated
    FROM story_articles
    LEFT JOIN (
        SELECT article_id, kind, delay_hours, is_same_outlet, original_outlet, original_id FROM reprints
    ) USING (article_id)
    WHERE story_id = $story
)
SELECT members.* EXCLUDE (dated), original.article_id IS NOT NULL AS is_below
FROM members
LEFT JOIN members AS original ON original.article_id = members.original_id
ORDER BY coalesce(original.dated, members.dated), coalesce(original.article_id, members.article_id), is_below, members.dated, members.article_id
