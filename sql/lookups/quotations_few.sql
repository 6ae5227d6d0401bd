-- grain: one row: whether the lake has fewer than $many quotations
SELECT count(*) < $many AS few
FROM (SELECT 1 FROM base.utterances LIMIT $many)
