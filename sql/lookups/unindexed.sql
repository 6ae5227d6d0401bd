-- grain: one row per article version of the batches after $indexed up to $end, in the order of documents
-- A version that has a number already keeps it. Where none has, the order is any, but the same each time.
SELECT
    d.document, a.key, a.version, a.article_id, a.published_at, a.outlet, a.title, a.subtitle, a.text,
    a.canonical_url, a.url, a.run_id, a.batch, a.ingested_at, a.month
FROM base.articles AS a
LEFT JOIN (SELECT document, key, version FROM base.documents WHERE batch > $indexed AND batch <= $end) AS d
    USING (key, version)
WHERE a.batch > $indexed AND a.batch <= $end
ORDER BY d.document, a.batch, a.key, a.version
