-- Who published what, when, and how do we know?
SELECT
    outlet, title, strftime(published_at, '%d %b %Y') AS published, published_from AS "from", agency, version
FROM articles
ORDER BY published_at NULLS LAST, outlet
