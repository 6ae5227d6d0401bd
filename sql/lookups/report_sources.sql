-- grain: one row per source that took anything in from $since to before $until (UTC days), or should have; those with
-- most gaps first
SELECT
    source_id,
    coalesce(brought.new, 0) AS new,
    coalesce(brought.new_versions, 0) AS new_versions,
    coalesce(brought.refused, 0) AS refused,
    coalesce(brought.days, []) AS days,
    coalesce(missed.gaps, []) AS gaps
FROM (
    SELECT
        source_id,
        sum(new)::BIGINT AS new,
        sum(new_versions)::BIGINT AS new_versions,
        sum(refused)::BIGINT AS refused,
        list({'day': day, 'new': new} ORDER BY day) AS days
    FROM coverage
    WHERE day >= $since AND day < $until
    GROUP BY source_id
) AS brought
FULL JOIN (
    SELECT source_id, list({'day': day, 'kind': kind, 'detail': detail} ORDER BY day) AS gaps
    FROM gaps
    WHERE day >= $since AND day < $until
    GROUP BY source_id
) AS missed USING (source_id)
ORDER BY len(missed.gaps) DESC NULLS LAST, brought.new DESC NULLS LAST, source_id
