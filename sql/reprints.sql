-- grain: one row per article that is a copy of another one, with the original that its chain of copies leads to
-- A finding holds for the version that it was made of, the latest finding first. A chain is as long as there are copies of
-- which only a copy of the original is much alike; UNION ends it even if findings should ever lead in a circle.
-- column kind: reprint (the article has half of the original or more) or excerpt (a smaller part of it)
-- column original_id: the article at the head of the chain, which is no copy
-- column original_outlet: its outlet
-- column original_title: its headline
-- column original_published_at: when it was published
-- column copied_from: the article that this one was compared with: the original, or another copy of it
-- column delay_hours: hours from the original's publication to this one's; NULL where the time of day or its offset from UTC is unknown of either
-- column is_same_outlet: whether the original is the same outlet's
-- column outlets: outlets that carry the text, with the original's
-- column similarity: Jaccard similarity of the word shingles of this article and copied_from, 0 to 1
-- column contained: part of this article's shingles that copied_from has, 0 to 1
WITH RECURSIVE found AS MATERIALIZED (
    SELECT article_id, original_id AS copied_from, kind, similarity, contained, direction_from, evidence
    FROM base.links
    SEMI JOIN articles USING (key, article_id, version)
    WHERE kind IN ('reprint', 'excerpt')
    QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY batch DESC) = 1
),
chain AS (
    SELECT article_id, copied_from AS above
    FROM found
    UNION
    SELECT chain.article_id, found.copied_from AS above
    FROM chain
    JOIN found ON found.article_id = chain.above
),
heads AS (
    SELECT article_id, above AS original_id
    FROM chain
    ANTI JOIN found ON found.article_id = chain.above
)
SELECT
    found.article_id, kind, copy.outlet, copy.title, copy.published_at, copy.canonical_url, copy.agency,
    original_id, original.outlet AS original_outlet, original.title AS original_title,
    original.published_at AS original_published_at,
    CASE WHEN copy.published_precision IN ('hour', 'minute', 'second') AND copy.published_offset IS NOT NULL
            AND original.published_precision IN ('hour', 'minute', 'second') AND original.published_offset IS NOT NULL
        THEN round((epoch(copy.published_at) - epoch(original.published_at)) / 3600, 2)
    END AS delay_hours,
    coalesce(copy.outlet = original.outlet, false) AS is_same_outlet,
    list_sort(list_distinct(list_append(list(copy.outlet) OVER (PARTITION BY original_id), original.outlet))) AS outlets,
    copied_from, similarity, contained, direction_from, evidence
FROM found
JOIN heads USING (article_id)
JOIN articles AS copy USING (article_id)
LEFT JOIN articles AS original ON original.article_id = heads.original_id
