-- grain: one row per source that is asked or has brought something since $since (UTC day), with what came of it
SELECT
    source_id, name, enabled, health, last_success, last_new, next_poll, error,
    coalesce(brought.new, 0) AS new,
    coalesce(brought.new_versions, 0) AS new_versions,
    coalesce(brought.unchanged, 0) AS unchanged,
    coalesce(brought.refused, 0) AS refused,
    brought.expected
FROM sources
FULL JOIN (
    SELECT
        source_id,
        sum(new)::BIGINT AS new,
        sum(new_versions)::BIGINT AS new_versions,
        sum(unchanged)::BIGINT AS unchanged,
        sum(refused)::BIGINT AS refused,
        arg_max(expected, day) AS expected
    FROM coverage
    WHERE day >= $since
    GROUP BY source_id
) AS brought USING (source_id)
ORDER BY new DESC, source_id
