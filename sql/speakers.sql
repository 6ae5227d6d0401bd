-- grain: one row per speaker whom the newest versions of articles quote
-- column speaker: the most frequent spelling of the name
-- column spellings: all spellings of it
-- column role: office or title that articles put beside the name most often
-- column quotes: quotations
-- column utterances: different utterances among them
-- column articles: articles that quote the speaker
-- column outlets: publications of these articles, by name
-- column first_seen: when the first of them was published, or taken in where that is unknown
-- column last_seen: when the last dated one was; where none has a date, when the last was taken in
SELECT speaker, spellings, role, quotes, utterances, articles, outlets, first_seen, last_seen, speaker_id
FROM (
    SELECT
        speaker_id,
        arg_max(speaker, row(n, speaker)) AS speaker,
        list_sort(list(DISTINCT speaker)) AS spellings,
        count(*) AS quotes,
        count(DISTINCT utterance_id) AS utterances,
        count(DISTINCT article_id) AS articles,
        coalesce(list_sort(list(DISTINCT outlet) FILTER (outlet IS NOT NULL)), []) AS outlets,
        min(coalesce(published_at, ingested_at)) AS first_seen,
        coalesce(max(published_at), max(ingested_at)) AS last_seen
    FROM (
        SELECT u.*, count(*) OVER (PARTITION BY speaker_id, speaker) AS n
        FROM base.utterances AS u
        SEMI JOIN articles USING (key, article_id, version)
        WHERE speaker_id IS NOT NULL
    )
    GROUP BY speaker_id
)
LEFT JOIN (
    SELECT name_id AS speaker_id, arg_max(role, row(n, role)) AS role
    FROM (
        SELECT name_id, role, count(*) AS n
        FROM mentions
        WHERE role IS NOT NULL
        GROUP BY ALL
    )
    GROUP BY name_id
) USING (speaker_id)
