-- grain: one row per article, with the story that it belongs to
-- column change: how it came to this story: started (it is the first), joined, merged (its story became a part of this one) or split (its story was parted)
-- column from_story_id: the story it was in before; NULL unless change is merged or split
-- column since: when it came to this story
SELECT
    story_id, placed.change AS change, placed.from_story_id AS from_story_id, placed.ingested_at AS since,
    article_id, version, title, outlet, agency, published_at, ingested_at, language, canonical_url
FROM (
    SELECT
        article_id, key, arg_max(story_id, batch) AS story_id,
        arg_max({'change': change, 'from_story_id': from_story_id, 'ingested_at': ingested_at}, batch) AS placed
    FROM base.links
    WHERE kind = 'story'
    GROUP BY article_id, key
)
JOIN articles USING (article_id, key)
