-- grain: one row per entry of the watchlist and article whose newest version names it
-- column entry: name of the watchlist's entry
-- column context: the text around the first mention; NULL where only the headline names it
SELECT
    m.name AS entry,
    m.mentions,
    m.as_written,
    CASE WHEN m.start IS NOT NULL THEN substr(a.text, greatest(m.start - 80, 0) + 1, 200) END AS context,
    m.start,
    a.article_id, a.version, a.title, a.outlet, a.published_at, a.canonical_url
FROM base.mentions AS m
JOIN articles AS a USING (key, article_id, version)
WHERE m.kind = 'watched'
