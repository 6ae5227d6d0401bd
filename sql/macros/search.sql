-- grain: one row per article that search('…') finds, in its newest version, best first
-- column score: BM25: rare words count more than frequent ones, and the same words more in a short text
-- column snippet: the part of the article's opening, or for a phrase of its text, where most of the words stand, those in **
-- column url: the article's own address; where unknown, the one it was taken from
-- Words are separated by white space. "A phrase" in quotation marks, minist* for all words that begin so.
-- An article has at least one of the words, with conjunctive := true all of them, and always each phrase.
-- Words that are several terms, such as Jean-Paul or 東京都, are found where the terms stand side by side.
-- since and until (not included) bound published_at, or where that is unknown the time of ingestion.
-- Of scripts without spaces, each character counts for a word of a snippet of 40.
-- Phrases are looked for in those 200 articles where they are likely and that score best.
CREATE MACRO search(query, since := NULL, until := NULL, "limit" := 20, conjunctive := false) AS TABLE
WITH clauses AS MATERIALIZED (
    SELECT unnest(asks, recursive := true), generate_subscripts(asks, 1) AS clause FROM (SELECT asked(query) AS asks)
),
slots AS MATERIALIZED (
    SELECT
        clause, len(terms) AS together, generate_subscripts(terms, 1) AS slot, unnest(terms) AS term,
        begins AND generate_subscripts(terms, 1) = len(terms) AS begins
    FROM clauses
),
-- All words that begin so are between these; nothing is, and is read, where none is asked for.
span AS (
    SELECT coalesce(min(term), chr(1114111)) AS low, coalesce(max(term), '') || chr(1114111) AS high
    FROM slots
    WHERE begins
),
found AS (
    SELECT clause, together, slot, document, frequency, places, length
    FROM base.postings
    JOIN slots USING (term)
    WHERE NOT begins
    UNION ALL
    SELECT
        clause, together, slot, document,
        sum(frequency)::INTEGER AS frequency, bit_or(places) AS places, any_value(length) AS length
    FROM (
        SELECT term, document, frequency, places, length
        FROM base.postings
        JOIN span ON term >= low AND term < high
    ) AS begun
    JOIN slots ON begins AND starts_with(begun.term, slots.term)
    GROUP BY clause, together, slot, document
),
matched AS MATERIALIZED (
    SELECT clause, document, frequency, length
    FROM found
    WHERE together = 1
    UNION ALL
    SELECT clause, document, min(frequency) AS frequency, any_value(length) AS length
    FROM found
    WHERE together > 1
    GROUP BY clause, together, document
    HAVING count(*) = any_value(together) AND list_reduce(
        list(places::INTEGER & 65535 ORDER BY slot),
        lambda before, here: (((before << 1) | (before >> 15)) & 65535) & here
    ) <> 0
),
weights AS (
    SELECT clause, quoted, asked, asked_quoted, typical, ln(1 + (total - holding + 0.5) / (holding + 0.5)) AS weight
    FROM (SELECT clause, count(*) AS holding FROM matched GROUP BY clause)
    JOIN (
        SELECT clause, quoted, count(*) OVER () AS asked, count(*) FILTER (quoted) OVER () AS asked_quoted FROM clauses
    ) USING (clause)
    CROSS JOIN (SELECT count(*) AS total, avg(words) AS typical FROM base.documents)
),
-- Out of bounds, or superseded.
outside AS (
    SELECT document
    FROM base.documents
    WHERE coalesce(published_at, ingested_at) < since::TIMESTAMPTZ
        OR coalesce(published_at, ingested_at) >= until::TIMESTAMPTZ
    UNION ALL
    SELECT document
    FROM base.documents
    JOIN (SELECT key, (version - 1)::INTEGER AS version FROM base.documents WHERE version > 1) USING (key, version)
),
scored AS MATERIALIZED (
    SELECT document, sum(
        weight * frequency * 2.2
        / (frequency + 1.2 * (0.25 + 0.75 * coalesce(pow(2, length / 4) / typical, 1)))
    ) AS score
    FROM matched
    JOIN weights USING (clause)
    ANTI JOIN outside USING (document)
    GROUP BY document
    HAVING (NOT conjunctive OR count(*) = any_value(asked)) AND count(*) FILTER (quoted) = any_value(asked_quoted)
    ORDER BY score DESC, document DESC
    LIMIT CASE WHEN contains(query, '"') THEN greatest(200, "limit") ELSE "limit" END
),
best AS MATERIALIZED (
    SELECT
        document, score, shown[1] AS article_id, shown[2] AS title, shown[3] AS outlet, shown[4] AS url,
        shown[5] AS opening, shown[6]::BIGINT AS key, shown[7]::INTEGER AS version, shown[8]::TIMESTAMPTZ AS published_at
    FROM base.excerpts
    JOIN scored USING (document)
),
-- Texts are far apart in their files, and read only where a phrase is asked for.
texts AS (
    SELECT key, version, text, ' ' || array_to_string(tokens(concat_ws(' ', title, subtitle, text)), ' ') || ' ' AS said
    FROM base.articles
    SEMI JOIN best USING (key, version)
    WHERE contains(query, '"')
),
results AS MATERIALIZED (
    SELECT * EXCLUDE (text, opening, said, phrases), coalesce(text, opening) AS passage
    FROM best
    LEFT JOIN texts USING (key, version)
    CROSS JOIN (
        SELECT coalesce(list(
            ' ' || array_to_string(terms, ' ') || CASE WHEN begins THEN '' ELSE ' ' END
        ) FILTER (quoted), []) AS phrases
        FROM clauses
    )
    WHERE len(list_filter(phrases, lambda phrase: contains(said, phrase) IS NOT TRUE)) = 0
    ORDER BY score DESC, document DESC
    LIMIT "limit"
),
-- A word and the white space before it, or a character of a script without spaces.
pieces AS (
    SELECT document, piece, place, CASE
        WHEN is_unspaced(trim(piece)) THEN [
            coalesce(trim(lag(piece) OVER around), '') || trim(piece),
            trim(piece) || coalesce(trim(lead(piece) OVER around), '')
        ]
        ELSE tokens(piece)
    END AS made
    FROM (
        SELECT document, unnest(parts) AS piece, generate_subscripts(parts, 1) AS place
        FROM (
            SELECT document, regexp_extract_all(
                passage,
                '\s*(?:[\p{Han}\p{Hiragana}\p{Katakana}\x{30FC}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]'
                || '|[^\s\p{Han}\p{Hiragana}\p{Katakana}\x{30FC}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]+)'
            ) AS parts
            FROM results
        )
    )
    WINDOW around AS (PARTITION BY document ORDER BY place)
),
marked AS MATERIALIZED (
    SELECT *, sum(hit::INTEGER) OVER (
        PARTITION BY document ORDER BY place ROWS BETWEEN CURRENT ROW AND 34 FOLLOWING
    ) AS near
    FROM (
        SELECT document, piece, place, list_has_any(made, words)
            OR list_bool_or(list_transform(beginnings, lambda word: starts_with(coalesce(made[1], ''), word))) IS TRUE AS hit
        FROM pieces
        CROSS JOIN (
            SELECT list(term) AS words, coalesce(list(term) FILTER (begins), []) AS beginnings
            FROM slots
        )
    )
),
-- The classes of what is no letter, mark or digit are compiled in half the time.
snippets AS (
    SELECT document, replace(trim(regexp_replace(string_agg(CASE
        WHEN hit THEN regexp_replace(piece, '([^\pP\pS\pZ\pC](?:.*[^\pP\pS\pZ\pC])?)', '**\1**')
        ELSE piece
    END, '' ORDER BY place), '\s+', ' ', 'g')), '****', '') AS snippet
    FROM marked
    JOIN (SELECT document, arg_max(place, (near, -place)) AS first FROM marked GROUP BY document) USING (document)
    WHERE place BETWEEN first - 5 AND first + 34
    GROUP BY document
)
SELECT article_id, score, title, outlet, published_at, snippet, url
FROM results
LEFT JOIN snippets USING (document)
ORDER BY score DESC, document DESC
