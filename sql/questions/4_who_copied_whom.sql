-- Who carries whose texts, and how soon? Where nothing tells who was first, the lake had the original first.
SELECT
    original_outlet AS original,
    outlet AS copied_by,
    count(*) AS texts,
    count(direction_from) AS with_known_order,
    round(median(delay_hours) * 60)::INTEGER AS minutes_later
FROM reprints
WHERE NOT is_same_outlet
GROUP BY ALL
ORDER BY texts DESC, original, copied_by
