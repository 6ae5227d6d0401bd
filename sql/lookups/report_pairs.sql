-- grain: one row per outlet that copied, and outlet that it copied from, among the fourteen that did so most
WITH pairs AS (
    SELECT outlet, original_outlet, count(*) AS copies
    FROM copied
    WHERE outlet <> original_outlet
    GROUP BY ALL
),
most AS (
    SELECT outlet, row_number() OVER (ORDER BY sum(copies) DESC, outlet) AS place
    FROM (
        SELECT outlet, copies FROM pairs
        UNION ALL
        SELECT original_outlet, copies FROM pairs
    )
    GROUP BY outlet
    QUALIFY place <= 14
)
SELECT pairs.outlet, original_outlet, copies, most.place, original.place AS original_place
FROM pairs
JOIN most USING (outlet)
JOIN most AS original ON original.outlet = original_outlet
ORDER BY copies DESC, pairs.outlet, original_outlet
