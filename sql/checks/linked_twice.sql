-- grain: one row per article version, or quotation or name in it, that linking has put down more than once
-- check: fail
-- means: article versions, quotations or names that were linked more than once; newslake relink links all anew
-- when: run
SELECT 'signatures' AS in_table, article_id, version, '' AS what, count(*) AS rows
FROM base.signatures
WHERE batch > $since
GROUP BY ALL
HAVING count(*) > 1
UNION ALL
SELECT 'utterances', article_id, version, place::VARCHAR, count(*)
FROM base.utterances
WHERE batch > $since
GROUP BY ALL
HAVING count(*) > 1
UNION ALL
SELECT 'mentions', article_id, version, kind || ' ' || name_id, count(*)
FROM base.mentions
WHERE batch > $since
GROUP BY ALL
HAVING count(*) > 1
UNION ALL
SELECT 'links', article_id, version, kind, count(*)
FROM base.links
WHERE batch > $since AND change IN ('started', 'joined')
GROUP BY ALL
HAVING count(*) > 1
