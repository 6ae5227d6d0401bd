-- grain: one row per story, be it of a single article
-- column title: the headline that stands for it best: that of the article which is most like all others
-- column terms: what tells it from other stories, heaviest first; NULL where it is of a single article
-- column people: people that most of its articles name, five at most
-- column places: places that most of its articles name, five at most
-- column articles: articles in it
-- column outlets: publications that carry them
-- column began_at: when its first article was published; taken in, where that is unknown
-- column last_at: when its last dated article was published; where none has a date, when the last was taken in
-- column follows: the earlier story, silent for ten days or more, that it takes up again
-- What has no date was published before it was taken in: that may bound a story's beginning, but says nothing of its end.
WITH members AS (
    SELECT
        story_id, count(*) AS articles, count(DISTINCT outlet) AS outlets,
        min(coalesce(published_at, ingested_at)) AS began_at, coalesce(max(published_at), max(ingested_at)) AS last_at,
        map(list(article_id), list(title)) AS titles, arg_min(article_id, coalesce(published_at, ingested_at)) AS first_id
    FROM story_articles
    GROUP BY story_id
),
told AS (
    SELECT
        story_id, arg_max(terms, batch) AS terms, arg_max(central_id, batch) AS central_id, max(follows) AS follows
    FROM base.stories
    GROUP BY story_id
),
named AS (
    SELECT story_id, kind, mode(name) AS name, count(*) AS articles
    FROM base.mentions
    JOIN story_articles USING (article_id, version)
    WHERE kind IN ('person', 'place')
    GROUP BY story_id, kind, name_id
),
names AS (
    SELECT
        story_id,
        list(name ORDER BY articles DESC, name) FILTER (kind = 'person')[:5] AS people,
        list(name ORDER BY articles DESC, name) FILTER (kind = 'place')[:5] AS places
    FROM named
    GROUP BY story_id
)
SELECT
    story_id,
    coalesce(titles[central_id], titles[first_id]) AS title,
    terms,
    coalesce(people, []) AS people,
    coalesce(places, []) AS places,
    articles,
    outlets,
    began_at,
    members.last_at AS last_at,
    follows
FROM members
LEFT JOIN told USING (story_id)
LEFT JOIN names USING (story_id)
