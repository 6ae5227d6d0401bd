-- grain: one row per day on which timeline('story_id') has an article, in order
-- column day: the day of publication, in UTC; of ingestion, where that is unknown
-- column articles: articles of that day
-- column outlets: publications that carry them
-- column new_quotes: utterances that no article of the story had on a day before
-- column largest_reprint: articles of that day that carry one and the same text, most of any; 0 where no text was reprinted
-- A story's days: how many wrote about it, what was newly said, and how much of it was one text.
CREATE MACRO timeline(story) AS TABLE
WITH members AS MATERIALIZED (
    SELECT article_id, version, outlet, (coalesce(published_at, ingested_at) AT TIME ZONE 'UTC')::DATE AS day
    FROM story_articles
    WHERE story_id = story
),
said AS (
    SELECT day, count(*) AS new_quotes
    FROM (
        SELECT min(day) AS day
        FROM base.utterances
        JOIN members USING (article_id, version)
        GROUP BY utterance_id
    )
    GROUP BY day
),
texts AS (
    SELECT article_id, arg_max(original_id, batch) AS original_id
    FROM base.links
    SEMI JOIN members USING (article_id)
    WHERE kind = 'reprint'
    GROUP BY article_id
),
copies AS (
    SELECT day, max(carried) AS largest_reprint
    FROM (
        SELECT day, count(*) AS carried, bool_or(original_id IS NOT NULL) AS reprinted
        FROM members
        LEFT JOIN texts USING (article_id)
        GROUP BY day, coalesce(original_id, article_id)
    )
    WHERE reprinted
    GROUP BY day
)
SELECT
    day, count(*) AS articles, count(DISTINCT outlet) AS outlets,
    coalesce(any_value(new_quotes), 0) AS new_quotes,
    coalesce(any_value(largest_reprint), 0) AS largest_reprint
FROM members
LEFT JOIN said USING (day)
LEFT JOIN copies USING (day)
GROUP BY day
ORDER BY day
