-- grain: one row per utterance: the same words of the same speaker, quoted by any number of articles
-- column quote: the longest form in which an article has it
-- column speaker: who said it, by the name that most of the articles give; NULL where none tells it for certain
-- column first_seen: when the first article that has it was published, or taken in where that is unknown
-- column articles: articles whose newest version has it
-- column outlets: publications of these articles, by name
-- column article_ids: these articles
-- Several names are told apart by how often they stand: a fuller one goes before a more frequent surname alone.
SELECT
    arg_max(quote, row(words, length(quote), quote)) AS quote,
    arg_max(speaker, row(parts, n, speaker)) AS speaker,
    arg_max(speaker_id, row(parts, n, speaker)) AS speaker_id,
    min(coalesce(published_at, ingested_at)) AS first_seen,
    count(DISTINCT article_id) AS articles,
    coalesce(list_sort(list(DISTINCT outlet) FILTER (outlet IS NOT NULL)), []) AS outlets,
    list_sort(list(DISTINCT article_id)) AS article_ids,
    utterance_id
FROM (
    SELECT
        u.*,
        least(2, length(speaker) - length(replace(speaker, ' ', ''))) AS parts,
        count(*) OVER (PARTITION BY utterance_id, speaker) AS n
    FROM base.utterances AS u
    SEMI JOIN articles USING (key, article_id, version)
)
GROUP BY utterance_id
