-- grain: one row per article version that an outlet changed from the version before
-- What another extractor made of the same bytes is no edit. Which articles changed is found before texts are read.
-- column outlet: publication that carries the article
-- column url: the article's own address; where unknown, the one that the version was taken from
-- column published_at: when it was published, as the version before states it
-- column title_before: headline of the version before
-- column title_after: headline of this version
-- column subtitle_before: subtitle or standfirst of the version before
-- column subtitle_after: subtitle or standfirst of this version
-- column authors_before: people named in the byline of the version before
-- column authors_after: people named in the byline of this version
-- column paragraphs_added: paragraphs that are new, in their order
-- column paragraphs_removed: paragraphs that are gone, in their order
-- column paragraphs_changed: paragraphs before and after, of which each is the other's likest and at least half of the terms (see tokens) are in both
-- column quotes_gained: quotations that the version before had not in these words, names and ironic terms left out
-- column quotes_lost: quotations that this version has no more in these words
-- column corrections_added: notes of a correction or an update that the version before had not; NULL where that cannot be known
-- column words_before: words in the text of the version before
-- column words_after: words in the text of this version
-- column hours_since_publication: from published_at to seen_before; NULL where the time of day, its offset from UTC, or when the version was captured is not known
-- column seen_after: when the article was last seen before it changed; NULL where unknown, as of plain files
-- column seen_before: when the change was seen: it happened between the two; NULL where unknown
-- column is_silent: whether neither a later modified date nor a new note (see corrections in articles) tells readers of the change; NULL where that cannot be known
-- column extractor_changed: whether another extractor read the version before: some of the differences may be its own
WITH successors AS MATERIALIZED (
    SELECT later.key, later.article_id, later.version, later.capture_id, earlier.capture_id AS capture_before
    FROM article_versions AS later
    JOIN article_versions AS earlier
        ON earlier.key = later.key AND earlier.version = later.version - 1 AND earlier.article_id = later.article_id
    WHERE later.version > 1 AND later.capture_id <> earlier.capture_id
),
-- A file that was no server's answer does not say when it was taken: it was only read then.
captured AS MATERIALIZED (
    SELECT
        capture_id, body_hash, given,
        CASE WHEN status IS NOT NULL OR regexp_matches(location, '^https?:') THEN fetched_at END AS at
    FROM captures
    SEMI JOIN (SELECT capture_id FROM successors UNION SELECT capture_before FROM successors) AS made
        USING (capture_id)
),
seen AS MATERIALIZED (
    SELECT article_id, fetched_at AS at
    FROM captures
    SEMI JOIN successors USING (article_id)
    WHERE kind = 'article' OR (kind IS NULL AND status IS NOT NULL)
),
changed AS MATERIALIZED (
    SELECT
        successors.key, successors.article_id, successors.version, later.at AS seen_before,
        CASE WHEN earlier.at < later.at THEN greatest(earlier.at, max(seen.at) FILTER (seen.at < later.at)) END
            AS seen_after
    FROM successors
    LEFT JOIN captured AS later ON later.capture_id = successors.capture_id
    LEFT JOIN captured AS earlier ON earlier.capture_id = successors.capture_before
    LEFT JOIN seen ON seen.article_id = successors.article_id
    WHERE later.body_hash IS NULL OR later.body_hash IS DISTINCT FROM earlier.body_hash
        OR later.given IS DISTINCT FROM earlier.given
    GROUP BY successors.key, successors.article_id, successors.version, later.at, earlier.at
),
texts AS MATERIALIZED (
    SELECT
        edit, version, article_id, outlet, url, canonical_url, title, subtitle, authors, published_at,
        published_offset, published_precision, modified_at, word_count, text, corrections, extractor_version,
        list_transform(list_filter(quotes, lambda one: one.kind <> 'scare'), lambda one: one.text) AS said
    FROM article_versions
    JOIN (SELECT key, version AS edit, unnest([version - 1, version]) AS version FROM changed) AS edited
        USING (key, version)
),
-- Paragraphs that only one of two versions has, or has once more. What only moved is in both.
differing AS MATERIALIZED (
    SELECT article_id, edit, version = edit AS is_new, place, paragraph
    FROM (
        SELECT *, row_number() OVER (PARTITION BY article_id, edit, version, paragraph ORDER BY place) AS nth
        FROM (
            SELECT
                article_id, edit, version,
                unnest(string_split(text, E'\n\n')) AS paragraph,
                generate_subscripts(string_split(text, E'\n\n'), 1) AS place
            FROM texts
        )
    )
    QUALIFY count(*) OVER (PARTITION BY article_id, edit, paragraph, nth) = 1
),
terms AS MATERIALIZED (
    SELECT article_id, edit, is_new, place, len(found) AS size, unnest(found) AS term
    FROM (SELECT *, list_distinct(tokens(paragraph)) AS found FROM differing)
),
-- By Dice's coefficient.
alike AS MATERIALIZED (
    SELECT
        article_id, edit, earlier.place AS old_place, later.place AS new_place,
        2 * count(*) / any_value(earlier.size + later.size) AS likeness
    FROM (FROM terms WHERE NOT is_new) AS earlier
    JOIN (FROM terms WHERE is_new) AS later USING (article_id, edit, term)
    GROUP BY ALL
    HAVING likeness >= 0.5
),
paired AS MATERIALIZED (
    SELECT article_id, edit, old_place, new_place
    FROM alike
    QUALIFY row_number() OVER (PARTITION BY article_id, edit, old_place ORDER BY likeness DESC, old_place, new_place) = 1
        AND row_number() OVER (PARTITION BY article_id, edit, new_place ORDER BY likeness DESC, old_place, new_place) = 1
),
rewritten AS MATERIALIZED (
    SELECT
        article_id, edit,
        list({'before': earlier.paragraph, 'after': later.paragraph} ORDER BY new_place) AS paragraphs_changed
    FROM paired
    JOIN (FROM differing WHERE NOT is_new) AS earlier USING (article_id, edit)
    JOIN (FROM differing WHERE is_new) AS later USING (article_id, edit)
    WHERE earlier.place = old_place AND later.place = new_place
    GROUP BY ALL
),
compared AS MATERIALIZED (
    SELECT
        article_id, edit,
        list(paragraph ORDER BY place) FILTER (is_new AND old_place IS NULL) AS paragraphs_added,
        list(paragraph ORDER BY place) FILTER (NOT is_new AND old_place IS NULL) AS paragraphs_removed
    FROM differing
    LEFT JOIN (
        SELECT article_id, edit, unnest([false, true]) AS is_new, unnest([old_place, new_place]) AS place, old_place
        FROM paired
    ) AS known USING (article_id, edit, is_new, place)
    GROUP BY ALL
)
SELECT
    later.article_id, later.version, later.outlet, coalesce(later.canonical_url, later.url) AS url,
    earlier.published_at,
    earlier.title AS title_before, later.title AS title_after,
    earlier.subtitle AS subtitle_before, later.subtitle AS subtitle_after,
    earlier.authors AS authors_before, later.authors AS authors_after,
    coalesce(paragraphs_added, []) AS paragraphs_added,
    coalesce(paragraphs_removed, []) AS paragraphs_removed,
    coalesce(paragraphs_changed, []) AS paragraphs_changed,
    list_filter(later.said, lambda one: NOT list_contains(earlier.said, one)) AS quotes_gained,
    list_filter(earlier.said, lambda one: NOT list_contains(later.said, one)) AS quotes_lost,
    CASE WHEN earlier.corrections IS NOT NULL
        THEN list_filter(later.corrections, lambda one: NOT list_contains(earlier.corrections, one))
    END AS corrections_added,
    earlier.word_count AS words_before, later.word_count AS words_after,
    CASE WHEN earlier.published_precision IN ('hour', 'minute', 'second') AND earlier.published_offset IS NOT NULL
        THEN round((epoch(seen_before) - epoch(earlier.published_at)) / 3600, 2)
    END AS hours_since_publication,
    seen_after, seen_before,
    NOT (
        CASE
            WHEN later.modified_at IS NULL THEN false
            -- Of two equal dates without a time of day, the later may be of another hour of that day.
            WHEN later.modified_at = earlier.modified_at AND epoch(later.modified_at) % 86_400 = 0 THEN NULL
            WHEN earlier.modified_at IS NOT NULL THEN later.modified_at > earlier.modified_at
            WHEN later.modified_at > seen_after THEN true
            -- It may be local time, or no more than a day.
            WHEN later.modified_at < seen_after - INTERVAL 1 DAY THEN false
        END
        -- Without the corrections of the version before, any of this one may have been there.
        OR CASE WHEN len(later.corrections) = 0 THEN false ELSE len(corrections_added) > 0 END
    ) AS is_silent,
    earlier.extractor_version <> later.extractor_version AS extractor_changed
FROM changed
JOIN texts AS later
    ON later.article_id = changed.article_id AND later.edit = changed.version AND later.version = later.edit
JOIN texts AS earlier
    ON earlier.article_id = changed.article_id AND earlier.edit = changed.version AND earlier.version < earlier.edit
LEFT JOIN compared ON compared.article_id = later.article_id AND compared.edit = later.edit
LEFT JOIN rewritten ON rewritten.article_id = later.article_id AND rewritten.edit = later.edit
