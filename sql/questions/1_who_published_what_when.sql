-- Who published what of late, when, and how do we know?
SELECT outlet, left(title, 52) AS title, strftime(published_at, '%d %b') AS published, published_from AS "from", agency
FROM articles
ORDER BY published_at DESC NULLS LAST, outlet
LIMIT 15
